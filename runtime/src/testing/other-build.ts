import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scratch } from "./server.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A build in a folder of its own, to be started beside this one. */
export type OtherBuild = { readonly bin: string; dispose(): void };

/**
 * A copy of the built server in which one file says something else.
 * @param file below `runtime/dist`
 * @throws Error `from` does not stand there once
 */
export function changedBuild(file: string, from: string, to: string): OtherBuild {
  const folder = scratch();
  const runtime = join(folder.path, "runtime");
  for (const part of ["bin", "dist", "package.json"]) {
    cpSync(join(ROOT, "runtime", part), join(runtime, part), { recursive: true });
  }
  for (const room of ["shared", "widget", "studio"]) symlinkSync(join(ROOT, room), join(folder.path, room));
  linkPackages(folder.path);
  const path = join(runtime, "dist", file);
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in ${file}`);
  writeFileSync(path, parts.join(to));
  return { bin: join(runtime, "bin/parley.js"), dispose: folder.dispose };
}

/** The commit of the build that has to work beside this one: from before hand-overs to people. */
const OLDER = "e2a1b3f";

/** Why the older build cannot be had here; empty where it can. */
export function noOlderBuild(): string {
  const { status } = spawnSync("git", ["cat-file", "-e", `${OLDER}^{commit}`], { cwd: ROOT });
  return status === 0 ? "" : ` (the history of this clone does not reach back to ${OLDER})`;
}

/** The older build, from the history, without a look at its types. Its packages are those of now. */
export function olderBuild(): OtherBuild {
  const folder = scratch();
  const tar = join(folder.path, "older.tar");
  const rooms = ["shared", "runtime"].flatMap((room) => [`${room}/src`, `${room}/package.json`]);
  run("git", ["archive", "-o", tar, OLDER, "runtime/bin", ...rooms]);
  run("tar", ["-xf", tar, "-C", folder.path]);
  for (const room of ["shared", "runtime"]) {
    const src = join(folder.path, room, "src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.(test|contract)\.ts$|^testing/.test(file))
      .map((file) => join(src, file));
    const to = ["--format=esm", "--platform=node", "--target=node20", `--outbase=${src}`, "--log-level=warning"];
    run(join(ROOT, "node_modules/.bin/esbuild"), [...files, ...to, `--outdir=${join(folder.path, room, "dist")}`]);
  }
  for (const room of ["widget", "studio"]) symlinkSync(join(ROOT, room), join(folder.path, room));
  linkPackages(folder.path);
  return { bin: join(folder.path, "runtime/bin/parley.js"), dispose: folder.dispose };
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}

/** The packages of this one, beside `shared` of the folder itself. */
function linkPackages(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, "@parley"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name !== "@parley") symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  }
  symlinkSync(join(folder, "shared"), join(packages, "@parley/shared"));
}

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

/** The packages of this one, beside `shared` of the folder itself. */
function linkPackages(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, "@parley"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name !== "@parley") symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  }
  symlinkSync(join(folder, "shared"), join(packages, "@parley/shared"));
}

// No container is built here. What can be shown without one is: every line of the Dockerfile that runs something runs,
// as a plain user, in nothing but what git has, with no environment but the image's own.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildImage, ignoring, read, readDockerfile } from "./deploy/dockerfile.mjs";
import { ensureInstalled, ROOT } from "./prepare.mjs";

const stages = readDockerfile(read(path.join(ROOT, "Dockerfile")));
/** Root takes the image's user; anybody else is a plain user already. */
const uid = process.getuid?.() === 0 ? 1000 : undefined;
const user = uid === undefined ? {} : { uid, gid: uid };
const WORKSPACES = JSON.parse(read(path.join(ROOT, "package.json"))).workspaces;
/** Longer than any of it takes on a slow machine, in ms. */
const LIMIT = 240_000;

/** @param {import("node:test").TestContext} context */
function scratch(context) {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-image-"));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  // A plain user has to get in.
  chmodSync(folder, 0o755);
  return folder;
}

/** Why a plain user cannot run what this user runs, if so. */
function obstacle(folder) {
  const found = spawnSync(process.execPath, ["-e", "process.chdir(process.argv[1])", folder], { ...user });
  return found.status === 0 ? undefined : `a plain user cannot start ${process.execPath} in ${folder}`;
}

/** Nothing but the image's variables, their paths where the image's folder is; and what every container has. */
function environment({ folder, env }, home, more = {}) {
  const own = Object.entries(env).map(([name, value]) => [
    name,
    value.startsWith("/") ? path.join(folder, value) : value,
  ]);
  return { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, HOME: home, ...Object.fromEntries(own), ...more };
}

/** @returns {Promise<{ code: number | null, output: string }>} */
async function ended(command, { cwd, env }) {
  const child = spawn(command[0], command.slice(1), { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...user });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  return { code, output };
}

/** What git has, with what was changed and not yet committed. */
function archive(to) {
  const git = (...args) => spawnSync("git", args, { cwd: ROOT, maxBuffer: 1e9 });
  const changed = git("stash", "create").stdout?.toString().trim();
  const { status, stdout, stderr } = git("archive", changed || "HEAD");
  assert.equal(status, 0, `git archive: ${stderr}`);
  mkdirSync(to);
  const tar = spawnSync("tar", ["-x", "-C", to], { input: stdout });
  assert.equal(tar.status, 0, `tar: ${tar.stderr}`);
}

/** The same files under new folders, which belong to the plain user: it may remove what it likes, and change nothing. */
function linkTree(from, to) {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    // What the tools keep there is written again in its place.
    if (entry.name.startsWith(".parley-") || entry.name === ".vite") continue;
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else link(source, target);
  }
  if (uid !== undefined) chownSync(to, uid, uid);
}

function link(source, target) {
  try {
    if (path.basename(source) === ".package-lock.json") throw new Error("written in its place");
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
    if (uid !== undefined) chownSync(target, uid, uid);
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

test("the Dockerfile's lines run as a plain user, its server is healthy, and SIGTERM drains it", {
  timeout: LIMIT,
}, async (context) => {
  const to = scratch(context);
  const reason = obstacle(to);
  if (reason !== undefined) return context.skip(reason);
  await ensureInstalled();
  const home = path.join(to, "home");
  mkdirSync(home);
  if (uid !== undefined) chownSync(home, uid, uid);
  archive(path.join(to, "context"));

  const lines = [];
  const run = async (command, place) => {
    const env = environment(place, home);
    // The packages are those that are installed here: npm only says whether the manifests and the lock file that the
    // image has by now are enough and agree.
    const install = command[0] === "npm" && command[1] === "ci";
    const { code, output } = await ended(install ? [...command, "--dry-run", "--offline"] : command, { ...place, env });
    assert.equal(code, 0, `RUN ${command.join(" ")}\n${output}`);
    // npm passes over a room whose manifest is missing, and its packages would be missing with it.
    if (install)
      assert.deepEqual(
        WORKSPACES.filter((room) => !existsSync(path.join(place.cwd, room, "package.json"))),
        [],
      );
    if (install) linkTree(path.join(ROOT, "node_modules"), path.join(place.cwd, "node_modules"));
    lines.push(command.join(" "));
  };
  const ignore = read(path.join(ROOT, ".dockerignore"));
  const image = await buildImage(stages, { context: path.join(to, "context"), ignore, to, run, uid });
  assert.deepEqual(
    lines.map((line) => line.split(" ").slice(0, 2).join(" ")),
    ["npm ci", "node scripts/build.mjs", "npm pkg", "npm prune", "mkdir data"],
  );

  assert.deepEqual(
    ["typescript", "vite", "vitest", "@mantine/core", "esbuild"].filter((name) =>
      existsSync(path.join(image.cwd, "node_modules", name)),
    ),
    [],
    "what only builds and tests is not in the image",
  );

  const port = await freePort();
  // Everything else is as the image says; it would listen to other machines as well.
  const env = environment(image, home, { HOST: "127.0.0.1", PORT: String(port) });
  const healthy = () => ended(image.healthcheck, { ...image, env });
  const early = await healthy();
  assert.equal(early.code, 1);
  assert.match(early.output, /ECONNREFUSED/, "nothing listens yet");
  const [program, ...args] = [...image.entrypoint, ...image.command];
  const server = spawn(program, args, { cwd: image.cwd, env, stdio: ["ignore", "pipe", "pipe"], ...user });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => (output += chunk));
  const gone = once(server, "close");
  context.after(() => server.kill("SIGKILL"));
  for (let check = await healthy(); check.code !== 0; check = await healthy()) {
    assert.equal(server.exitCode, null, `CMD ended: ${output}`);
    assert.match(check.output, /ECONNREFUSED|503|aborted/, output);
    await delay(200);
  }
  for (const page of ["", "studio", "widget.js", "c/bot-assistant", "demo/flows.json"]) {
    assert.equal((await fetch(`http://127.0.0.1:${port}/${page}`)).status, 200, `/${page}`);
  }
  server.kill("SIGTERM");
  const [code, signal] = await gone;
  assert.equal(code, 0, `${signal}\n${output}`);
  assert.match(output, /"draining"/);
});

test("what git leaves out is not in the image either, and its packages are all where the last stage takes them from", () => {
  const ignored = ignoring(read(path.join(ROOT, ".dockerignore")));
  const files = ["node_modules/a/b.js", "studio/node_modules/c", "runtime/dist/main.js", "widget/dist/widget.js"];
  files.push("shared/dist/build.tsbuildinfo", "data/log.db", "e2e/results/a.png", "npm.log", ".parley/x", ".DS_Store");
  const { stdout } = spawnSync("git", ["check-ignore", "--no-index", ...files], { cwd: ROOT, encoding: "utf8" });
  assert.deepEqual(stdout.trim().split("\n"), files);
  assert.deepEqual(
    files.filter((file) => !ignored(file)),
    [],
  );
  assert.deepEqual([".git/config", "runtime/src/main.ts", "flows/faq.json"].map(ignored), [true, false, false]);
  // npm puts a package below the room that needs it where two rooms need two versions.
  const { packages } = JSON.parse(read(path.join(ROOT, "package-lock.json")));
  const below = Object.keys(packages).filter((place) => /^(runtime|shared)\/node_modules\//.test(place));
  assert.deepEqual(below, []);
});

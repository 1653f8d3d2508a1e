// Only Node's own modules here: this runs before anything is installed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { npm, run } from "./processes.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const INSTALLED = "node_modules/.parley-installed";
const BUILT = "node_modules/.parley-built";
const STUDIO_BUILT = "node_modules/.parley-studio-built";
const MINIMUM = [20, 19];
/** What a server and a page are built from. Rooms compiled by tsc come first, in the order they depend on each other. */
const COMPILED = ["shared", "runtime"];
const COMPRESS = "scripts/compress.mjs";
const SOURCES = ["shared/src", "runtime/src", "runtime/bin", "widget/src", "widget/demo", "widget/build.mjs", COMPRESS];
const CONFIGS = [".", ...COMPILED, "widget"];
/** The studio has a record of its own: it takes longest, and most changes are none of it. */
const STUDIO_SOURCES = [
  ...["shared/src", "studio/src", "studio/index.html", "studio/vite.config.ts"],
  ...["scripts/first-load.mjs", "scripts/unused-styles.mjs", COMPRESS],
];
const STUDIO_CONFIGS = [".", "studio"];
const STUDIO_OUTPUT = "studio/dist/index.html";

/** A reason to stop that is one sentence for a person; no stack is shown. */
export class PrepareError extends Error {
  name = "PrepareError";
}

/**
 * @param {string} version as in process.versions.node
 * @returns {string | undefined} what is wrong with it, or nothing
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return undefined;
  return `Parley needs Node ${MINIMUM.join(".")} or newer and this is ${version}: install a newer one from https://nodejs.org and run the command again.`;
}

/**
 * Installs the packages when node_modules is missing, belongs to another package-lock.json, or was made by another Node.
 * @param {{ root?: string, say?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} whether it had to
 * @throws {PrepareError} when Node is too old or npm fails
 */
export async function ensureInstalled({ root = ROOT, say = console.log } = {}) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== undefined) throw new PrepareError(complaint);
  const wanted = installFingerprint(root);
  const stamp = path.join(root, INSTALLED);
  if (read(stamp) === wanted) return false;
  if (!existsSync(stamp) && installedByHand(root)) {
    writeFileSync(stamp, wanted);
    return false;
  }
  say(
    `${existsSync(path.join(root, "node_modules")) ? "Packages changed: installing again" : "Installing packages (once)"}…`,
  );
  const command = existsSync(path.join(root, "package-lock.json")) ? "ci" : "install";
  // What builds and tests stands in devDependencies, so a production setting of npm must not leave it out.
  const { code, output } = await npm([command, "--include=dev", "--no-audit", "--no-fund"], { cwd: root, quiet: true });
  if (code !== 0)
    throw new PrepareError(
      `${output}\nnpm ${command} failed (its output is above): check the network and run the command again.`,
    );
  // npm makes no folder for a workspace without packages.
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

/**
 * Builds shared, runtime, widget and studio where a source is newer than, or different from, what was built last.
 * @param {{ root?: string, say?: (line: string) => void, force?: boolean }} [options]
 * @returns {Promise<boolean>} whether it had to
 * @throws {PrepareError} with the compiler's output
 */
export async function ensureBuilt({ root = ROOT, say = console.log, force = false } = {}) {
  const missing = missingOutputs(root);
  const rooms = {
    stamp: path.join(root, BUILT),
    before: buildFingerprint(root, SOURCES, CONFIGS),
    complete: missing.length === 0,
    build: () => buildRooms(root, missing),
  };
  const studio = {
    stamp: path.join(root, STUDIO_BUILT),
    before: buildFingerprint(root, STUDIO_SOURCES, STUDIO_CONFIGS),
    complete: existsSync(path.join(root, STUDIO_OUTPUT)),
    build: () => buildStudio(root),
  };
  const stale = [rooms, studio].filter((part) => force || !part.complete || read(part.stamp) !== part.before);
  if (stale.length === 0) return false;
  say("Building…");
  for (const { stamp, before, build } of stale) {
    rmSync(stamp, { force: true });
    await build();
    // The fingerprint of before: a source saved during the build makes the next start build again.
    writeFileSync(stamp, before);
  }
  return true;
}

/**
 * @param {string} root
 * @param {readonly string[]} missing rooms of which an output has gone
 */
async function buildRooms(root, missing) {
  for (const room of COMPILED) removeOrphans(path.join(root, room));
  // tsc believes its record of what it wrote, so where an output has gone the record has to go too.
  for (const room of missing) rmSync(path.join(root, room, "dist/build.tsbuildinfo"), { force: true });
  const tsc = await node(root, ["node_modules/typescript/bin/tsc", "-b", ...COMPILED]);
  if (tsc.code !== 0)
    throw new PrepareError(
      `${tsc.output}\nThe TypeScript above does not compile: correct it and run the command again.`,
    );
  const widget = await node(root, ["widget/build.mjs"]);
  if (widget.code !== 0)
    throw new PrepareError(`${widget.output}\nThe widget could not be built (the reason is above).`);
}

/** @param {string} root */
async function buildStudio(root) {
  const vite = await node(root, ["node_modules/vite/bin/vite.js", "build", "studio", "--logLevel", "warn"]);
  if (vite.code !== 0) throw new PrepareError(`${vite.output}\nThe studio could not be built (the reason is above).`);
}

/**
 * @param {string} root
 * @param {string[]} args
 */
const node = (root, args) => run(process.execPath, args, { cwd: root, quiet: true });

/** @param {string} root */
function installFingerprint(root) {
  const hash = createHash("sha256");
  // Compiled packages belong to one version of Node's binary interface.
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  hash.update(read(path.join(root, "package-lock.json")) ?? "");
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  for (const room of [".", ...(manifest.workspaces ?? [])]) {
    const text = read(path.join(root, room, "package.json"));
    if (text === undefined) continue;
    const { dependencies, devDependencies, optionalDependencies, peerDependencies, overrides, workspaces, bin } =
      JSON.parse(text);
    hash.update(
      JSON.stringify([
        room,
        dependencies,
        devDependencies,
        optionalDependencies,
        peerDependencies,
        overrides,
        workspaces,
        bin,
      ]),
    );
  }
  return hash.digest("hex");
}

/**
 * Whether `npm ci` or `npm install` was run by hand after the lock file last changed: npm writes its own record last.
 * @param {string} root
 */
function installedByHand(root) {
  const record = modified(path.join(root, "node_modules/.package-lock.json"));
  return record !== undefined && record >= (modified(path.join(root, "package-lock.json")) ?? 0);
}

/**
 * Name, size and time of every source: reading their content would cost a start more than it gains.
 * @param {string} root
 * @param {readonly string[]} sources files and folders
 * @param {readonly string[]} rooms whose compiler settings count
 */
function buildFingerprint(root, sources, rooms) {
  const hash = createHash("sha256").update(read(path.join(root, INSTALLED)) ?? "");
  const configs = rooms.flatMap((room) => {
    const folder = path.join(root, room);
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^tsconfig.*\.json$/.test(name))
          .map((name) => path.join(folder, name))
      : [];
  });
  for (const file of [...sources.flatMap((source) => files(path.join(root, source))), ...configs].sort()) {
    if (isTest(file)) continue;
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/**
 * The rooms of which an output has gone.
 * @param {string} root
 */
function missingOutputs(root) {
  const rooms = COMPILED.filter((room) =>
    sourcesOf(path.join(root, room)).some((name) => !existsSync(path.join(root, room, "dist", `${name}.js`))),
  );
  if (files(path.join(root, "widget/dist")).every((file) => !file.endsWith(".js"))) rooms.push("widget");
  return rooms;
}

/**
 * Removes what was built from sources that are no longer there: an import of it would go on working here and nowhere else.
 * @param {string} room
 */
function removeOrphans(room) {
  const dist = path.join(room, "dist");
  const sources = new Set(sourcesOf(room));
  for (const file of files(dist)) {
    const name = path.relative(dist, file).split(path.sep).join("/");
    const stem = name.replace(/\.(js|d\.ts)(\.map)?$/, "");
    // dist/test holds the declarations of tests, which have a project of their own.
    if (stem !== name && !name.startsWith("test/") && !sources.has(stem)) rmSync(file);
  }
}

/**
 * The compiled sources of a room, as paths below src without extension.
 * @param {string} room
 */
function sourcesOf(room) {
  const src = path.join(room, "src");
  return files(src)
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !isTest(file))
    .map((file) => path.relative(src, file).split(path.sep).join("/").replace(/\.ts$/, ""));
}

/** @param {string} file */
function isTest(file) {
  return /\.(test|contract|arbitrary)\.tsx?$/.test(file) || /[\\/]src[\\/]testing[\\/]/.test(file);
}

/**
 * Every file below a folder, or the file itself; none when there is nothing.
 * @param {string} place
 * @returns {string[]}
 */
function files(place) {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const child = path.join(place, entry.name);
    return entry.isDirectory() ? files(child) : [child];
  });
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** @param {string} file */
function modified(file) {
  return existsSync(file) ? statSync(file).mtimeMs : undefined;
}

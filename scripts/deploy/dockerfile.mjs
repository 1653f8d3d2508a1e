// As much of Docker as this repository's Dockerfile uses, with folders for images: enough to run its lines where no
// container can be built. Whatever it does not know it refuses.
import { cpSync, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {{ instruction: string, flags: Record<string, string>, value: string, line: number }} Step
 * @typedef {{ name: string, image: string, steps: Step[] }} Stage
 * @typedef {{ folder: string, cwd: string, env: Record<string, string> }} Place where a line runs: all in absolute paths of this machine
 * @typedef {Place & { user: string, ports: string[], healthcheck: string[], entrypoint: string[], command: string[] }} Image
 */

const KNOWN = ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

/**
 * @param {string} text
 * @returns {Stage[]}
 * @throws {Error} for what Docker, or this reader, does not know
 */
export function readDockerfile(text) {
  /** @type {Stage[]} */
  const stages = [];
  for (const [i, row] of text.split("\n").entries()) {
    if (row.trim() === "" || row.startsWith("#")) continue;
    const [, instruction = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(row) ?? [];
    if (!KNOWN.includes(instruction)) throw new Error(`Dockerfile:${i + 1}: this reader does not know "${row}".`);
    if (instruction === "FROM") {
      const [image = "", as, name] = rest.split(/\s+/);
      if (as !== undefined && as !== "AS") throw new Error(`Dockerfile:${i + 1}: FROM image AS name.`);
      stages.push({ name: name ?? String(stages.length), image, steps: [] });
      continue;
    }
    const words = rest.split(/\s+/);
    /** @type {Record<string, string>} */
    const flags = {};
    while (words[0]?.startsWith("--")) {
      const [flag = "", set = ""] = (words.shift() ?? "").slice(2).split("=");
      flags[flag] = set;
    }
    stages.at(-1)?.steps.push({ instruction, flags, value: words.join(" "), line: i + 1 });
  }
  return stages;
}

/**
 * Builds the stages as folders.
 * @param {Stage[]} stages
 * @param {object} options
 * @param {string} options.context what COPY takes from
 * @param {string} options.ignore the text of .dockerignore
 * @param {string} options.to the folder of the stages' folders
 * @param {(command: string[], place: Place) => Promise<void>} options.run runs one RUN line, or throws
 * @param {number | undefined} options.uid whom the folder of a stage that runs something belongs to
 * @returns {Promise<Image>} the last one
 */
export async function buildImage(stages, { context, ignore, to, run, uid }) {
  const ignored = ignoring(ignore);
  /** @type {Image | undefined} */
  let image;
  for (const { name, steps } of stages) {
    const folder = path.join(to, name);
    /** @type {Image} */
    const built = { folder, cwd: folder, env: {}, user: "", ports: [], healthcheck: [], entrypoint: [], command: [] };
    mkdirSync(folder, { recursive: true });
    const runs = steps.some(({ instruction }) => instruction === "RUN");
    for (const { instruction, flags, value, line } of steps) {
      const within = (/** @type {string} */ place) =>
        place.startsWith("/") ? path.join(folder, place) : path.join(built.cwd, place);
      if (instruction === "WORKDIR") {
        built.cwd = within(value);
        mkdirSync(built.cwd, { recursive: true });
        if (runs && uid !== undefined) lchownSync(built.cwd, uid, uid);
      } else if (instruction === "COPY") {
        const from = flags.from === undefined ? context : path.join(to, flags.from);
        const words = value.split(/\s+/);
        const target = /** @type {string} */ (words.pop());
        const owner = runs ? uid : uid && flags.chown && Number(flags.chown.split(":")[0]);
        for (const word of words) {
          const skip = flags.from === undefined ? ignored : () => false;
          const copied = copy(path.join(from, word), within(target), target.endsWith("/") || words.length > 1, (file) =>
            skip(path.relative(from, file)),
          );
          if (owner) own(copied, owner);
        }
      } else if (instruction === "RUN") await run(exec(value, line), built);
      else if (instruction === "ENV") {
        for (const [, key, set] of value.matchAll(/(\w+)=(\S+)/g)) built.env[String(key)] = String(set);
      } else if (instruction === "USER") built.user = value;
      else if (instruction === "EXPOSE") built.ports.push(...value.split(/\s+/));
      else if (instruction === "HEALTHCHECK") built.healthcheck = exec(value.replace(/^CMD /, ""), line);
      else if (instruction === "ENTRYPOINT") built.entrypoint = exec(value, line);
      else if (instruction === "CMD") built.command = exec(value, line);
    }
    image = built;
  }
  if (image === undefined) throw new Error("The Dockerfile has no FROM.");
  return image;
}

/**
 * Docker hands a line that is no list to a shell, which then takes the signals.
 * @param {string} value
 * @param {number} line
 * @returns {string[]}
 */
function exec(value, line) {
  if (!value.startsWith("[")) throw new Error(`Dockerfile:${line}: write the command as a list, ["node", …].`);
  return JSON.parse(value);
}

/**
 * As COPY does: of a folder what is in it, a file under its name where the target is a folder.
 * @param {string} source
 * @param {string} target
 * @param {boolean} intoFolder
 * @param {(file: string) => boolean} skip
 * @returns {string} what was written
 */
function copy(source, target, intoFolder, skip) {
  if (!existsSync(source) || skip(source)) throw new Error(`COPY: there is no ${source}.`);
  const to = statSync(source).isFile() && intoFolder ? path.join(target, path.basename(source)) : target;
  cpSync(source, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (file) => !skip(file),
  });
  return to === target ? to : path.dirname(to);
}

/**
 * @param {string} place
 * @param {number} uid
 */
function own(place, uid) {
  lchownSync(place, uid, uid);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const child = path.join(place, entry.name);
    if (entry.isDirectory()) own(child, uid);
    else lchownSync(child, uid, uid);
  }
}

/**
 * What .dockerignore leaves out: a path, in any folder where two stars stand before it; a star is any part of a name.
 * @param {string} text
 * @returns {(file: string) => boolean} of a path within the context
 */
export function ignoring(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const rules = lines.map((line) => {
    if (/^!|[?[\]{}\\]/.test(line)) throw new Error(`.dockerignore: this reader does not know "${line}".`);
    const source = line
      .replace(/^\*\*\//, "\0")
      .replace(/[.+^$()|]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replace("\0", "(?:.*/)?");
    return new RegExp(`^${source}(?:/|$)`);
  });
  return (file) => rules.some((rule) => rule.test(file.split(path.sep).join("/")));
}

/** @param {string} file */
export const read = (file) => readFileSync(file, "utf8");

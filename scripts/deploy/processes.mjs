// What a container that is Parley's is started with, asked of Parley itself.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled, ROOT } from "../prepare.mjs";
import { read, readDockerfile } from "./dockerfile.mjs";

await ensureInstalled();
await ensureBuilt();
/** @param {string} name */
const built = (name) => import(pathToFileURL(path.join(ROOT, "runtime/dist", name)).href);
const { readConfig, serveHelp } = await built("config.js");
const { LOG_HELP } = await built("cli/log-commands.js");

/** Our image by its name; it is made of the Dockerfile here and is nowhere else. */
export const OURS = `parley:${JSON.parse(read(path.join(ROOT, "package.json"))).version}`;
/**
 * Those of others, and where their makers list them. A version stands in each: what is called `latest` is another one
 * tomorrow.
 */
export const OTHERS = {
  "node:24-bookworm": "https://hub.docker.com/_/node",
  "node:24-bookworm-slim": "https://hub.docker.com/_/node",
  "haproxy:3.2-alpine": "https://hub.docker.com/_/haproxy",
  "nats:2.11-alpine": "https://hub.docker.com/_/nats",
  "infinyon/fluvio:0.18.1": "https://hub.docker.com/r/infinyon/fluvio",
};

/** What the last stage of the Dockerfile says of every container. */
export const IMAGE = (() => {
  const { steps } = /** @type {import("./dockerfile.mjs").Stage} */ (
    readDockerfile(read(path.join(ROOT, "Dockerfile"))).at(-1)
  );
  const last = (/** @type {string} */ wanted) =>
    steps.findLast(({ instruction }) => instruction === wanted)?.value ?? "";
  const env = Object.fromEntries([...last("ENV").matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  return { env, user: last("USER"), ports: last("EXPOSE").split(" ").map(Number), command: JSON.parse(last("CMD")) };
})();

/** Every variable that `parley serve`, `setup` and `doctor` read. */
const VARIABLES = new Set([
  ...[...serveHelp().matchAll(/--[a-z-]+, ([A-Z_]+) /g)].map(([, name]) => name),
  ...[...LOG_HELP.matchAll(/--[a-z-]+, ([A-Z_]+):/g)].map(([, name]) => name),
  "NODE_ENV",
]);

/**
 * @param {readonly string[]} args behind the image's entry point; none: the image's own
 * @param {Record<string, string>} env beside the image's
 * @returns {{ role: string, port: number, drain: number }} `setup` is a role too; ms
 * @throws {Error} for a command, a flag, a variable or a value that Parley does not know
 */
export function parley(args, env) {
  const unknown = Object.keys(env).filter((name) => !VARIABLES.has(name));
  if (unknown.length > 0) throw new Error(`Parley reads no variable ${unknown.join(", ")}.`);
  const [command, ...rest] = args.length > 0 ? args : IMAGE.command;
  if (command !== "serve" && command !== "setup") throw new Error(`No process of ours is "parley ${command}".`);
  // What both are told is read in one way.
  const config = readConfig(rest, { ...IMAGE.env, ...env });
  return { role: command === "setup" ? "setup" : config.role, port: config.port, drain: config.drain };
}

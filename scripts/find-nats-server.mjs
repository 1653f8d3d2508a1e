// Finds the NATS server that tests start, or gets one. Run on its own it prints the path.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "./processes.mjs";
import { installFromSystem } from "./system-packages.mjs";

const VERSION_LIMIT = 30_000;

/** What to type where nothing else worked. */
const ADVICE =
  "Install nats-server (on Debian or Ubuntu: apt-get install nats-server), or set PARLEY_NATS_SERVER to the path of one, and run the command again.";

/**
 * Where a server would be, best first: by the PATH, then where Debian puts it, which is in no plain user's PATH.
 * @param {{ env: Record<string, string | undefined>, platform: NodeJS.Platform }} machine
 * @returns {string[]} absolute paths that may not exist
 */
export function natsServerPlaces({ env, platform }) {
  const { join, delimiter } = platform === "win32" ? path.win32 : path.posix;
  const name = platform === "win32" ? "nats-server.exe" : "nats-server";
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const usual = platform === "win32" ? [] : ["/usr/sbin", "/usr/local/bin"];
  return [...new Set([...folders, ...usual])].map((folder) => join(folder, name));
}

/**
 * The path of a server that runs. One that is installed is taken; else the system's package manager is asked where this
 * user may.
 * @param {{ say?: (line: string) => void }} [options]
 * @returns {Promise<string>}
 * @throws {Error} with one sentence saying what to do
 */
export async function findNatsServer({ say = console.error } = {}) {
  const { env, platform } = process;
  const named = env.PARLEY_NATS_SERVER;
  if (named !== undefined && named !== "") {
    if (await runs(named)) return named;
    throw new Error(`PARLEY_NATS_SERVER is ${named}, which is no nats-server that runs: ${ADVICE}`);
  }
  const installed = async () => {
    for (const place of natsServerPlaces({ env, platform })) {
      if (existsSync(place) && (await runs(place))) return place;
    }
    return undefined;
  };
  const found = await installed();
  if (found !== undefined) return found;
  if (platform === "linux" && (await installFromSystem("nats-server", { env, say }))) {
    const now = await installed();
    if (now !== undefined) return now;
  }
  throw new Error(`No nats-server was found, and the system's package manager could not install one: ${ADVICE}`);
}

/** @param {string} place */
async function runs(place) {
  const { code, output } = await run(place, ["--version"], { quiet: true, limit: VERSION_LIMIT });
  return code === 0 && /nats-server/i.test(output);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await findNatsServer());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

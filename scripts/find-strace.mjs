// Finds strace, by which a test sees what the log's file is asked for, or gets it.
import { existsSync } from "node:fs";
import path from "node:path";
import { installFromSystem } from "./system-packages.mjs";

/**
 * The path of strace, from the PATH or installed where this user may; undefined where there is none: its tests are then
 * skipped, and say why.
 * @param {{ say?: (line: string) => void }} [options]
 * @returns {Promise<string | undefined>}
 */
export async function findStrace({ say = console.error } = {}) {
  const { env, platform } = process;
  if (env.PARLEY_STRACE) return env.PARLEY_STRACE;
  if (platform !== "linux") return undefined;
  const installed = () =>
    (env.PATH ?? "")
      .split(path.delimiter)
      .map((folder) => path.join(folder, "strace"))
      .find((place) => existsSync(place));
  return installed() ?? ((await installFromSystem("strace", { env, say })) ? installed() : undefined);
}

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../data-folder.js";
import { reason, UserError } from "../errors.js";
import { StudioStore } from "../studio/store.js";

/** What the commands beside a server are given. */
export type CommandIo = {
  readonly stdout: (text: string) => void;
  /** A line that is not shown while it is typed; from a pipe its first line. */
  readonly password: (prompt: string) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => number;
};

/** The flag that names the data folder; also `DATA_DIR`. */
export const DATA_DIR = { "data-dir": { type: "string" } } as const;

/**
 * Works on the studio's file of a data folder, while a server runs on it or none does.
 * @param make whether a folder that is not there yet is made
 * @throws UserError `no-data-folder`, `studio-store`
 */
export async function withStudioStore<T>(
  flag: string | undefined,
  io: CommandIo,
  make: boolean,
  work: (store: StudioStore) => T | Promise<T>,
): Promise<T> {
  const named = flag ?? (io.env.DATA_DIR || "./data");
  const folder = resolve(io.cwd, named);
  const file = join(folder, "studio.db");
  if (!make && !existsSync(file)) {
    throw new UserError(
      "no-data-folder",
      `There is no studio in ${named}: start the server first, or name its folder by --data-dir.`,
    );
  }
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new UserError("no-data-folder", `The data folder ${named} cannot be made: ${reason(cause)}.`, { cause });
  }
  const store = new StudioStore(file, io.now);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

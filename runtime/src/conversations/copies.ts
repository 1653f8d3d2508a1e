import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** The server's own files, which name an erased session and hold nothing of it. */
const OWN =
  /^(log|fluvio-index|studio|projections|lock)\.db(-wal|-shm)?$|^(server|workflow)\.json$|^(reserve|log\.db\.suspect)$/;

/**
 * Backups and other copies in a data folder that still hold a session: files in which its number stands.
 * @returns their paths within the folder
 */
export async function copiesOf(folder: string, sid: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !OWN.test(path));
  const found: string[] = [];
  for (const path of files.sort()) if (await holds(join(folder, path), sid)) found.push(path);
  return found;
}

async function holds(file: string, sid: string): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    const bytes = Buffer.concat([tail, chunk as Buffer]);
    if (bytes.includes(sid)) return true;
    tail = bytes.subarray(Math.max(0, bytes.length - sid.length));
  }
  return false;
}

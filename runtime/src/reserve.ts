import { randomFillSync } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** Enough for the write-ahead files that erasing fills and empties. */
export const RESERVE_BYTES = 16 * 1024 * 1024;
const CHUNK = 1024 * 1024;
const RESERVE = "reserve";

/**
 * A file of the data folder that holds nothing: while a disk is full it is given up, so that what takes data away, which
 * has to write first, finds room.
 */
export class Reserve {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, RESERVE);
  }

  /** Whether it is there, in full. */
  get held(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false })?.size === RESERVE_BYTES;
  }

  /** Takes the room. Noise, since a file system may give zeros none. @returns false: there was none */
  async make(): Promise<boolean> {
    const noise = randomFillSync(Buffer.allocUnsafe(CHUNK));
    try {
      const file = await open(this.#file, "w", 0o600);
      try {
        for (let at = 0; at < RESERVE_BYTES; at += CHUNK) await file.writeFile(noise);
        await file.sync();
      } finally {
        await file.close();
      }
      return true;
    } catch {
      this.giveUp();
      return false;
    }
  }

  /** @returns whether there was any of it, be it a part that a stop cut short */
  giveUp(): boolean {
    const there = existsSync(this.#file);
    rmSync(this.#file, { force: true });
    return there;
  }
}

import { statfs } from "node:fs/promises";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.js";
import { RESERVE_BYTES, Reserve } from "./reserve.js";

/** Between two looks, in ms. */
const LOOK = 1_000;
/** So much more than the least has to be free until all is well again, as a part of it: a limit that is not crossed back and forth. */
const SLACK = 1 / 16;

export type FreeSpaceOptions = {
  readonly folder: string;
  /** Bytes; 0: never short. */
  readonly minFree: number;
  readonly metrics: Pick<Metrics, "diskFree" | "diskShort">;
  readonly logger: Logger;
  /** Bytes that this user may still write there. */
  readonly free?: (() => Promise<number>) | undefined;
};

/** For `/readyz`. */
export type DiskHealth = { readonly ok: boolean; readonly free: number | undefined; readonly problem?: string };

/**
 * How much room the data folder's disk has (P12). Below the least nothing new is begun, so that what has begun can go on.
 * Keeps the reserve by which erasing finds room on a full disk.
 */
export class FreeSpace {
  #free: number | undefined;
  #short = false;
  #keeps = false;
  readonly #reserve: Reserve;
  readonly #ask: () => Promise<number>;

  constructor(private readonly options: FreeSpaceOptions) {
    this.#reserve = new Reserve(options.folder);
    this.#ask = options.free ?? (() => freeAt(options.folder));
  }

  /** Too little is free for anything new. */
  get short(): boolean {
    return this.#short;
  }

  health(): DiskHealth {
    const { minFree } = this.options;
    if (!this.#short) return { ok: true, free: this.#free };
    const problem = `Less than ${inMib(minFree)} are free on the data folder's disk: no conversation begins and no draft is saved until there is room.`;
    return { ok: false, free: this.#free, problem };
  }

  /** Something here can be erased: a reserve is kept for that. */
  keepReserve(): void {
    this.#keeps = true;
  }

  /** Looks now and then, until the signal aborts. */
  start(signal: AbortSignal): void {
    let looking = false;
    const timer = setInterval(async () => {
      if (looking) return;
      looking = true;
      await this.look();
      await this.#refill();
      looking = false;
    }, LOOK);
    timer.unref();
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  async look(): Promise<void> {
    const { minFree, metrics, logger } = this.options;
    // A disk that cannot be asked is told of by the log, which writes to it.
    this.#free = await this.#ask().catch(() => undefined);
    const free = this.#free;
    if (free === undefined) return;
    metrics.diskFree.set(free);
    const short = free < (this.#short ? minFree * (1 + SLACK) : minFree);
    metrics.diskShort.set(short ? 1 : 0);
    if (short === this.#short) return;
    this.#short = short;
    if (short) logger.warn({ free, minFree }, this.health().problem);
    else logger.info({ free, minFree }, "there is room on the disk again");
  }

  /**
   * Gives the reserve up where the disk has less than that.
   * @returns whether there is more room now than before
   */
  async makeRoom(): Promise<boolean> {
    const free = await this.#ask().catch(() => undefined);
    if (free === undefined || free >= RESERVE_BYTES || !this.#reserve.giveUp()) return false;
    this.options.logger.warn({ free }, "the disk is full: the reserve was given up for what is being erased");
    return true;
  }

  /** Only where it makes nothing short, and leaves as much as it takes. */
  async #refill(): Promise<void> {
    const least = Math.max(this.options.minFree * (1 + SLACK), RESERVE_BYTES);
    if (!this.#keeps || this.#free === undefined || this.#free - RESERVE_BYTES < least || this.#reserve.held) return;
    await this.#reserve.make();
  }
}

/** So much a start writes at most before it can erase anything. */
const START_BYTES = 1024 * 1024;

/** Gives the reserve up where a start would find no room, so that there is somebody who can erase. */
export async function roomToStart(folder: string, logger: Logger): Promise<void> {
  const free = await freeAt(folder).catch(() => undefined);
  if (free === undefined || free >= START_BYTES || !new Reserve(folder).giveUp()) return;
  logger.warn({ free }, "the disk is full: the reserve was given up for the start");
}

async function freeAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const inMib = (bytes: number): string => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;

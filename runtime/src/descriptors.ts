import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";

/** Where the system does not say how many files a process may open: what macOS gives, to which Node raises its own limit. */
const ASSUMED_LIMIT = 10_240;
/** Before the first look: the log, the studio's files, the listeners. */
const ASSUMED_OTHERS = 100;
/** Kept free for files and for requests that are under way. */
const KEPT = 200;
/** Between two looks at what is open beside visitors' sockets, in ms. */
const LOOK = 10_000;

/** What this process may have open at once: its soft limit, which Node has raised to the hard one. */
export function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? ASSUMED_LIMIT : Number(soft);
  } catch {
    return ASSUMED_LIMIT;
  }
}

/** What this process has open; undefined where the system does not say. */
async function openDescriptors(): Promise<number | undefined> {
  return (await readdir("/proc/self/fd").catch(() => undefined))?.length;
}

/**
 * Whether there is room for another visitor's socket (P13). Sockets are counted as they come and go, all else by a slow
 * timer, so that an upgrade costs nothing.
 */
export class Descriptors {
  #others = ASSUMED_OTHERS;
  readonly #counters: (() => number)[] = [];

  constructor(
    readonly limit = descriptorLimit(),
    private readonly open = openDescriptors,
  ) {}

  /** Sockets that are counted by whoever holds them. */
  counts(sockets: () => number): void {
    this.#counters.push(sockets);
  }

  /** No further socket is taken: what is left is for the log and for what is under way. */
  get spent(): boolean {
    return this.#others + this.#sockets() >= this.limit - KEPT;
  }

  /** Connections of one server at most, upgraded or not: who connects and says nothing must not take the last ones. */
  get connections(): number {
    return Math.max(1, this.limit - KEPT / 2);
  }

  async look(): Promise<void> {
    const open = await this.open();
    if (open !== undefined) this.#others = Math.max(0, open - this.#sockets());
  }

  start(signal: AbortSignal): void {
    void this.look();
    const timer = setInterval(() => void this.look(), LOOK);
    timer.unref();
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  #sockets(): number {
    return this.#counters.reduce((sum, sockets) => sum + sockets(), 0);
  }
}

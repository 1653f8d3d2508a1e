/** How many tries in what time. */
export type ThrottleLimits = { readonly tries: number /** ms */; readonly within: number };

/** More names or addresses than this are not remembered; the oldest is forgotten first. */
const MAX_KEYS = 10_000;

/**
 * Counts tries by key. A try is counted before it is known how it ends, so that many at once are counted as well; one
 * that went well is taken back with all before it.
 */
export class Throttle {
  /** Times of the tries, ms, oldest first. */
  readonly #tries = new Map<string, number[]>();

  constructor(
    private readonly limits: ThrottleLimits,
    private readonly now: () => number,
  ) {}

  /** Counts a try. @returns 0, or the ms to wait: then it was not counted */
  take(key: string): number {
    const now = this.now();
    const recent = (this.#tries.get(key) ?? []).filter((at) => now - at < this.limits.within);
    if (recent.length >= this.limits.tries) return recent[0]! + this.limits.within - now;
    recent.push(now);
    this.#tries.delete(key);
    this.#tries.set(key, recent);
    if (this.#tries.size > MAX_KEYS) this.#tries.delete(this.#tries.keys().next().value!);
    return 0;
  }

  /** Forgets the tries of a key. */
  clear(key: string): void {
    this.#tries.delete(key);
  }
}

/** A record whose place is fixed. `record` is taken out when its session is erased. */
export type Entry<R> = {
  readonly pos: number;
  /** Empty on the control stream. */
  readonly sid: string;
  readonly partition: number;
  record: R | undefined;
  /** The record as JSON, until it is durable. */
  data: string;
  readonly size: number;
};

/** What a look into the tail or the store found: `scanned` is the last place looked at. */
export type Found<R> = { readonly records: readonly R[]; readonly scanned: number; readonly last: number };

export type TailLimits = { readonly records: number; readonly characters: number };

/**
 * 4,000 records or 32 MiB of JSON, whichever comes first: several commits of a busy server. More would live long enough
 * to be moved to V8's old space, and cost more to collect there than a reader that lags costs the store.
 */
export const TAIL_LIMITS: TailLimits = { records: 4_000, characters: 32 * 1024 * 1024 };

/** The newest records in memory, so that readers who keep up never read the store. Bounded; durable ones leave it. */
export class Tail<R> {
  readonly #limits: TailLimits;
  #entries: Entry<R>[] = [];
  #start = 0;
  #characters = 0;
  #floor: number;

  constructor(floor: number, limits: TailLimits = TAIL_LIMITS) {
    this.#floor = floor;
    this.#limits = limits;
  }

  /** Every stored record placed behind it is here. */
  get floor(): number {
    return this.#floor;
  }

  push(entry: Entry<R>): void {
    this.#entries.push(entry);
    this.#characters += entry.size;
  }

  /** Drops what is over the limits, up to `durable`; each dropped record can be read from the store. */
  trim(durable: number): void {
    while (
      this.#entries.length - this.#start > this.#limits.records ||
      (this.#characters > this.#limits.characters && this.#start < this.#entries.length)
    ) {
      const entry = this.#entries[this.#start]!;
      if (entry.pos > durable) break;
      this.#dropFirst(entry);
    }
    this.#compact();
  }

  /** Forgets what is placed behind `pos`: it was not stored. */
  cut(pos: number): void {
    while (this.#entries.length > this.#start && this.#entries[this.#entries.length - 1]!.pos > pos) {
      this.#characters -= this.#entries.pop()!.size;
    }
  }

  /** What is placed up to `pos` is read from the store from now on. */
  raise(pos: number): void {
    while (this.#start < this.#entries.length && this.#entries[this.#start]!.pos <= pos) {
      this.#dropFirst(this.#entries[this.#start]!);
    }
    this.#floor = Math.max(this.#floor, pos);
    this.#compact();
  }

  /** Takes the records that an erasure has deleted out. */
  purge(gone: (entry: Entry<R>) => boolean): void {
    for (let i = this.#start; i < this.#entries.length; i++) {
      const entry = this.#entries[i]!;
      if (gone(entry)) entry.record = undefined;
    }
  }

  /** Records placed in (after, upTo] that `wanted` wants; looks at no more than `limit`. */
  scan(after: number, upTo: number, limit: number, wanted: (entry: Entry<R>) => boolean): Found<R> {
    const records: R[] = [];
    let last = 0;
    const from = this.#indexAfter(after);
    for (let i = from; i < this.#entries.length; i++) {
      const entry = this.#entries[i]!;
      if (entry.pos > upTo) break;
      if (i - from >= limit) return { records, scanned: this.#entries[i - 1]!.pos, last };
      if (entry.record === undefined || !wanted(entry)) continue;
      records.push(entry.record);
      last = entry.pos;
    }
    return { records, scanned: upTo, last };
  }

  #indexAfter(pos: number): number {
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.pos > pos) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #dropFirst(entry: Entry<R>): void {
    this.#start++;
    this.#characters -= entry.size;
    this.#floor = entry.pos;
  }

  /** Moving the array once for a thousand records keeps dropping cheap and holds at most twice what is kept. */
  #compact(): void {
    if (this.#start < 1024 || this.#start * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { type Cursor, type Level, RewoundError, type Tail as Tailed, type TailOptions } from "./event-log.js";
import { type Entry, type Found, Tail, type TailLimits } from "./tail.js";

/** Records looked at before what was found is yielded. */
const CHUNK = 500;

/** Durable records of a partition placed in (after, upTo], read from the store; looks at no more than `limit`. */
export type ReadStored<R> = (partition: number, after: number, upTo: number, limit: number) => Found<R>;

/** One reader of a partition. */
type Reader = {
  /** Nothing of its partition up to here is still to come. */
  scanned: number;
  /** The last record it was given. */
  delivered: number;
  rewound: boolean;
  /** Set while it waits. */
  wake: (() => void) | undefined;
};

/** One ordered stream in places 1, 2, …: which are given away, which are durable, and who reads it. */
export class Stream<R> {
  readonly #tail: Tail<R>;
  readonly #readStored: ReadStored<R>;
  readonly #readers: { readonly [level in Level]: readonly Set<Reader>[] };
  readonly #heads: number[];
  /** The first place in each partition that its ordered readers have not been told of. */
  readonly #untold = new Map<number, number>();
  #placed: number;
  #durable: number;
  #closed = false;

  constructor(partitions: number, head: number, readStored: ReadStored<R>, limits?: TailLimits) {
    const perPartition = () => Array.from({ length: partitions }, () => new Set<Reader>());
    this.#readers = { durable: perPartition(), ordered: perPartition() };
    this.#heads = new Array<number>(partitions).fill(head);
    this.#placed = head;
    this.#durable = head;
    this.#tail = new Tail(head, limits);
    this.#readStored = readStored;
  }

  get placed(): number {
    return this.#placed;
  }
  get durable(): number {
    return this.#durable;
  }

  /** The last durable place of a partition; as long as none of it was written since the start, the log's at the start. */
  head(partition: number): Cursor {
    return String(this.#heads[partition]!);
  }

  /** Fixes the place of a record, the next one. Places of records that were not stored are not given again. */
  place(partition: number, sid: string, record: R, data: string): Entry<R> {
    const entry: Entry<R> = { pos: ++this.#placed, sid, partition, record, data, size: data.length };
    this.#tail.push(entry);
    this.#tellOrdered(partition, entry.pos);
    return entry;
  }

  /** At the end of this turn, once for all that it places; what they append to it then is still in time for the commit. */
  #tellOrdered(partition: number, pos: number): void {
    if (this.#untold.size === 0) {
      setImmediate(() => {
        const untold = [...this.#untold];
        this.#untold.clear();
        for (const [p, first] of untold) {
          for (const reader of this.#readers.ordered[p]!) {
            if (reader.wake === undefined) continue; // It reads: it comes to all of it, and may be far behind.
            // One that waits may have come past the first by itself, but not to everything that was placed.
            reader.scanned = Math.max(reader.scanned, first - 1);
            wake(reader);
          }
        }
      });
    }
    if (!this.#untold.has(partition)) this.#untold.set(partition, pos);
  }

  /** These are durable; they are the next after `durable`. */
  commit(entries: readonly Entry<R>[]): void {
    for (const entry of entries) {
      entry.data = "";
      this.#durable = entry.pos;
      this.#heads[entry.partition] = entry.pos;
      for (const reader of this.#readers.durable[entry.partition]!) notify(reader, entry.pos);
    }
    this.#tail.trim(this.#durable);
  }

  /** Nothing behind `durable` that is placed now will be stored, except what the store holds up to `head`. */
  fail(head: number): void {
    this.#tail.cut(this.#durable);
    this.#raise(head);
    this.#rewind((reader) => reader.delivered > this.#durable);
  }

  /**
   * The store holds more than was known: up to `head`. An ordered reader that went on meanwhile, with what was placed
   * behind it, has passed it.
   */
  found(head: number): void {
    const before = this.#durable;
    if (head <= before) return;
    this.#rewind((reader) => reader.scanned > before);
    this.#raise(head);
  }

  #raise(head: number): void {
    if (head <= this.#durable) return;
    this.#durable = head;
    this.#placed = Math.max(this.#placed, head);
    this.#heads.fill(head);
    this.#tail.raise(head);
    for (const readers of [...this.#readers.durable, ...this.#readers.ordered]) readers.forEach(wake);
  }

  #rewind(lost: (reader: Reader) => boolean): void {
    for (const readers of this.#readers.ordered) {
      for (const reader of readers) {
        if (!lost(reader)) continue;
        reader.rewound = true;
        wake(reader);
      }
    }
  }

  purge(gone: (entry: Entry<R>) => boolean): void {
    this.#tail.purge(gone);
  }

  /** Records of a session that are placed and not durable yet. */
  pending(sid: string): Found<R> {
    return this.#tail.scan(this.#durable, this.#placed, Number.POSITIVE_INFINITY, (entry) => entry.sid === sid);
  }

  /** Ends every reader. */
  close(): void {
    this.#closed = true;
    for (const readers of [...this.#readers.durable, ...this.#readers.ordered]) readers.forEach(wake);
  }

  /** See `EventLog.subscribe`. Backfill from the store, cutover to the tail in memory, streaming; no read stays open. */
  async *subscribe(partition: number, after: Cursor | undefined, options: TailOptions): AsyncGenerator<Tailed<R>> {
    const { signal, level = "durable" } = options;
    const readers = this.#readers[level][partition];
    if (readers === undefined)
      throw new Error(`There is no partition ${partition}: the log has ${this.#heads.length}.`);
    const reader: Reader = { scanned: position(after), delivered: 0, rewound: false, wake: undefined };
    const stop = () => wake(reader);
    readers.add(reader);
    signal.addEventListener("abort", stop);
    try {
      if (reader.scanned > this.#placed) {
        const gap = `The log ends at ${this.#durable}, before the place ${after} to read on from: an older copy of it was restored. Reading goes on at its end.`;
        reader.scanned = this.#durable;
        yield { gap };
      }
      let told = reader.scanned;
      while (!signal.aborted && !this.#closed) {
        if (reader.rewound) throw new RewoundError("Records read before they were durable were not stored.");
        const limit = level === "ordered" ? this.#placed : this.#durable;
        if (reader.scanned >= limit) {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
          continue;
        }
        const backfill = reader.scanned < this.#tail.floor;
        const found = backfill
          ? this.#readStored(partition, reader.scanned, this.#tail.floor, CHUNK)
          : this.#tail.scan(reader.scanned, limit, CHUNK, (entry) => entry.partition === partition);
        reader.scanned = found.scanned;
        // At the cutover the cursor moves on even over records of other partitions, so that it reaches `head`.
        const cutover = backfill && reader.scanned >= this.#tail.floor && reader.scanned > told;
        // So it does where the last record of the partition was taken out by an erasure in another.
        const head = this.#heads[partition]!;
        if (found.records.length > 0 || cutover || (told < head && head <= reader.scanned)) {
          if (found.last > 0) reader.delivered = found.last;
          told = reader.scanned;
          yield { records: found.records, cursor: String(told) };
        }
        // A reader that never waits by itself must not keep everybody else waiting while it reads a long history.
        if (backfill) await nextTurn();
      }
    } finally {
      readers.delete(reader);
      signal.removeEventListener("abort", stop);
    }
  }
}

/** Wakes a reader that waits, for the record at `pos`: nothing of its partition stands between. */
function notify(reader: Reader, pos: number): void {
  if (reader.wake === undefined || pos <= reader.scanned) return;
  reader.scanned = pos - 1;
  wake(reader);
}

function wake(reader: Reader): void {
  const resolve = reader.wake;
  reader.wake = undefined;
  resolve?.();
}

function position(cursor: Cursor | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,15}$/.test(cursor)) throw new Error(`"${cursor}" is no cursor of this log: start without one.`);
  return Number(cursor);
}

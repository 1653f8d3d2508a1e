import { isErased, type LogRecord } from "@parley/shared/record";
import { type Followed, type Level, RewoundError, type TailOptions } from "./event-log.js";
import type { Row } from "./store.js";
import type { Stream } from "./stream.js";
import type { Entry } from "./tail.js";

const CHUNK = 500;
/** Records kept for a follower that does not fetch them; beyond, it reads from the store again. */
const MAX_WAITING = 500;

type Follower = {
  /** The last record it was given. */
  delivered: number;
  waiting: Entry<LogRecord>[];
  /** What follows `delivered` has to be read from the store. */
  behind: boolean;
  rewound: boolean;
  wake: (() => void) | undefined;
};

/** Who follows which session. */
export class Followers {
  readonly #stream: Stream<LogRecord>;
  readonly #readStored: (sid: string, after: number, upTo: number, limit: number) => readonly Row[];
  readonly #bySid: { readonly [level in Level]: Map<string, Set<Follower>> } = {
    durable: new Map(),
    ordered: new Map(),
  };
  #closed = false;

  constructor(
    stream: Stream<LogRecord>,
    readStored: (sid: string, after: number, upTo: number, limit: number) => readonly Row[],
  ) {
    this.#stream = stream;
    this.#readStored = readStored;
  }

  place(entries: readonly Entry<LogRecord>[]): void {
    hand(this.#bySid.ordered, entries);
  }

  commit(entries: readonly Entry<LogRecord>[]): void {
    hand(this.#bySid.durable, entries);
  }

  /** What was placed and is behind the stream's durable end was not stored. */
  fail(): void {
    const { durable } = this.#stream;
    for (const follower of this.#all("ordered")) {
      follower.waiting = follower.waiting.filter((entry) => entry.pos <= durable);
      if (follower.delivered > durable) rewind(follower);
    }
  }

  /** The store holds more than was known; an ordered follower that went on behind `passed` meanwhile has missed it. */
  found(passed = Number.POSITIVE_INFINITY): void {
    for (const follower of this.#all("ordered")) if (follower.delivered > passed) rewind(follower);
    for (const follower of this.#all("durable", "ordered")) {
      follower.behind = true;
      wake(follower);
    }
  }

  close(): void {
    this.#closed = true;
    for (const follower of this.#all("durable", "ordered")) wake(follower);
  }

  /** See `EventLog.follow`. */
  async *follow(sid: string, options: TailOptions): AsyncGenerator<Followed> {
    const { signal, level = "durable" } = options;
    const follower: Follower = { delivered: 0, waiting: [], behind: true, rewound: false, wake: undefined };
    const stop = () => wake(follower);
    this.#add(level, sid, follower);
    signal.addEventListener("abort", stop);
    let caughtUp = false;
    try {
      while (!signal.aborted && !this.#closed) {
        if (follower.rewound) throw new RewoundError("Records read before they were durable were not stored.");
        if (follower.behind) {
          const records = this.#catchUp(sid, level, follower, caughtUp);
          if (records.length > 0) yield { records };
          if (follower.behind || caughtUp) continue;
          caughtUp = true;
          yield { caughtUp: true };
        } else if (follower.waiting.length > 0) {
          const records = take(follower);
          if (records.length > 0) yield { records };
        } else {
          await new Promise<void>((resolve) => {
            follower.wake = resolve;
          });
        }
      }
    } finally {
      this.#remove(level, sid, follower);
      signal.removeEventListener("abort", stop);
    }
  }

  /** One chunk from the store and, once that is all, what is placed behind it: in one turn, so nothing slips between. */
  #catchUp(sid: string, level: Level, follower: Follower, caughtUp: boolean): readonly LogRecord[] {
    const rows = this.#readStored(sid, follower.delivered, this.#stream.durable, CHUNK);
    const records = rows.map((row) => JSON.parse(row.data) as LogRecord);
    follower.waiting = [];
    follower.behind = rows.length >= CHUNK;
    const first = follower.delivered === 0 && !caughtUp;
    if (rows.length > 0) follower.delivered = rows[rows.length - 1]!.pos;
    // Of an erased session `Erased` alone is left: it reads as empty.
    if (first && records.length === 1 && isErased(records[0]!)) records.length = 0;
    if (follower.behind || level === "durable") return records;
    const pending = this.#stream.pending(sid);
    if (pending.records.length > 0) follower.delivered = pending.last;
    return [...records, ...pending.records];
  }

  *#all(...levels: Level[]): Iterable<Follower> {
    for (const level of levels) {
      for (const followers of this.#bySid[level].values()) yield* followers;
    }
  }

  #add(level: Level, sid: string, follower: Follower): void {
    const followers = this.#bySid[level].get(sid);
    if (followers === undefined) this.#bySid[level].set(sid, new Set([follower]));
    else followers.add(follower);
  }

  #remove(level: Level, sid: string, follower: Follower): void {
    const followers = this.#bySid[level].get(sid);
    followers?.delete(follower);
    if (followers?.size === 0) this.#bySid[level].delete(sid);
  }
}

function hand(sessions: ReadonlyMap<string, ReadonlySet<Follower>>, entries: readonly Entry<LogRecord>[]): void {
  const followers = sessions.size === 0 ? undefined : sessions.get(entries[0]?.sid ?? "");
  if (followers === undefined) return;
  for (const follower of followers) {
    if (follower.behind) continue;
    if (follower.waiting.length + entries.length > MAX_WAITING) {
      follower.waiting = [];
      follower.behind = true;
    } else {
      follower.waiting.push(...entries);
    }
    wake(follower);
  }
}

function take(follower: Follower): LogRecord[] {
  const records: LogRecord[] = [];
  for (const entry of follower.waiting) {
    if (entry.pos <= follower.delivered || entry.record === undefined) continue;
    records.push(entry.record);
    follower.delivered = entry.pos;
  }
  follower.waiting = [];
  return records;
}

function rewind(follower: Follower): void {
  follower.rewound = true;
  wake(follower);
}

function wake(follower: Follower): void {
  const resolve = follower.wake;
  follower.wake = undefined;
  resolve?.();
}

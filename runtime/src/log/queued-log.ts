import { type ControlRecord, isInput, type LogRecord } from "@parley/shared/record";
import { reason } from "../errors.js";
import { erasedRecord, linksTo } from "./erased.js";
import { AppendError, type Cursor, type EventLog } from "./event-log.js";
import { Followers } from "./followers.js";
import { type FaultPoint, GroupQueue, type Pending } from "./group-queue.js";
import { Recent } from "./recent.js";
import { serialise } from "./serialise.js";
import { SharedRows } from "./shared-rows.js";
import type { Heads, Row, Store } from "./store.js";
import { Stream } from "./stream.js";
import type { Entry, Found, TailLimits } from "./tail.js";

/** Options of every log that is made of a store and a queue. */
export type LogOptions = {
  /** Fixed when the log is made. Default 4. */
  readonly partitions?: number;
  /** Records queued beyond which inputs are refused as `busy`; everything else at twice as many. Default 20,000. */
  readonly maxQueued?: number;
  /** What newest records stay in memory. Default 4,000 records, 32 MiB of JSON. */
  readonly tail?: TailLimits;
  /** Milliseconds between two looks whether a store that failed works again. Default 1,000. */
  readonly probeEvery?: number;
  /** Fault points for tests, around each commit: reject to fail it, wait to hold it. */
  readonly beforeCommit?: FaultPoint;
  readonly afterCommit?: FaultPoint;
};

export const DEFAULT_PARTITIONS = 4;
const MAX_QUEUED = 20_000;
/** JSON that may wait in memory, beside the bound on records. */
const MAX_QUEUED_CHARACTERS = 64 * 1024 * 1024;
/** Sessions known not to be erased, so that most appends look nothing up. */
const KNOWN_SESSIONS = 50_000;

/** The partition of a session: the first 8 of its 40 hex digits, by the number of partitions. */
export const partitionOf = (sid: string, partitions: number): number =>
  Number.parseInt(sid.slice(0, 8), 16) % partitions;

/** The event log over a store: places are fixed when a record comes, commits are shared by what came meanwhile. */
export function createQueuedLog(store: Store, heads: Heads, options: LogOptions): EventLog {
  const { partitions = DEFAULT_PARTITIONS, maxQueued = MAX_QUEUED, tail, probeEvery = 1_000 } = options;
  const known = new Recent<number>(KNOWN_SESSIONS);
  const erasing = new Map<string, Promise<void>>();
  const listeners = new Set<(sid: string, data: unknown) => void>();
  let closing: Promise<void> | undefined;

  const shared = new SharedRows(
    partitions,
    (sid) => partitionOf(sid, partitions),
    (after, upTo, limit) => store.records(after, upTo, limit),
  );
  const stream = new Stream<LogRecord>(partitions, heads.records, readPartition, tail);
  const control = new Stream<ControlRecord>(1, heads.control, readControl, tail);
  const followers = new Followers(stream, (sid, after, upTo, limit) => store.session(sid, after, upTo, limit));
  const queue = new GroupQueue({
    store,
    beforeCommit: options.beforeCommit,
    afterCommit: options.afterCommit,
    probeEvery,
    onDurable(pending) {
      stream.commit(pending.records);
      followers.commit(pending.records);
      control.commit(pending.control);
      if (!pending.erases) return;
      shared.clear();
      for (const { sid, pos } of pending.records) purge(sid, pos, pending.person);
    },
    onFailed(now) {
      shared.clear();
      const before = stream.durable;
      stream.fail(now?.records ?? before);
      if (stream.durable > before) followers.found();
      followers.fail();
      control.fail(now?.control ?? control.durable);
    },
    onFound(now) {
      shared.clear();
      const before = stream.durable;
      stream.found(now.records);
      if (stream.durable > before) followers.found(before);
      control.found(now.control);
    },
  });

  function purge(sid: string, pos: number, person: string | undefined): void {
    stream.purge((entry) =>
      entry.sid === sid
        ? entry.pos !== pos
        : entry.sid === person && entry.record !== undefined && linksTo(entry.record, sid),
    );
  }

  function readPartition(partition: number, after: number, upTo: number, limit: number): Found<LogRecord> {
    const { rows, scanned } = shared.take(partition, after, upTo, limit);
    return found(rows, scanned);
  }

  function readControl(_: number, after: number, upTo: number, limit: number): Found<ControlRecord> {
    const rows = store.control(after, upTo, limit);
    return found(rows, rows.length < limit ? upTo : rows[rows.length - 1]!.pos);
  }

  /** Why records cannot be taken now. */
  function refusal(records: readonly (LogRecord | ControlRecord)[], bound: number): AppendError | undefined {
    if (closing !== undefined) return new AppendError("not-stored", "The log is closed.");
    if (queue.records + records.length <= bound && queue.characters < MAX_QUEUED_CHARACTERS) return undefined;
    const message = `${queue.records} records wait to be stored: come back.`;
    return new AppendError("not-stored", message, { busy: true });
  }

  function sessionRefusal(sid: string, records: readonly LogRecord[]): AppendError | undefined {
    if (known.get(sid) === undefined) {
      if (!/^[0-9a-f]{40}$/.test(sid)) return new AppendError("not-stored", "A sid is 40 hex digits.");
      try {
        if (store.erased(sid)) return new AppendError("erased", "The session is erased.");
      } catch (cause) {
        return new AppendError("not-stored", `The log cannot be read: ${reason(cause)}`, { cause });
      }
      known.set(sid, partitionOf(sid, partitions));
    }
    const other = records.length > 1 && records.some((record) => record.sid !== sid);
    return other ? new AppendError("not-stored", "Records of one append are of one session.") : undefined;
  }

  /** Fixes the places of records and queues them; resolves when they are durable. */
  function enqueue(
    records: readonly LogRecord[],
    texts: readonly string[],
    { erases, person }: Pick<Pending, "erases" | "person">,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const entries: Entry<LogRecord>[] = [];
      for (let i = 0; i < records.length; i++) {
        const { sid } = records[i]!;
        const partition = known.get(sid) ?? partitionOf(sid, partitions);
        entries.push(stream.place(partition, sid, records[i]!, texts[i]!));
      }
      followers.place(entries);
      queue.add({ records: entries, control: [], erases, person, resolve, reject });
    });
  }

  function append(records: readonly LogRecord[]): Promise<void> {
    const first = records[0];
    if (first === undefined) return Promise.resolve();
    // Whether the session is gone is not known before its erasure is durable.
    const ending = erasing.size > 0 ? erasing.get(first.sid) : undefined;
    if (ending !== undefined) {
      const again = () => append(records);
      return ending.then(again, again);
    }
    const refused = refusal(records, isInput(first) ? maxQueued : maxQueued * 2) ?? sessionRefusal(first.sid, records);
    if (refused !== undefined) return Promise.reject(refused);
    const texts = serialise(records);
    return texts instanceof AppendError ? Promise.reject(texts) : enqueue(records, texts, { erases: false });
  }

  /** Whether a person's records name the session. */
  function linked(person: string | undefined, sid: string): boolean {
    if (person === undefined) return false;
    const rows = store.session(person, 0, stream.durable, Number.MAX_SAFE_INTEGER);
    return rows.some((row) => linksTo(parse<LogRecord>(row), sid));
  }

  async function erase(sid: string, record: LogRecord, person: string | undefined): Promise<void> {
    // While the outcome of a commit is unknown, the tail may still show what the store has erased.
    if (queue.unsure || !store.erased(sid) || linked(person, sid)) {
      const full = refusal([record], maxQueued * 2);
      if (full !== undefined) throw full;
      known.delete(sid);
      await enqueue([record], [JSON.stringify(record)], { erases: true, person });
    }
    try {
      await store.scrub();
    } catch (cause) {
      const message = `The session is void, but its text may still be in the files: ${reason(cause)} Erase it again.`;
      throw new AppendError("unknown", message, { cause });
    }
  }

  return {
    partitions,
    start: "0",
    partitionOf: (sid) => partitionOf(sid, partitions),

    append,

    async read(sid) {
      const rows = store.session(sid, 0, stream.durable, Number.MAX_SAFE_INTEGER);
      return rows.length === 0 || store.erased(sid) ? [] : rows.map(parse<LogRecord>);
    },

    follow: (sid, tailOptions) => followers.follow(sid, tailOptions),
    subscribe: (partition, after, tailOptions) => stream.subscribe(partition, after, tailOptions),
    head: async (partition) => stream.head(partition),
    reached: (a: Cursor, b: Cursor) => Number(a) <= Number(b),
    distance: (a: Cursor, b: Cursor) => Math.max(0, Number(b) - Number(a)),

    erase(sid, at, person) {
      const running = erasing.get(sid);
      // One under way may not have been told whose session it is.
      if (running !== undefined && person === undefined) return running;
      const begun = () => erase(sid, erasedRecord(sid, at), person);
      const run = running === undefined ? begun() : running.then(begun, begun);
      const ended = run.finally(() => {
        if (erasing.get(sid) === ended) erasing.delete(sid);
      });
      erasing.set(sid, ended);
      return ended;
    },

    signal(sid, data) {
      for (const listener of [...listeners]) listener(sid, data);
    },
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    control: {
      append(records) {
        if (records.length === 0) return Promise.resolve();
        const refused = refusal(records, maxQueued * 2);
        if (refused !== undefined) return Promise.reject(refused);
        const texts = serialise(records);
        if (texts instanceof AppendError) return Promise.reject(texts);
        return new Promise((resolve, reject) => {
          const entries = records.map((record, i) => control.place(0, "", record, texts[i]!));
          queue.add({ records: [], control: entries, erases: false, resolve, reject } satisfies Pending);
        });
      },
      subscribe: (after, tailOptions) => control.subscribe(0, after, tailOptions),
      head: async () => control.head(0),
    },

    health: () => queue.health(),

    close() {
      closing ??= queue
        .drain()
        .then(() => {
          stream.close();
          control.close();
          followers.close();
        })
        .then(() => store.close());
      return closing;
    },
  };
}

export const parse = <R>(row: Row): R => JSON.parse(row.data) as R;

/** Stored rows as what was found among them. */
export const found = <R>(rows: readonly Row[], scanned: number): Found<R> => ({
  records: rows.map(parse<R>),
  scanned,
  last: rows.at(-1)?.pos ?? 0,
});

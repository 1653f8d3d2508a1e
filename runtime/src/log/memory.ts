import type { LogRecord } from "@parley/shared/record";
import { linksTo } from "./erased.js";
import { type EventLog, LogOpenError } from "./event-log.js";
import { createQueuedLog, DEFAULT_PARTITIONS, type LogOptions } from "./queued-log.js";
import { CommitError, type Group, type Row, type SessionRow, type Store } from "./store.js";

/**
 * The durable data of a memory log, a plain object. A second log over the same store is the process started again: what
 * the first had not committed is lost, and the first stores nothing any more.
 */
export type MemoryStore = {
  partitions: number;
  /** Who may write: counts the logs opened over it. */
  owner: number;
  records: SessionRow[];
  control: Row[];
  sessions: Map<string, Row[]>;
  erased: Set<string>;
};

export const createMemoryStore = (partitions = DEFAULT_PARTITIONS): MemoryStore => ({
  partitions,
  owner: 0,
  records: [],
  control: [],
  sessions: new Map(),
  erased: new Set(),
});

export type MemoryLogOptions = LogOptions & { readonly store?: MemoryStore };

/**
 * An event log in memory, for tests and previews: the same queue, levels and failures as the one on disk.
 * @throws LogOpenError `partitions` if the store was made with another number
 */
export function createMemoryLog(options: MemoryLogOptions = {}): EventLog {
  const data = options.store ?? createMemoryStore(options.partitions);
  if (options.partitions !== undefined && options.partitions !== data.partitions) {
    throw new LogOpenError("partitions", `The log has ${data.partitions} partitions, not ${options.partitions}.`);
  }
  const heads = { records: last(data.records), control: last(data.control) };
  return createQueuedLog(memoryStore(data), heads, { ...options, partitions: data.partitions });
}

/** The store below a memory log; it takes the data over from whoever had it. */
export function memoryStore(data: MemoryStore): Store {
  const owner = ++data.owner;
  return {
    async commit(group) {
      if (data.owner !== owner) throw new CommitError("The process of this log has ended.", { certain: true });
      apply(data, group);
    },
    heads: async () => ({ records: last(data.records), control: last(data.control) }),
    probe: async () => {},
    records: (after, upTo, limit) => between(data.records, after, upTo, limit),
    session: (sid, after, upTo, limit) => between(data.sessions.get(sid) ?? [], after, upTo, limit),
    control: (after, upTo, limit) => between(data.control, after, upTo, limit),
    erased: (sid) => data.erased.has(sid),
    scrub: async () => {},
    close: async () => {},
  };
}

function apply(data: MemoryStore, group: Group): void {
  for (let i = 0; i < group.sids.length; i++) {
    const row = { pos: group.first + i, sid: group.sids[i]!, data: group.data[i]! };
    data.records.push(row);
    const session = data.sessions.get(row.sid);
    if (session === undefined) data.sessions.set(row.sid, [row]);
    else session.push(row);
  }
  group.control.forEach((text, i) => {
    data.control.push({ pos: group.controlFirst + i, data: text });
  });
  for (const { sid, pos, person } of group.erased) {
    data.erased.add(sid);
    take(data, sid, (row) => row.pos !== pos);
    if (person !== undefined) take(data, person, (row) => linksTo(JSON.parse(row.data) as LogRecord, sid));
  }
}

/** Takes rows of a session out; of one without any other its name as well. */
function take(data: MemoryStore, sid: string, gone: (row: Row) => boolean): void {
  data.records = data.records.filter((row) => row.sid !== sid || !gone(row));
  const left = (data.sessions.get(sid) ?? []).filter((row) => !gone(row));
  if (left.length > 0) data.sessions.set(sid, left);
  else data.sessions.delete(sid);
}

/**
 * Takes a session out without a trace, for a log of sessions that nobody names again once they ended (previews): an
 * erasure would leave a record of each. Nothing of it may be under way.
 */
export function forgetSession(data: MemoryStore, sid: string): void {
  data.records = data.records.filter((row) => row.sid !== sid);
  data.sessions.delete(sid);
  data.erased.delete(sid);
}

const last = (rows: readonly Row[]): number => rows[rows.length - 1]?.pos ?? 0;

function between<T extends Row>(rows: readonly T[], after: number, upTo: number, limit: number): T[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.pos > after) high = middle;
    else low = middle + 1;
  }
  let end = low;
  while (end < rows.length && end - low < limit && rows[end]!.pos <= upTo) end++;
  return rows.slice(low, end);
}

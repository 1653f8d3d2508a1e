import { setTimeout as delay } from "node:timers/promises";
import { isErased, type LogRecord } from "@parley/shared/record";
import {
  AppendError,
  type Cursor,
  type EventLog,
  type Followed,
  type Tail,
  type TailOptions,
} from "../log/event-log.js";
import { Recent } from "../log/recent.js";
import { serialise } from "../log/serialise.js";
import { type Key, KeysAwayError, type SessionKeys } from "./keys.js";
import { open, type SealedRecord, seal, sealedOf } from "./seal.js";

/** Keys that a process remembers: of conversations that are under way. */
const REMEMBERED = 20_000;
type Known = { readonly key: Key };
/** Between two tries to get a key that a reader needs, ms. */
const AGAIN = 500;

/**
 * A log whose records are sealed by a key for each session. An engine that deletes nothing keeps what nobody can read:
 * erasing drops the key. A record whose key was dropped is void; one whose key cannot be had is waited for.
 */
export function sealedLog(inner: EventLog, keys: SessionKeys): EventLog {
  const known = new Recent<Known>(REMEMBERED);
  let away: string | undefined;
  /** Until the last append of a session that waits for its key has it. */
  const waiting = new Map<string, Promise<void>>();
  let closed = false;

  const keysOf = async (sids: Iterable<string>): Promise<ReadonlyMap<string, Key>> => {
    const found = new Map<string, Key>();
    const asked = new Set<string>();
    for (const sid of sids) {
      const held = known.get(sid);
      if (held) found.set(sid, held.key);
      else asked.add(sid);
    }
    if (asked.size === 0) return found;
    try {
      for (const [sid, key] of learned(await keys.of([...asked]))) found.set(sid, key);
      away = undefined;
    } catch (error) {
      away = error instanceof Error ? error.message : String(error);
      throw error;
    }
    return found;
  };

  const learned = (told: ReadonlyMap<string, Key>): ReadonlyMap<string, Key> => {
    for (const [sid, key] of told) known.set(sid, { key });
    return told;
  };

  const opened = async (records: readonly LogRecord[]): Promise<readonly LogRecord[]> => {
    for (const record of records) if (isErased(record)) known.delete(record.sid);
    const sealed = records.flatMap((record) => sealedOf(record) ?? []);
    if (sealed.length === 0) return records;
    const found = await keysOf(new Set(sealed.map(({ sid }) => sid)));
    return records.flatMap((record) => {
      const one = sealedOf(record);
      if (!one) return record;
      const key = found.get(one.sid);
      return key === undefined ? [] : opens(record, one, key);
    });
  };

  /** The same, waiting for keys until the signal aborts; undefined then. */
  const patiently = async (records: readonly LogRecord[], signal: AbortSignal) => {
    for (;;) {
      if (signal.aborted) return undefined;
      try {
        return await opened(records);
      } catch (error) {
        if (!(error instanceof KeysAwayError)) throw error;
        await delay(AGAIN, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  const append = (records: readonly LogRecord[]): Promise<void> => {
    const sid = records[0]?.sid;
    // What the log would not take as it is said is not sealed either, and no key is made for it.
    const texts = serialise(records);
    if (texts instanceof AppendError) return Promise.reject(texts);
    if (closed) return Promise.reject(new AppendError("not-stored", "The log is closed."));
    if (sid === undefined || !/^[0-9a-f]{40}$/.test(sid)) return inner.append(records);
    const before = waiting.get(sid);
    if (before)
      return place(
        sid,
        records,
        before.then(() => keyOf(sid)),
      );
    // At once where it can be, so that what is appended one after the other is placed so.
    const held = known.get(sid) ?? told(sid);
    return held instanceof Promise ? place(sid, records, held) : placed(records, held.key);
  };

  const keyOf = async (sid: string) => ({ key: (await keysOf([sid])).get(sid) });

  /** A key as it is at hand, or once it was told. */
  const told = (sid: string): Known | Promise<Known> => {
    const found = keys.of([sid]);
    if (!(found instanceof Promise)) return { key: learned(found).get(sid) };
    return found.then((map) => ({ key: learned(map).get(sid) }));
  };

  /** Behind what waits for the same key, and before what comes after. */
  const place = (sid: string, records: readonly LogRecord[], held: Promise<Known>): Promise<void> => {
    const settled = held.then(
      () => undefined,
      () => undefined,
    );
    waiting.set(sid, settled);
    void settled.then(() => waiting.get(sid) === settled && waiting.delete(sid));
    return held.then(
      ({ key }) => placed(records, key),
      (cause: unknown) => {
        if (!(cause instanceof KeysAwayError)) throw cause;
        away = cause.message;
        throw new AppendError("not-stored", cause.message, { cause });
      },
    );
  };

  const placed = (records: readonly LogRecord[], key: Key): Promise<void> => {
    if (key === undefined) return Promise.reject(new AppendError("erased", "The session is erased."));
    return inner.append(records.map((record) => seal(record, key)));
  };

  async function* follow(sid: string, options: TailOptions): AsyncIterable<Followed> {
    for await (const part of inner.follow(sid, options)) {
      if (!("records" in part)) yield part;
      else {
        const records = await patiently(part.records, options.signal);
        if (!records) return;
        yield { records };
      }
    }
  }

  async function* subscribe(
    partition: number,
    after: Cursor | undefined,
    options: TailOptions,
  ): AsyncIterable<Tail<LogRecord>> {
    for await (const batch of inner.subscribe(partition, after, options)) {
      if ("gap" in batch) yield batch;
      else {
        const records = await patiently(batch.records, options.signal);
        if (!records) return;
        yield { records, cursor: batch.cursor };
      }
    }
  }

  return {
    partitions: inner.partitions,
    ...(inner.sameLevels !== undefined && { sameLevels: inner.sameLevels }),
    start: inner.start,
    control: inner.control,
    partitionOf: (sid) => inner.partitionOf(sid),
    append,
    read: async (sid) => opened(await inner.read(sid)),
    follow,
    subscribe,
    head: (partition) => inner.head(partition),
    reached: (a, b) => inner.reached(a, b),
    distance: (a, b) => inner.distance(a, b),
    async erase(sid, at, person) {
      await inner.erase(sid, at, person);
      known.delete(sid);
      await keys.drop(sid);
    },
    signal: (sid, data) => inner.signal(sid, data),
    onSignal: (listener) => inner.onSignal(listener),
    health() {
      const health = inner.health();
      return health.ok && away !== undefined ? { ...health, ok: false, problem: away } : health;
    },
    async close() {
      closed = true;
      await Promise.all(waiting.values());
      await inner.close();
      keys.close();
    },
  };
}

/** One that was damaged, or sealed by somebody else, stays as it is: an unknown kind, which stops that session alone (L4). */
function opens(record: LogRecord, sealed: SealedRecord, key: Buffer): LogRecord {
  try {
    return open(sealed, key);
  } catch {
    return record;
  }
}

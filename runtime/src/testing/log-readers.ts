import type { ControlRecord, LogRecord } from "@parley/shared/record";
import type { Cursor, EventLog, Followed, Level, Tail } from "../log/event-log.js";

/** What a reader of a log was given, and waiting for more of it. */
export class LogReader {
  readonly ids: string[] = [];
  /** `ids` with "caught up" and "gap" where they came. */
  readonly told: string[] = [];
  cursor: Cursor | undefined;
  /** Resolves with what the iterator threw, or undefined at its end. */
  readonly ended: Promise<unknown>;
  readonly #end = new AbortController();
  #wake: (() => void)[] = [];

  constructor(read: (signal: AbortSignal) => AsyncIterable<Tail<LogRecord | ControlRecord> | Followed>) {
    this.ended = this.#run(read(this.#end.signal)).catch((error: unknown) => error);
  }

  async #run(parts: AsyncIterable<Tail<LogRecord | ControlRecord> | Followed>): Promise<undefined> {
    for await (const part of parts) {
      if ("gap" in part) this.told.push("gap");
      else if ("caughtUp" in part) this.told.push("caught up");
      else {
        const ids = part.records.map((record) => record.id);
        this.ids.push(...ids);
        this.told.push(...ids);
        if ("cursor" in part) this.cursor = part.cursor;
      }
      for (const wake of this.#wake.splice(0)) wake();
    }
  }

  /** Resolves once so many records came. */
  async count(n: number): Promise<this> {
    await this.until(() => this.ids.length >= n);
    return this;
  }

  async until(found: () => boolean): Promise<void> {
    while (!found()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Ends the reader by its signal; what it was given. */
  async stop(): Promise<string[]> {
    this.#end.abort();
    const error = await this.ended;
    if (error !== undefined) throw error;
    return this.ids;
  }
}

export const subscribed = (log: EventLog, partition: number, after?: Cursor, level?: Level): LogReader =>
  new LogReader((signal) => log.subscribe(partition, after, { signal, ...(level && { level }) }));

export const followed = (log: EventLog, sid: string, level?: Level): LogReader =>
  new LogReader((signal) => log.follow(sid, { signal, ...(level && { level }) }));

/** The durable records of a partition after a cursor, up to its head, and the cursor there. */
export async function tail(
  log: EventLog,
  partition: number,
  after?: Cursor,
): Promise<{ records: LogRecord[]; ids: string[]; cursor: Cursor }> {
  const head = await log.head(partition);
  const records: LogRecord[] = [];
  let cursor = after ?? log.start;
  const end = new AbortController();
  if (!log.reached(head, cursor)) {
    for await (const batch of log.subscribe(partition, after, { signal: end.signal })) {
      if ("gap" in batch) continue;
      records.push(...batch.records);
      cursor = batch.cursor;
      if (log.reached(head, cursor)) break;
    }
  }
  return { records, ids: records.map((record) => record.id), cursor };
}

/** Every durable record of a log, partition by partition. */
export async function everything(log: EventLog): Promise<LogRecord[]> {
  const parts = await Promise.all(Array.from({ length: log.partitions }, (_, partition) => tail(log, partition)));
  return parts.flatMap((part) => part.records);
}

/** Records by session, each session's in their order. */
export function bySession(records: readonly LogRecord[]): Map<string, LogRecord[]> {
  const sessions = new Map<string, LogRecord[]>();
  for (const record of records) {
    const session = sessions.get(record.sid);
    if (session) session.push(record);
    else sessions.set(record.sid, [record]);
  }
  return sessions;
}

export const idsOf = async (log: EventLog, sid: string): Promise<string[]> =>
  (await log.read(sid)).map((record) => record.id);

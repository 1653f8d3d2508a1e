import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { type Beginning, isErased, type LogRecord } from "@parley/shared/record";
import { Conversation, type ConversationEvent } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import type { Cursor, EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { ProjectionStore, SessionRow } from "./store.js";

const FLUSH = 1_000;
const IDLE = 5_000;
/** Rows written in one go: what the event loop waits for. */
const ROWS = 200;
/** Rows that may wait to be written: beyond, reading waits for them. */
const MAX_DIRTY = 5_000;
const NO_CURSORS: ReadonlyMap<number, Cursor> = new Map();

/** `turns`: how many the conversation has had, counted in the row or not. */
type Active = { row: SessionRow; conversation: Conversation; turns: number; touched: number };

/**
 * Keeps the projections: sessions and counts, from the log alone. A row says how many messages and turns of its session
 * are counted in it, so a record read twice is counted once, and a projection built anew is the same.
 */
export class Projector {
  readonly #active = new Map<string, Active>();
  readonly #cursors = new Map<number, Cursor>();
  /** Whose row is not written as it is. */
  readonly #dirty = new Set<Active>();
  #writing: Promise<void> | undefined;

  constructor(
    private readonly options: {
      readonly log: EventLog;
      readonly store: ProjectionStore;
      readonly logger: Logger;
      readonly metrics: Metrics;
      readonly now: () => number;
      /** Milliseconds between two writes. */
      readonly flushEvery?: number;
    },
  ) {}

  /** Starts; resolves when the projections have everything that is in the log now. */
  async start(signal: AbortSignal): Promise<void> {
    const { log, logger } = this.options;
    await this.#checkLog().catch((error: unknown) => logger.warn({ err: error }, "the log's end cannot be read"));
    const ready = Array.from(
      { length: log.partitions },
      (_, p) => new Promise<void>((up) => void this.#own(p, signal, up)),
    );
    void this.#flushing(signal);
    await Promise.all(ready);
  }

  /** A log that ends before what was projected is an older copy of it: everything is built anew. */
  async #checkLog(): Promise<void> {
    const { log, store, logger } = this.options;
    for (let partition = 0; partition < log.partitions; partition++) {
      const cursor = store.cursor(partition);
      if (cursor === undefined || log.reached(cursor, await log.head(partition))) continue;
      logger.warn({ partition }, "an older log was put back: the projections are built anew");
      return store.clear();
    }
  }

  async #own(partition: number, signal: AbortSignal, ready: () => void): Promise<void> {
    const { log, logger, store } = this.options;
    while (!signal.aborted) {
      try {
        const head = await log.head(partition);
        let after = this.#cursors.get(partition) ?? store.cursor(partition) ?? log.start;
        if (log.reached(head, after)) ready();
        for await (const batch of log.subscribe(partition, after, { signal })) {
          if ("gap" in batch) {
            logger.error({ partition }, `records are missing: ${batch.gap}`);
            continue;
          }
          await this.#take(batch.records);
          after = batch.cursor;
          this.#cursors.set(partition, after);
          if (log.reached(head, after)) ready();
          if (this.#dirty.size >= MAX_DIRTY) await this.#write(signal);
        }
        if (!signal.aborted) throw new Error("The log has ended its stream.");
      } catch (error) {
        logger.warn({ err: error, partition }, "a projection is read again");
        await delay(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #take(records: readonly LogRecord[]): Promise<void> {
    for (const record of records) {
      let active = this.#active.get(record.sid);
      if (isErased(record)) {
        if (active) this.#dirty.delete(active);
        this.#active.delete(record.sid);
        this.options.store.erase(record.sid);
      } else if (active) this.#count(active, active.conversation.push(record));
      else {
        active = await this.#load(record);
        if (active) this.#active.set(record.sid, active);
      }
    }
  }

  /** Reads a session whole: a first record begins an empty one, any other is found in the log with all before it. */
  async #load(record: LogRecord): Promise<Active | undefined> {
    const { log, store, now } = this.options;
    const row = store.session(record.sid);
    const fresh = row === undefined && record.payload === undefined;
    const conversation = new Conversation();
    let active: Active | undefined;
    // One by one: a start over in between moves to another version, under which what follows counts.
    for (const one of fresh ? [record] : await log.read(record.sid)) {
      const events = conversation.push(one);
      if (!conversation.beginning) continue;
      active ??= { row: row ?? newRow(one, conversation.beginning), conversation, turns: 0, touched: now() };
      this.#count(active, events);
    }
    if (active) this.#dirty.add(active);
    return active;
  }

  #count(active: Active, events: readonly ConversationEvent[]): void {
    const { row, conversation } = active;
    active.touched = this.options.now();
    const version = conversation.beginning?.version ?? row.version;
    for (const event of events) {
      if (event.kind === "turn") active.turns += 1;
      if (event.kind === "turn" ? active.turns <= row.turns : event.seq <= row.seq) continue; // Counted before.
      row.version = version;
      if (event.kind === "message") {
        row.seq = event.seq;
        row.last = event.at;
        if (event.state !== undefined) add(row, version, "sent", event.state);
      } else {
        row.turns = active.turns;
        row.ended = event.ended;
        if (event.state !== undefined) add(row, version, "matched", event.state);
      }
      this.#dirty.add(active);
    }
  }

  async #flushing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(this.options.flushEvery ?? FLUSH, undefined, { signal }).catch(() => undefined);
      try {
        await this.#write(signal);
        this.#forget(this.options.now() - IDLE);
      } catch (error) {
        this.options.logger.warn({ err: error }, "projections could not be written; they are written again later");
      }
    }
  }

  /** Writes what changed, a few rows at a time so that nobody waits long. */
  #write(signal: AbortSignal): Promise<void> {
    this.#writing ??= this.#writeSlices(signal).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeSlices(signal: AbortSignal): Promise<void> {
    // They go with the last row that is dirty now. Rows may be ahead of them: what is read again is not counted again.
    const cursors = new Map(this.#cursors);
    const changed = [...this.#dirty];
    for (let from = 0; !signal.aborted; from += ROWS) {
      const rest = from + ROWS < changed.length;
      this.#save(changed.slice(from, from + ROWS), rest ? NO_CURSORS : cursors);
      if (!rest) return;
      await nextTurn();
    }
  }

  /** Writes what changed and the cursors, at once. */
  flush(): void {
    this.#save([...this.#dirty], this.#cursors);
  }

  #save(some: readonly Active[], cursors: ReadonlyMap<number, Cursor>): void {
    const changed = some.filter((active) => this.#dirty.has(active)); // Erased meanwhile, or written by `flush`.
    this.options.store.save(
      changed.map((active) => active.row),
      cursors,
    );
    for (const active of changed) this.#dirty.delete(active);
    this.options.metrics.projectionLag.set(this.#dirty.size);
  }

  #forget(before: number): void {
    for (const [sid, active] of this.#active) {
      if (active.touched < before && !this.#dirty.has(active)) this.#active.delete(sid);
    }
  }
}

const newRow = ({ sid, timestamp }: LogRecord, { flow, version }: Beginning): SessionRow => ({
  sid,
  flow,
  version,
  started: timestamp,
  last: timestamp,
  seq: 0,
  turns: 0,
  ended: false,
  counts: {},
});

function add(row: SessionRow, version: number, kind: "sent" | "matched", state: string): void {
  const key = `[${version},"${kind}",${JSON.stringify(state)}]`;
  row.counts[key] = (row.counts[key] ?? 0) + 1;
}

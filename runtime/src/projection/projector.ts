import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { isErased, type LogRecord } from "@parley/shared/record";
import type { Logger } from "pino";
import type { Cursor, EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import { type Part, SessionFold } from "./fold.js";
import type { HandOff } from "./hand-offs.js";
import type { ProjectionStore } from "./store.js";

const FLUSH = 1_000;
/** … and what somebody waits for: that a conversation is with a person, or waits for one. */
const SOON = 50;
/** What is written so seldom may come late, in ms. */
const LAG = 250;
const IDLE = 5_000;
/** Rows written in one go: what the event loop waits for. */
const ROWS = 100;
/** Rows that may wait to be written: beyond, reading waits for them. */
const MAX_DIRTY = 5_000;
const NO_CURSORS: ReadonlyMap<number, Cursor> = new Map();

type Active = { readonly fold: SessionFold; readonly changed: Set<Part>; touched: number };

/**
 * Keeps the projections: conversations, their words, answers and counts, from the log alone. What is written of a session
 * is a function of its records, so a record read twice is counted once, and a projection built anew is the same.
 */
export class Projector {
  readonly #active = new Map<string, Active>();
  readonly #cursors = new Map<number, Cursor>();
  /** Whose row is not written as it is. */
  readonly #dirty = new Set<Active>();
  readonly #begun = new Set<number>();
  /** From where to where each partition had to be read when it was begun, until all of that is written. */
  readonly #owed = new Map<number, { readonly from: Cursor; readonly to: Cursor }>();
  /** Sessions that are being erased: nothing of them is written again, whatever is still on its way here. */
  readonly #gone = new Set<string>();
  #writing: Promise<void> | undefined;
  /** Ends the pause before the next write. */
  #hurry: (() => void) | undefined;

  constructor(
    private readonly options: {
      readonly log: EventLog;
      readonly store: ProjectionStore;
      readonly logger: Logger;
      readonly metrics: Metrics;
      readonly now: () => number;
      /** Milliseconds between two writes. */
      readonly flushEvery?: number;
      /** Told, after each write, the flows whose conversations it changed. */
      readonly onChanged?: (flows: ReadonlySet<string>) => void;
      /** Told, after each write, the hand-offs that it wrote; after a start also those that were written before. */
      readonly onHandOffs?: (rows: readonly HandOff[]) => void;
      /** Told before what is kept of a session goes. */
      readonly onErasing?: (sid: string) => void;
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
    // Who asks now need not wait for the next write.
    await this.#write(signal).catch(() => undefined);
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

  /** What was in the log of a partition when it was first looked at has to be written. */
  #owe(partition: number, from: Cursor, to: Cursor): void {
    if (this.#begun.has(partition)) return;
    this.#begun.add(partition);
    if (!this.options.log.reached(to, from)) this.#owed.set(partition, { from, to });
  }

  /** How far each partition is read. */
  get places(): ReadonlyMap<number, Cursor> {
    return this.#cursors;
  }

  /** The share of what was in the log at the start that was read since, from 0 to below 1; undefined once it is written. */
  get catchingUp(): number | undefined {
    const { log } = this.options;
    if (this.#begun.size < log.partitions) return 0;
    if (this.#owed.size === 0) return undefined;
    let [done, all] = [0, 0];
    for (const [partition, { from, to }] of this.#owed) {
      const whole = log.distance(from, to);
      all += whole;
      done += whole - log.distance(this.#cursors.get(partition) ?? from, to);
    }
    return Math.min(0.99, done / all);
  }

  async #own(partition: number, signal: AbortSignal, ready: () => void): Promise<void> {
    const { log, logger, store } = this.options;
    while (!signal.aborted) {
      try {
        const head = await log.head(partition);
        let after = this.#cursors.get(partition) ?? store.cursor(partition) ?? log.start;
        this.#owe(partition, after, head);
        if (log.reached(head, after)) ready();
        for await (const batch of log.subscribe(partition, after, { signal, lag: LAG })) {
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
      const { sid } = record;
      if (isErased(record)) {
        this.erase(sid);
        this.#gone.delete(sid); // The last that comes of it.
        continue;
      }
      if (this.#gone.has(sid)) continue;
      const active = this.#active.get(sid) ?? (await this.#load(record));
      if (!active || this.#gone.has(sid)) continue;
      this.#active.set(sid, active);
      this.#push(active, record);
    }
  }

  /** A first record begins an empty session; any other finds it in the log with all before it, itself included. */
  async #load(record: LogRecord): Promise<Active | undefined> {
    const active: Active = { fold: new SessionFold(), changed: new Set(), touched: 0 };
    if (record.payload === undefined && !this.options.store.has(record.sid)) return active;
    for (const one of await this.options.log.read(record.sid)) this.#push(active, one);
    return active.fold.parts.length > 0 ? active : undefined;
  }

  /** A record that was pushed before changes nothing. */
  #push(active: Active, record: LogRecord): void {
    active.touched = this.options.now();
    const { stirs } = active.fold.handOffs;
    for (const part of active.fold.push(record)) active.changed.add(part);
    if (active.changed.size > 0) this.#dirty.add(active);
    if (active.fold.handOffs.stirs !== stirs && this.catchingUp === undefined) this.#hurry?.();
  }

  /** Forgets a session that is erased in the log, at once and for good; its record will follow. */
  erase(sid: string): void {
    this.#gone.add(sid);
    const active = this.#active.get(sid);
    if (active) this.#dirty.delete(active);
    this.#active.delete(sid);
    this.options.onErasing?.(sid);
    const flow = this.options.store.erase(sid);
    if (flow !== undefined) this.options.onChanged?.(new Set([flow]));
  }

  async #flushing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pause(signal);
      try {
        await this.#write(signal);
        this.#forget(this.options.now() - IDLE);
      } catch (error) {
        this.options.logger.warn({ err: error }, "projections could not be written; they are written again later");
      }
    }
  }

  /** Until the next write; when somebody waits for something, that comes soon. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { flushEvery = FLUSH } = this.options;
    const hurry = new AbortController();
    this.#hurry = () => hurry.abort();
    await delay(flushEvery, undefined, { signal: AbortSignal.any([signal, hurry.signal]) }).catch(() => undefined);
    this.#hurry = undefined;
    if (hurry.signal.aborted) await delay(Math.min(SOON, flushEvery), undefined, { signal }).catch(() => undefined);
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
    const parts = changed.flatMap((active) => [...active.changed]);
    this.options.store.save(parts, cursors);
    const handOffs = parts.flatMap((part) => part.handOffs);
    for (const [partition, { to }] of this.#owed) {
      if (this.options.log.reached(to, cursors.get(partition) ?? this.options.log.start)) this.#owed.delete(partition);
    }
    for (const active of changed) {
      for (const part of active.changed) {
        [part.texts, part.given] = [[], []];
        part.handOffs = part.handOffs.filter(({ ended }) => ended === undefined);
      }
      active.changed.clear();
      this.#dirty.delete(active);
    }
    this.options.metrics.projectionLag.set(this.#dirty.size);
    if (parts.length > 0) this.options.onChanged?.(new Set(parts.map(({ flow }) => flow)));
    if (handOffs.length > 0) this.options.onHandOffs?.(handOffs);
  }

  #forget(before: number): void {
    for (const [sid, active] of this.#active) {
      if (active.touched < before && !this.#dirty.has(active)) this.#active.delete(sid);
    }
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { isErased, type LogRecord } from "@parley/shared/record";
import { Conversation, type ConversationEvent, conversation } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import type { Cursor, EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { ProjectionStore, SessionRow } from "./store.js";

const FLUSH = 1_000;
const IDLE = 15_000;
/** Rows written in one go: what the event loop waits for a flush. */
const ROWS = 200;

type Active = { row: SessionRow; conversation: Conversation; touched: number; dirty: boolean };

/**
 * Keeps the projections: sessions and counts, from the log alone. A row says how many messages and turns of its session
 * are counted in it, so a record read twice is counted once, and a projection built anew is the same.
 */
export class Projector {
  readonly #active = new Map<string, Active>();
  readonly #cursors = new Map<number, Cursor>();
  #dirty = 0;

  constructor(
    private readonly options: {
      readonly log: EventLog;
      readonly store: ProjectionStore;
      readonly logger: Logger;
      readonly metrics: Metrics;
      readonly now: () => number;
    },
  ) {}

  /** Starts; resolves when the projections have everything that is in the log now. */
  async start(signal: AbortSignal): Promise<void> {
    const { log } = this.options;
    const ready = Array.from(
      { length: log.partitions },
      (_, p) => new Promise<void>((up) => void this.#own(p, signal, up)),
    );
    void this.#flushing(signal);
    await Promise.all(ready);
  }

  async #own(partition: number, signal: AbortSignal, ready: () => void): Promise<void> {
    const { log, logger, store } = this.options;
    while (!signal.aborted) {
      try {
        const head = await log.head(partition);
        let after = this.#cursors.get(partition) ?? store.cursor(partition) ?? log.start;
        if (log.reached(head, after)) ready();
        for await (const batch of log.subscribe(partition, after, { signal })) {
          if ("gap" in batch) continue;
          await this.#take(batch.records);
          after = batch.cursor;
          this.#cursors.set(partition, after);
          if (log.reached(head, after)) ready();
          if (this.#dirty >= ROWS) this.flush();
        }
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
    const { events, after } = fresh
      ? { events: [], after: new Conversation() }
      : conversation(await log.read(record.sid));
    if (fresh) events.push(...after.push(record));
    const begun = after.beginning;
    if (!begun) return undefined;
    const active: Active = {
      row: row ?? {
        sid: record.sid,
        flow: begun.flow,
        version: begun.version,
        started: record.timestamp,
        last: record.timestamp,
        seq: 0,
        turns: 0,
        ended: false,
        counts: {},
      },
      conversation: after,
      touched: now(),
      dirty: false,
    };
    let turns = 0;
    const missing = events.filter((event) =>
      event.kind === "message" ? event.seq > active.row.seq : ++turns > active.row.turns,
    );
    this.#count(active, missing);
    this.#mark(active);
    return active;
  }

  #count(active: Active, events: readonly ConversationEvent[]): void {
    active.touched = this.options.now();
    if (events.length === 0) return;
    const { row, conversation } = active;
    const version = conversation.beginning?.version ?? row.version;
    row.version = version;
    for (const event of events) {
      if (event.kind === "message") {
        row.seq = event.seq;
        row.last = event.at;
        if (event.state !== undefined) add(row, version, "sent", event.state);
      } else {
        row.turns += 1;
        row.ended = event.ended;
        if (event.state !== undefined) add(row, version, "matched", event.state);
      }
    }
    this.#mark(active);
  }

  #mark(active: Active): void {
    if (active.dirty) return;
    active.dirty = true;
    this.#dirty += 1;
  }

  async #flushing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(FLUSH, undefined, { signal }).catch(() => undefined);
      try {
        this.flush();
      } catch (error) {
        this.options.logger.warn({ err: error }, "projections could not be written; they are written again later");
      }
    }
  }

  /** Writes what changed, then the cursors, in one transaction. */
  flush(): void {
    const { store, now, metrics } = this.options;
    const changed: Active[] = [];
    for (const [sid, active] of this.#active) {
      if (active.dirty) changed.push(active);
      else if (active.touched < now() - IDLE) this.#active.delete(sid);
    }
    store.save(
      changed.map((active) => active.row),
      this.#cursors,
    );
    for (const active of changed) active.dirty = false;
    this.#dirty = 0;
    metrics.projectionLag.set(0);
  }
}

function add(row: SessionRow, version: number, kind: "sent" | "matched", state: string): void {
  const key = JSON.stringify([version, kind, state]);
  row.counts[key] = (row.counts[key] ?? 0) + 1;
}

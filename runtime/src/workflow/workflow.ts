import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { type Cursor, type EventLog, LogOpenError } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import type { Tracer } from "../tracing/tracer.js";
import type { Alarm } from "./alarm.js";
import { DueList } from "./due-list.js";
import { everyOf, type Ownership, owns, type RunPartition } from "./ownership.js";
import { Partition } from "./partition.js";
import { type Place, type PlaceStore, Unfinished } from "./place.js";

/** How often the places are saved, in ms: what is read again after a crash. */
const SAVE = 1_000;
const MAX_BACKOFF = 2_000;
/** Sessions that are read and finished at once when a partition starts. */
const FINISH = 200;

export type WorkflowOptions = {
  readonly log: EventLog;
  readonly registry: Pick<Registry, "program" | "onPublished">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly places: PlaceStore;
  readonly now: () => number;
  /** What wakes it when a hand-off has waited long enough. Default: the machine's timers. */
  readonly alarm?: Alarm;
  /** Which partitions are stepped here. Default: all. */
  readonly ownership?: Ownership;
  readonly tracer?: Tracer | undefined;
};

/**
 * Owns sessions by partition: steps over what visitors sent and appends what the bot says. Built to be cut off at any
 * place: whatever fails, a partition is read again from a durable place, and its unfinished runs are finished.
 */
export class Workflow {
  readonly #places = new Map<number, Place>();
  readonly #ownership: Ownership;
  #saving: Promise<void> | undefined;

  constructor(private readonly options: WorkflowOptions) {
    this.#ownership = options.ownership ?? owns(everyOf(options.log.partitions));
  }

  /**
   * Starts the partitions that are this process's; resolves once they have finished what was owed and are live.
   * @throws LogOpenError the log is damaged where it has to be read
   */
  async start(signal: AbortSignal): Promise<void> {
    this.#saving = this.#save(signal);
    await this.#ownership.start((partition, own) => this.#begin(partition, own, signal), signal);
  }

  /** Resolves when the places are saved for the last time, after the start's signal has aborted. */
  async ended(): Promise<void> {
    await this.#saving;
    await this.#ownership.ended();
  }

  /** How far the partitions that are this process's are stepped. */
  get places(): ReadonlyMap<number, Cursor> {
    return new Map([...this.#places].map(([partition, { cursor }]) => [partition, cursor]));
  }

  #begin(partition: number, signal: AbortSignal, all: AbortSignal): ReturnType<RunPartition> {
    let ended = Promise.resolve();
    const ready = new Promise<void>((up, fail) => {
      ended = this.#own(partition, signal, up, fail).finally(() => {
        // Another goes on from here; at the end of all the places are saved once more.
        if (!all.aborted) this.#places.delete(partition);
        up();
      });
    });
    return { ready, ended };
  }

  /** Runs one partition until the signal aborts, again after every failure but the damage that a start finds. */
  async #own(number: number, signal: AbortSignal, ready: () => void, fail: (error: Error) => void): Promise<void> {
    const { logger, metrics } = this.options;
    let started = false;
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, MAX_BACKOFF)) {
      try {
        const from = await this.#catchUp(number, signal);
        if (!from || signal.aborted) return;
        const partition = new Partition(this.options, number);
        const owed = [...from.unfinished.keys()];
        for (let i = 0; i < owed.length; i += FINISH) {
          await Promise.all(owed.slice(i, i + FINISH).map((sid) => partition.finish(sid)));
        }
        started = true;
        ready();
        wait = 50;
        await partition.run(from, signal, (place) => this.#places.set(number, place));
      } catch (error) {
        if (signal.aborted) return;
        if (!started && error instanceof LogOpenError && error.code === "corrupt") return fail(error);
        metrics.restarts.inc();
        logger.warn({ err: error, partition: number }, "a partition is read again");
        await delay(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Reads from the saved place to the present end, before anything is appended. */
  async #catchUp(number: number, signal: AbortSignal): Promise<Place | undefined> {
    const { log, logger, places } = this.options;
    const head = await log.head(number);
    const saved = this.#places.get(number) ?? (await places.load()).get(number);
    let cursor = saved?.cursor ?? log.start;
    let unfinished = new Unfinished(saved?.unfinished);
    let due = new DueList(saved?.due);
    // An older log was put back.
    if (!log.reached(cursor, head)) [cursor, unfinished, due] = [log.start, new Unfinished(), new DueList()];
    const done = new AbortController();
    const stop = AbortSignal.any([signal, done.signal]);
    if (!log.reached(head, cursor)) {
      for await (const batch of log.subscribe(number, cursor, { signal: stop })) {
        if ("gap" in batch) {
          logger.error({ partition: number }, `records are missing: ${batch.gap}`);
          continue;
        }
        for (const record of batch.records) {
          unfinished.push(record);
          due.push(record);
        }
        cursor = batch.cursor;
        if (log.reached(head, cursor)) break;
      }
    }
    done.abort();
    if (signal.aborted) return undefined;
    const place = { cursor, unfinished: unfinished.sessions, due: due.times };
    this.#places.set(number, place);
    return place;
  }

  async #save(signal: AbortSignal): Promise<void> {
    const { places, logger } = this.options;
    let last = "";
    for (;;) {
      await delay(SAVE, undefined, { signal }).catch(() => undefined);
      const now = [...this.#places.values()].map((place) => place.cursor).join();
      try {
        if (now !== last) await places.save(this.#places);
        last = now;
      } catch (error) {
        logger.warn({ err: error }, "the workflow's place could not be saved; a start will read more of the log");
      }
      if (signal.aborted) return;
    }
  }
}

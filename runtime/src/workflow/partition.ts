import { type InputRecord, isInput, type LogRecord } from "@parley/shared/record";
import { Conversation } from "@parley/shared/session/conversation";
import { Replay, replay, runRecords } from "@parley/shared/session/replay";
import type { Effect } from "@parley/shared/session/state";
import { AppendError, type Cursor } from "../log/event-log.js";
import { type Place, Unfinished } from "./place.js";
import type { WorkflowOptions } from "./workflow.js";

/** A session that nothing happened to for this long is forgotten; the log has it. */
const IDLE = 15_000;

type Active = { readonly replay: Replay; readonly conversation: Conversation; touched: number };

/** The sessions of one partition that something happens to. One input after the other, in the order of the log. */
export class Partition {
  readonly #active = new Map<string, Active>();
  /** Sessions being read, with the records that came meanwhile. */
  readonly #loading = new Map<string, LogRecord[]>();
  readonly #waiting = new Set<string>();
  #fail: (error: unknown) => void = () => undefined;

  constructor(
    private readonly options: WorkflowOptions,
    private readonly number: number,
  ) {}

  /** Reads a session and appends the runs that it is owed. @throws AppendError */
  async finish(sid: string): Promise<void> {
    const { log, registry } = this.options;
    const done = new AbortController();
    const records: LogRecord[] = [];
    for await (const part of log.follow(sid, { signal: done.signal, level: "ordered" })) {
      if ("caughtUp" in part) break;
      records.push(...part.records);
    }
    done.abort();
    const read = replay(records, (beginning) => registry.program(beginning));
    if (read.replay.blocked) return this.#block(sid, read.replay.blocked);
    this.#active.set(sid, { ...read, touched: this.options.now() });
    await Promise.all(read.owed.map((run) => this.#append(run.input, run.effects)));
  }

  /**
   * Follows the partition until `signal` aborts. Steps at level `ordered`, so that answer and reply share a commit;
   * tells the durable place as it moves.
   * @throws whatever makes it necessary to read the partition again
   */
  async run(from: Cursor, signal: AbortSignal, moved: (place: Place) => void): Promise<void> {
    const { registry, now } = this.options;
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const timer = setInterval(() => this.#sweep(now() - IDLE), IDLE / 3);
    const unsubscribe = registry.onPublished(() => this.#retry());
    try {
      await Promise.race([failed, this.#step(from, both), this.#track(from, both, moved)]);
    } finally {
      clearInterval(timer);
      unsubscribe();
      end.abort();
      this.#fail = () => undefined;
    }
  }

  async #step(from: Cursor, signal: AbortSignal): Promise<void> {
    for await (const batch of this.options.log.subscribe(this.number, from, { signal, level: "ordered" })) {
      if ("gap" in batch) continue; // Told by the durable reader.
      for (const record of batch.records) this.#take(record);
    }
  }

  /** What is durable and what of it is unfinished: where a start begins. */
  async #track(from: Cursor, signal: AbortSignal, moved: (place: Place) => void): Promise<void> {
    const unfinished = new Unfinished();
    for (const sid of this.#waiting) unfinished.sessions.set(sid, new Set([""]));
    for await (const batch of this.options.log.subscribe(this.number, from, { signal })) {
      if ("gap" in batch) {
        this.options.logger.error({ partition: this.number }, `records are missing: ${batch.gap}`);
        continue;
      }
      for (const record of batch.records) unfinished.push(record);
      moved({ cursor: batch.cursor, unfinished: unfinished.sessions });
    }
  }

  #take(record: LogRecord): void {
    const { sid } = record;
    const early = this.#loading.get(sid);
    if (early) {
      early.push(record);
      return;
    }
    let active = this.#active.get(sid);
    if (!active) {
      if (!isInput(record) || this.#waiting.has(sid)) return;
      if (record.payload !== undefined) {
        this.#load(sid);
        return;
      }
      active = this.#begin(sid);
    }
    this.#push(sid, active, record);
  }

  #begin(sid: string): Active {
    const programs = (beginning: Parameters<ConstructorParameters<typeof Replay>[0]>[0]) =>
      this.options.registry.program(beginning);
    const active = { replay: new Replay(programs), conversation: new Conversation(), touched: 0 };
    this.#active.set(sid, active);
    return active;
  }

  #push(sid: string, active: Active, record: LogRecord): void {
    active.touched = this.options.now();
    const known = active.conversation.has(record.id);
    active.conversation.push(record);
    if (active.conversation.stopped) return this.#block(sid, active.conversation.stopped);
    if (known || !isInput(record)) return;
    const effects = active.replay.input(record);
    if (active.replay.blocked) return this.#block(sid, active.replay.blocked);
    // A failure is told to `run`, which reads the partition again.
    if (effects) this.#append(record, effects).catch((error: unknown) => this.#fail(error));
  }

  #load(sid: string): void {
    this.#loading.set(sid, []);
    this.finish(sid)
      .then(() => {
        const early = this.#loading.get(sid) ?? [];
        this.#loading.delete(sid);
        for (const record of early) this.#take(record);
      })
      .catch((error: unknown) => this.#fail(error));
  }

  async #append(input: InputRecord, effects: readonly Effect[]): Promise<void> {
    const { log, now } = this.options;
    const timestamp = new Date(now()).toISOString();
    try {
      await log.append(runRecords(input, effects, { timestamp, fence: 0 }));
    } catch (error) {
      if (error instanceof AppendError && error.code === "erased") return; // Nobody waits for this any more.
      throw error;
    }
  }

  /** Leaves a session as it is: a version may still come; what cannot be read waits for a newer build. */
  #block(sid: string, reason: string): void {
    this.#active.delete(sid);
    if (reason === "erased") return;
    this.#waiting.add(sid);
    this.options.metrics.blocked.inc({ reason });
    this.options.logger.warn({ sid, reason }, "a session cannot go on here");
  }

  #retry(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const sid of waiting) if (!this.#loading.has(sid)) this.#load(sid);
  }

  #sweep(before: number): void {
    for (const [sid, active] of this.#active) if (active.touched < before) this.#active.delete(sid);
  }
}

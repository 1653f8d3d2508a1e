import { isErased, isInput, type LogRecord } from "@parley/shared/record";
import { Conversation, unreadable } from "@parley/shared/session/conversation";
import { Replay, type Run, replay, runRecords } from "@parley/shared/session/replay";
import { reached } from "../fault-points.js";
import { type Cursor, unlessErased } from "../log/event-log.js";
import { beginBehind, messageSpan, type Span } from "../tracing/tracer.js";
import { type Place, Unfinished } from "./place.js";
import { Timers } from "./timers.js";
import type { WorkflowOptions } from "./workflow.js";

/** A session that nothing happened to for this long is forgotten; the log has it. */
const IDLE = 5_000;

type Active = {
  readonly replay: Replay;
  readonly conversation: Conversation;
  touched: number;
  /** The last run that is on its way to the log. */
  appending: Promise<void> | undefined;
};

type Follow = {
  readonly from: Place;
  readonly timers: Timers;
  readonly moved: (place: Place) => void;
  readonly signal: AbortSignal;
};

/** The sessions of one partition that something happens to. One input after the other, in the order of the log. */
export class Partition {
  readonly #active = new Map<string, Active>();
  /** Sessions being read, with the records that came meanwhile. */
  readonly #loading = new Map<string, LogRecord[]>();
  /** Sessions that cannot go on here, and why: a version may still come, a newer build may read the rest. */
  readonly #waiting = new Map<string, string>();
  #ended = false;
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
    const read = this.#guarded(sid, () => replay(records, (beginning) => registry.program(beginning)));
    const stopped = read?.conversation.stopped ?? read?.replay.blocked;
    if (stopped) return this.#block(sid, stopped);
    if (!read?.conversation.beginning) return; // Erased, or not to be stepped.
    this.#waiting.delete(sid);
    const { replay: state, conversation } = read;
    this.#active.set(sid, { replay: state, conversation, touched: this.options.now(), appending: undefined });
    for (const run of read.owed) await this.#append(run, conversation.fence);
  }

  /**
   * Follows the partition until `signal` aborts. Steps at level `ordered`, so that answer and reply share a commit;
   * tells the durable place as it moves.
   * @throws whatever makes it necessary to read the partition again
   */
  async run(from: Place, signal: AbortSignal, moved: (place: Place) => void): Promise<void> {
    const { registry, now } = this.options;
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const timer = setInterval(() => this.#sweep(now() - IDLE), IDLE / 3);
    const unsubscribe = registry.onPublished(() => this.#retry());
    const timers = new Timers(this.options, from.due, (error) => this.#fail(error));
    try {
      timers.start();
      const follow = { from, timers, moved, signal: both };
      // Where a record that has its place is durable, both read the same: once.
      const read = this.options.log.sameLevels
        ? [this.#track(follow, (record) => this.#guarded(record.sid, () => this.#take(record), record.id))]
        : [this.#step(from.cursor, both), this.#track(follow)];
      await Promise.race([failed, ...read]);
    } finally {
      clearInterval(timer);
      unsubscribe();
      timers.stop();
      end.abort();
      this.#ended = true;
      this.#fail = () => undefined;
    }
  }

  async #step(from: Cursor, signal: AbortSignal): Promise<void> {
    for await (const batch of this.options.log.subscribe(this.number, from, { signal, level: "ordered" })) {
      if ("gap" in batch) continue; // Told by the durable reader.
      for (const record of batch.records) this.#guarded(record.sid, () => this.#take(record), record.id);
    }
    if (!signal.aborted) throw new Error("The log has ended its stream.");
  }

  /** An error in one session stops that session, and nobody else's. */
  #guarded<T>(sid: string, run: () => T, record?: string): T | undefined {
    try {
      return run();
    } catch (error) {
      const traceId = this.options.tracer && record !== undefined ? messageSpan(sid, record).traceId : undefined;
      this.options.logger.error({ err: error, sid, record, traceId }, "a session cannot be stepped");
      this.#block(sid, "error");
      return undefined;
    }
  }

  /** What is durable and what of it is unfinished: where a start begins. @param step called with each record */
  async #track({ from, timers, moved, signal }: Follow, step?: (record: LogRecord) => void): Promise<void> {
    // Of what was unfinished at the start, only what could not be finished is left.
    const unfinished = new Unfinished(new Map([...from.unfinished].filter(([sid]) => this.#waiting.has(sid))));
    for await (const batch of this.options.log.subscribe(this.number, from.cursor, { signal })) {
      if ("gap" in batch) {
        this.options.logger.error({ partition: this.number }, `records are missing: ${batch.gap}`);
        continue;
      }
      for (const record of batch.records) {
        step?.(record);
        unfinished.push(record);
        timers.push(record);
      }
      moved({ cursor: batch.cursor, unfinished: unfinished.sessions, due: timers.times });
    }
    if (!signal.aborted) throw new Error("The log has ended its stream.");
  }

  #take(record: LogRecord): void {
    const { sid } = record;
    const early = this.#loading.get(sid);
    if (early) {
      early.push(record);
      return;
    }
    const active = this.#active.get(sid);
    if (active) return this.#push(sid, active, record);
    if (isErased(record)) this.#waiting.delete(sid);
    if (this.#waiting.has(sid)) return;
    if (unreadable(record)) this.#load(sid);
    else if (!isInput(record)) return;
    else if (record.payload !== undefined) this.#load(sid);
    else this.#push(sid, this.#begin(sid), record);
  }

  #begin(sid: string): Active {
    const programs = (beginning: Parameters<ConstructorParameters<typeof Replay>[0]>[0]) =>
      this.options.registry.program(beginning);
    const active = { replay: new Replay(programs), conversation: new Conversation(), touched: 0, appending: undefined };
    this.#active.set(sid, active);
    return active;
  }

  #push(sid: string, active: Active, record: LogRecord): void {
    active.touched = this.options.now();
    const before = active.conversation.inputs;
    active.conversation.push(record);
    if (active.conversation.stopped) return this.#block(sid, active.conversation.stopped);
    if (active.conversation.inputs === before || !isInput(record)) return; // Not an input, or a repeat.
    const { tracer, logger } = this.options;
    const span = tracer && beginBehind(tracer, "step", sid, record.id, { "parley.partition": this.number });
    const runs = active.replay.input(record, active.conversation);
    if (active.replay.blocked) {
      span?.end({ failed: active.replay.blocked });
      return this.#block(sid, active.replay.blocked);
    }
    for (const run of runs ?? []) this.#answer(active, run);
    if (span) this.#endsWith(active, span);
    if (logger.isLevelEnabled("debug")) {
      logger.debug({ sid, record: record.id, traceId: span?.ref.traceId }, "a session was stepped");
    }
  }

  /** A step is over when what it led to is stored. */
  #endsWith(active: Active, span: Span): void {
    const done = () => span.end();
    if (active.appending) active.appending.then(done, () => span.end({ failed: "not-stored" }));
    else done();
  }

  /**
   * Runs of a session are placed in the order of their inputs, none behind one that failed: `conversation` numbers
   * messages as runs stand in the log, `step` as inputs do, and an answer's `re` has to mean the same to both.
   */
  #answer(active: Active, run: Run): void {
    const { fence } = active.conversation;
    // What waited here when a person took the conversation is void: it was judged anew behind that.
    const isVoid = () => this.#ended || active.conversation.fence !== fence;
    const append = (): Promise<void> | undefined => (isVoid() ? undefined : this.#append(run, fence));
    const appended = active.appending ? active.appending.then(append) : append();
    if (!appended) return;
    active.appending = appended;
    const done = (): void => {
      if (active.appending === appended) active.appending = undefined;
    };
    // A failure is told to `run`, which reads the partition again.
    appended.then(done, (error: unknown) => this.#fail(error));
  }

  #load(sid: string): void {
    this.#loading.set(sid, []);
    this.finish(sid)
      .then(() => {
        const early = this.#loading.get(sid) ?? [];
        this.#loading.delete(sid);
        // Read again meanwhile: what came here may not have been stored.
        if (this.#ended) return;
        for (const record of early) this.#guarded(sid, () => this.#take(record), record.id);
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #append(run: Run, fence: number): Promise<void> {
    const { log, now } = this.options;
    const timestamp = new Date(now()).toISOString();
    reached("before run");
    return log.append(runRecords(run, { timestamp, fence })).catch(unlessErased);
  }

  /** Leaves a session as it is: a version may still come; what cannot be read waits for a newer build. */
  #block(sid: string, reason: string): void {
    this.#active.delete(sid);
    if (reason === "erased") return void this.#waiting.delete(sid);
    if (this.#waiting.get(sid) === reason) return; // Said before.
    this.#waiting.set(sid, reason);
    this.options.metrics.blocked.inc({ reason });
    this.options.logger.warn({ sid, reason }, "a session cannot go on here");
  }

  /** A version came. */
  #retry(): void {
    for (const [sid, reason] of this.#waiting) {
      if (reason === "version" && !this.#loading.has(sid)) this.#load(sid);
    }
  }

  #sweep(before: number): void {
    for (const [sid, active] of this.#active) if (active.touched < before) this.#active.delete(sid);
  }
}

import { type ControlRecord, isInput, type LogRecord } from "@parley/shared/record";
import { AppendQueue, type Sent } from "./append-queue.js";
import { erasedRecord } from "./erased.js";
import { AppendError } from "./event-log.js";
import type { FaultPoint } from "./group-queue.js";
import { serialise } from "./serialise.js";

const MAX_QUEUED = 20_000;
const MAX_QUEUED_CHARACTERS = 64 * 1024 * 1024;
/** Of control records: one append of them is under way at a time. */
const CONTROL = "control";

export type AppenderOptions = {
  readonly maxQueued?: number;
  /** Milliseconds between two looks whether an engine that failed works again. */
  readonly probeEvery?: number;
  readonly beforeCommit?: FaultPoint;
  readonly afterCommit?: FaultPoint;
};

/** One append on its way. */
export type Sending = {
  readonly records: readonly (LogRecord | ControlRecord)[];
  /** Each of them as JSON. */
  readonly texts: readonly string[];
  /** Undefined: control records. */
  readonly sid?: string;
  /** It ends the session. */
  readonly erases?: true;
};

/** What an engine that several processes append to does for the appends of one of them. */
export interface AppendEngine {
  /** What is sent at once is stored in that order, or nothing from a failure on. */
  readonly ordered: boolean;
  /** Resolves when it is stored, or says how that will be known. @throws AppendError */
  send(sending: Sending): Promise<Sent>;
  /** What keeps it from being stored at all, known before it waits. */
  refusal(sending: Sending): AppendError | undefined;
  /** Whether a session is erased already. @throws AppendError */
  erased(sid: string): Promise<boolean>;
  /** Takes out what it can of an erased session, and each link of a person to it. @throws AppendError `unknown` */
  remove(sid: string, person: string | undefined): Promise<void>;
  /** Rejects as long as nothing can be stored. */
  probe(): Promise<void>;
}

/** Appends and erases for one process of those that share a log. */
export class Appender {
  readonly queue: AppendQueue;
  readonly #maxQueued: number;
  readonly #erasing = new Map<string, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly engine: AppendEngine,
    options: AppenderOptions,
  ) {
    const { maxQueued = MAX_QUEUED, probeEvery = 1_000, beforeCommit, afterCommit } = options;
    this.#maxQueued = maxQueued;
    const probe = () => engine.probe();
    this.queue = new AppendQueue({ beforeCommit, afterCommit, probe, probeEvery, ordered: engine.ordered });
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** See `EventLog.append`. */
  async append(records: readonly LogRecord[]): Promise<void> {
    const first = records[0];
    if (first === undefined) return;
    const { sid } = first;
    // Whether the session is gone is not known before its erasure is stored.
    const ending = this.#erasing.get(sid);
    if (ending !== undefined) {
      await ending.catch(() => undefined);
      return this.append(records);
    }
    this.#check(records.length, isInput(first) ? this.#maxQueued : this.#maxQueued * 2);
    if (!/^[0-9a-f]{40}$/.test(sid)) throw new AppendError("not-stored", "A sid is 40 hex digits.");
    if (records.some((record) => record.sid !== sid)) {
      throw new AppendError("not-stored", "Records of one append are of one session.");
    }
    await this.#enqueue(sid, { records, texts: textsOf(records), sid });
  }

  /** See `ControlStream.append`. */
  async appendControl(records: readonly ControlRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#check(records.length, this.#maxQueued * 2);
    await this.#enqueue(CONTROL, { records, texts: textsOf(records) });
  }

  /** See `EventLog.erase`. */
  erase(sid: string, at: { readonly id: string; readonly timestamp: string }, person?: string): Promise<void> {
    const running = this.#erasing.get(sid);
    // One under way may not have been told whose session it is.
    if (running !== undefined && person === undefined) return running;
    const begun = () => this.#erase(sid, erasedRecord(sid, at), person);
    const run = running === undefined ? begun() : running.then(begun, begun);
    const ended = run.finally(() => {
      if (this.#erasing.get(sid) === ended) this.#erasing.delete(sid);
    });
    this.#erasing.set(sid, ended);
    return ended;
  }

  /** Takes nothing more; resolves when what waits has an outcome. */
  close(): Promise<void> {
    this.#closing ??= this.queue.drain();
    return this.#closing;
  }

  async #erase(sid: string, record: LogRecord, person: string | undefined): Promise<void> {
    if (!(await this.engine.erased(sid))) {
      this.#check(1, this.#maxQueued * 2);
      await this.#enqueue(sid, { records: [record], texts: [JSON.stringify(record)], sid, erases: true });
    }
    await this.engine.remove(sid, person);
  }

  /** @throws AppendError why records cannot be taken now */
  #check(count: number, bound: number): void {
    if (this.#closing !== undefined) throw new AppendError("not-stored", "The log is closed.");
    const { records, characters } = this.queue;
    if (records + count <= bound && characters < MAX_QUEUED_CHARACTERS) return;
    throw new AppendError("not-stored", `${records} records wait to be stored: come back.`, { busy: true });
  }

  #enqueue(lane: string, sending: Sending): Promise<void> {
    const refusal = this.engine.refusal(sending);
    if (refusal !== undefined) throw refusal;
    const { records, texts } = sending;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    return new Promise((resolve, reject) => {
      this.queue.add({ lane, records, characters, send: () => this.engine.send(sending), resolve, reject });
    });
  }
}

/** @throws AppendError what is too large */
function textsOf(records: readonly (LogRecord | ControlRecord)[]): readonly string[] {
  const texts = serialise(records);
  if (texts instanceof AppendError) throw texts;
  return texts;
}

import type { ControlRecord, LogRecord } from "@parley/shared/record";
import { reason } from "../errors.js";
import { AppendError } from "./event-log.js";
import type { FaultPoint } from "./group-queue.js";
import { CommitError } from "./store.js";

/** One append, which its engine stores whole or not at all. */
export type Append = {
  /** None of a lane can be stored before one of it that came earlier. */
  readonly lane: string;
  readonly records: readonly (LogRecord | ControlRecord)[];
  readonly characters: number;
  /** Resolves when the server has acknowledged it, or has it and what is still to be seen; rejects with `AppendError`. */
  readonly send: () => Promise<Sent>;
  readonly resolve: () => void;
  readonly reject: (error: AppendError) => void;
};

/** An append that the server has: `stored` is its outcome, where its word is not enough. */
export type Sent = undefined | { readonly stored: Promise<void> };

export type QueueOptions = {
  readonly beforeCommit: FaultPoint | undefined;
  readonly afterCommit: FaultPoint | undefined;
  /** Rejects as long as the server cannot take anything. */
  readonly probe: () => Promise<void>;
  /** Milliseconds between two probes. */
  readonly probeEvery: number;
  /** The engine keeps the order of what is sent at once; otherwise one append of a lane is under way at a time. */
  readonly ordered: boolean;
};

/** Lanes with something under way at most, and appends of one lane at once. */
const MOST = 1_000;

/**
 * What waits for the server: of each lane one append is under way at a time (or what waits of it, where the engine keeps
 * the order), the lanes beside one another. So a session's records stand in the order in which they were appended whatever fails, also where a cluster's leader changes between two
 * messages, and none waits for another session's. What a busy process appends in one turn goes in one write.
 */
export class AppendQueue {
  readonly #lanes = new Map<string, Append[]>();
  readonly #underWay = new Map<string, Promise<void>>();
  #records = 0;
  #characters = 0;
  #planned = false;
  #problem: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(private readonly options: QueueOptions) {}

  get records(): number {
    return this.#records;
  }
  get characters(): number {
    return this.#characters;
  }
  /** Why the last append failed, until one succeeds or the server was seen to work. */
  get problem(): string | undefined {
    return this.#problem;
  }

  add(append: Append): void {
    this.#records += append.records.length;
    this.#characters += append.characters;
    const lane = this.#lanes.get(append.lane);
    if (lane === undefined) this.#lanes.set(append.lane, [append]);
    else lane.push(append);
    // Of one that comes alone nobody waits for more.
    if (this.#underWay.size === 0 && !this.#planned) this.#go();
    else this.#plan();
  }

  /** Resolves when what is under way now has an outcome. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.#lanes.size > 0 || this.#underWay.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(this.#probe);
  }

  /** What the rest of this turn appends goes along. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#go();
    });
  }

  /** Sends the first of every lane of which nothing is under way. */
  #go(): void {
    for (const [name, lane] of this.#lanes) {
      if (this.#underWay.size >= MOST) return;
      if (this.#underWay.has(name)) continue;
      const taken = lane.splice(0, this.options.ordered ? MOST : 1);
      // A lane with more takes its next turn behind the others.
      this.#lanes.delete(name);
      if (lane.length > 0) this.#lanes.set(name, lane);
      this.#underWay.set(name, this.#sendAll(name, taken));
    }
  }

  async #sendAll(lane: string, appends: readonly Append[]): Promise<void> {
    await Promise.all(appends.map((append) => this.#send(append)));
    this.#underWay.delete(lane);
    if (this.#lanes.size > 0) this.#plan();
    else if (this.#underWay.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #send(append: Append): Promise<void> {
    const { beforeCommit, afterCommit } = this.options;
    let outcome: AppendError | undefined;
    try {
      await beforeCommit?.(append.records);
      const sent = await append.send();
      sent?.stored.catch(() => undefined); // Told below.
      await afterCommit?.(append.records);
      await sent?.stored;
    } catch (error) {
      outcome = asAppendError(error);
    }
    this.#count(append);
    if (outcome === undefined) {
      this.#problem = undefined;
      append.resolve();
    } else {
      append.reject(outcome);
      if (outcome.code !== "erased") this.#fail(outcome);
    }
  }

  /** What waits behind a failure is not sent: it may be an answer to what was not stored. */
  #fail(failure: AppendError): void {
    this.#problem = failure.message;
    const message = `An append before this one failed. ${failure.message}`;
    for (const append of [...this.#lanes.values()].flat()) {
      this.#count(append);
      append.reject(new AppendError("not-stored", message, { cause: failure }));
    }
    this.#lanes.clear();
    this.#probeLater();
  }

  #count(append: Append): void {
    this.#records -= append.records.length;
    this.#characters -= append.characters;
  }

  /** Without visitors nothing is appended, and without this nobody would learn that the server works again. */
  #probeLater(): void {
    clearTimeout(this.#probe);
    this.#probe = setTimeout(async () => {
      try {
        await this.options.probe();
        this.#problem = undefined;
      } catch (error) {
        if (this.#problem === undefined) return;
        this.#problem = reason(error);
        this.#probeLater();
      }
    }, this.options.probeEvery);
    this.#probe.unref();
  }
}

function asAppendError(error: unknown): AppendError {
  if (error instanceof AppendError) return error;
  const certain = error instanceof CommitError && error.certain;
  return new AppendError(certain ? "not-stored" : "unknown", reason(error), { cause: error });
}

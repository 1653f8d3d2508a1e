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

/** Appends sent at once at most. */
const MAX_GROUP = 1_000;

/**
 * What waits for the server: sent in groups, with one append of a session in each unless the engine keeps their order,
 * every group when the server has the one before. So a session's records stand in the order in which they were appended whatever fails, also where a
 * cluster's leader changes between two messages, and many sessions share one round trip.
 */
export class AppendQueue {
  readonly #lanes = new Map<string, Append[]>();
  /** Appends by lane that the server has and whose outcome is not known. */
  readonly #open = new Map<string, number>();
  #freed: (() => void) | undefined;
  #records = 0;
  #characters = 0;
  #running = false;
  #problem: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #group: (() => void)[] = [];
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
    if (this.#freed !== undefined) {
      const freed = this.#freed;
      this.#freed = undefined;
      setImmediate(freed);
    }
    if (this.#running) return;
    this.#running = true;
    // What the rest of this turn appends goes along.
    setImmediate(() => void this.#run());
  }

  /** Resolves when what is under way now has an outcome. */
  async settled(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#group.push(resolve));
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(this.#probe);
  }

  async #run(): Promise<void> {
    while (this.#lanes.size > 0 || this.#open.size > 0) {
      const group = this.#take();
      if (group.length > 0) await this.#send(group);
      else {
        await new Promise<void>((resolve) => {
          this.#freed = resolve;
        });
      }
      for (const resolve of this.#group.splice(0)) resolve();
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** The first append of each lane, or all of it; a lane with more takes its next turn behind the others. */
  #take(): Append[] {
    const group: Append[] = [];
    for (const [name, lane] of [...this.#lanes]) {
      if (this.#open.has(name)) continue;
      group.push(...lane.splice(0, this.options.ordered ? MAX_GROUP : 1));
      this.#lanes.delete(name);
      if (lane.length > 0) this.#lanes.set(name, lane);
      if (group.length >= MAX_GROUP) break;
    }
    return group;
  }

  /** Sends a group and tells each of it what became of it. */
  async #send(group: readonly Append[]): Promise<void> {
    const { beforeCommit, afterCommit } = this.options;
    let outcomes: (AppendError | Sent)[];
    try {
      await beforeCommit?.(group.flatMap((append) => append.records));
      outcomes = await Promise.all(group.map((append) => append.send().catch(asAppendError)));
      for (const outcome of outcomes) if (outcome && "stored" in outcome) outcome.stored.catch(() => undefined);
      await afterCommit?.(group.flatMap((append) => append.records));
    } catch (error) {
      outcomes = group.map(() => asAppendError(error));
    }
    let failed: AppendError | undefined;
    for (const [i, append] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome && "stored" in outcome) this.#await(append, outcome.stored);
      else {
        const failure = this.#tell(append, outcome);
        failed ??= failure;
      }
    }
    if (failed !== undefined) this.#fail(failed);
  }

  #await(append: Append, stored: Promise<void>): void {
    const { lane } = append;
    this.#open.set(lane, (this.#open.get(lane) ?? 0) + 1);
    const told = (outcome?: AppendError): void => {
      const left = this.#open.get(lane)! - 1;
      if (left > 0) this.#open.set(lane, left);
      else this.#open.delete(lane);
      const failed = this.#tell(append, outcome);
      if (failed !== undefined) this.#fail(failed);
      const freed = this.#freed;
      this.#freed = undefined;
      freed?.();
    };
    stored.then(
      () => told(),
      (error: unknown) => told(asAppendError(error)),
    );
  }

  /** @returns the failure where it concerns more than the one append */
  #tell(append: Append, outcome: AppendError | undefined): AppendError | undefined {
    this.#count(append);
    if (outcome === undefined) {
      this.#problem = undefined;
      append.resolve();
      return undefined;
    }
    append.reject(outcome);
    return outcome.code === "erased" ? undefined : outcome;
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

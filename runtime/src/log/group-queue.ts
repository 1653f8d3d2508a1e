import type { ControlRecord, LogRecord } from "@parley/shared/record";
import { reason } from "../errors.js";
import { AppendError, type Health } from "./event-log.js";
import { CommitError, type Group, type Heads, type Store } from "./store.js";
import type { Entry } from "./tail.js";

/** One append: all or none. */
export type Pending = {
  readonly records: readonly Entry<LogRecord>[];
  readonly control: readonly Entry<ControlRecord>[];
  /** It ends the session. */
  readonly erases: boolean;
  /** Whose session it was, where it is known. */
  readonly person?: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: AppendError) => void;
};

/** Called with the records of a commit, tests only; a rejection fails the commit (a `CommitError` says how). */
export type FaultPoint = (records: readonly (LogRecord | ControlRecord)[]) => Promise<void> | void;

export type QueueOptions = {
  readonly store: Store;
  readonly beforeCommit: FaultPoint | undefined;
  readonly afterCommit: FaultPoint | undefined;
  /** Milliseconds between two looks whether a store that failed works again. */
  readonly probeEvery: number;
  /** Durable now; called before its append resolves. */
  readonly onDurable: (pending: Pending) => void;
  /** Nothing that waits will be stored but what the store holds up to `heads`; undefined: nobody knows yet. */
  readonly onFailed: (heads: Heads | undefined) => void;
  /** What was unknown at a failure. */
  readonly onFound: (heads: Heads) => void;
};

/** At most so much in one commit, which keeps the write-ahead log and a turn of the writer short. */
const MAX_GROUP_RECORDS = 5_000;
const MAX_GROUP_CHARACTERS = 8 * 1024 * 1024;

/** Commits everything that came while the last commit was under way, together. */
export class GroupQueue {
  readonly #options: QueueOptions;
  #waiting: Pending[] = [];
  #records = 0;
  #characters = 0;
  #committing = false;
  #scheduled = false;
  #unsure = false;
  #problem: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Records accepted and not yet durable. */
  get records(): number {
    return this.#records;
  }
  get characters(): number {
    return this.#characters;
  }
  /** The outcome of a commit is unknown; the next one asks the store first. */
  get unsure(): boolean {
    return this.#unsure;
  }

  health(): Health {
    if (this.#problem === undefined) return { ok: true, queued: this.#records };
    return { ok: false, problem: this.#problem, queued: this.#records };
  }

  add(pending: Pending): void {
    this.#waiting.push(pending);
    this.#records += pending.records.length + pending.control.length;
    this.#characters += size(pending);
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    clearTimeout(this.#probe);
    if (this.#committing || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(this.#probe);
  }

  /** Not at once: what the rest of this turn appends, and what readers answer to it, shares the commit. */
  #schedule(): void {
    if (this.#committing || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    const { store, beforeCommit, afterCommit, onDurable } = this.#options;
    this.#committing = true;
    let appends: Pending[] = [];
    try {
      if (this.#unsure) await this.#makeSure();
      appends = this.#take();
      if (beforeCommit !== undefined) await beforeCommit(appends.flatMap(recordsOf));
      await store.commit(group(appends));
      if (afterCommit !== undefined) await afterCommit(appends.flatMap(recordsOf));
    } catch (error) {
      this.#fail(appends, error);
      this.#committed();
      return;
    }
    this.#problem = undefined;
    for (const pending of appends) {
      this.#records -= pending.records.length + pending.control.length;
      this.#characters -= size(pending);
    }
    // The writer goes on with what waits while this thread tells who is concerned.
    this.#committing = false;
    if (this.#waiting.length > 0) void this.#commit();
    for (const pending of appends) {
      onDurable(pending);
      pending.resolve();
    }
    if (!this.#committing) this.#committed();
  }

  #committed(): void {
    this.#committing = false;
    if (this.#waiting.length > 0) {
      this.#schedule();
      return;
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #take(): Pending[] {
    let records = 0;
    let characters = 0;
    let n = 0;
    while (n < this.#waiting.length && records < MAX_GROUP_RECORDS && characters < MAX_GROUP_CHARACTERS) {
      const pending = this.#waiting[n++]!;
      records += pending.records.length + pending.control.length;
      characters += size(pending);
    }
    return this.#waiting.splice(0, n);
  }

  #fail(appends: readonly Pending[], cause: unknown): void {
    const failure = cause instanceof CommitError ? cause : new CommitError(reason(cause), { certain: true, cause });
    this.#problem = failure.message;
    this.#unsure ||= !failure.certain && failure.heads === undefined;
    const behind = this.#waiting.splice(0);
    this.#records = 0;
    this.#characters = 0;
    this.#options.onFailed(failure.heads);
    const code = failure.certain ? "not-stored" : "unknown";
    for (const pending of appends) pending.reject(new AppendError(code, failure.message, { cause: failure }));
    const message = `A commit before this one failed. ${failure.message}`;
    for (const pending of behind) pending.reject(new AppendError("not-stored", message, { cause: failure }));
    this.#probeLater();
  }

  async #makeSure(): Promise<void> {
    const heads = await this.#options.store.heads();
    this.#unsure = false;
    this.#options.onFound(heads);
  }

  /** Without visitors nothing is appended, and without this nobody would learn that the store works again. */
  #probeLater(): void {
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => void this.#look(), this.#options.probeEvery);
    this.#probe.unref();
  }

  async #look(): Promise<void> {
    // A commit that comes at once looks as well; two at a time would break the order.
    if (this.#problem === undefined || this.#committing || this.#scheduled) return;
    this.#committing = true;
    try {
      if (this.#unsure) await this.#makeSure();
      await this.#options.store.probe();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = reason(error);
      this.#probeLater();
    }
    this.#committed();
  }
}

const recordsOf = (pending: Pending): (LogRecord | ControlRecord)[] =>
  [...pending.records, ...pending.control].flatMap((entry) => entry.record ?? []);

function size(pending: Pending): number {
  let characters = 0;
  for (const entry of pending.records) characters += entry.size;
  for (const entry of pending.control) characters += entry.size;
  return characters;
}

function group(appends: readonly Pending[]): Group {
  const sids: string[] = [];
  const data: string[] = [];
  const control: string[] = [];
  const erased: Group["erased"][number][] = [];
  let first = 0;
  let controlFirst = 0;
  for (const pending of appends) {
    for (const entry of pending.records) {
      if (first === 0) first = entry.pos;
      sids.push(entry.sid);
      data.push(entry.data);
      if (pending.erases) erased.push({ sid: entry.sid, pos: entry.pos, person: pending.person });
    }
    for (const entry of pending.control) {
      if (controlFirst === 0) controlFirst = entry.pos;
      control.push(entry.data);
    }
  }
  return { first, sids, data, controlFirst, control, erased };
}

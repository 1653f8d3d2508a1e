import type { ControlRecord, LogRecord } from "@parley/shared/record";

/**
 * The event log: the only thing that proxy and workflow share for whatever must survive.
 * One interface, several adapters, one contract suite (`event-log.contract.ts`).
 */

/** A place in a partition or in the control stream. Opaque: only the adapter that gave it reads it. */
export type Cursor = string;

/**
 * `durable`: only records that survive what the engine promises.
 * `ordered`: as soon as the record's place is fixed; nothing placed behind it can be durable without it. When records
 * that were delivered so turn out not to be stored, or to stand behind one that was missed, the iterator throws
 * `RewoundError` and its reader starts again from a durable cursor.
 */
export type Level = "durable" | "ordered";

export type TailOptions = {
  readonly signal: AbortSignal;
  readonly level?: Level;
  /** Only these sessions matter to the reader: records of others may be left out, where that saves reading them. */
  readonly only?: (sid: string) => boolean;
  /** Records may come so many ms late, where an engine gives many at once at less cost. */
  readonly lag?: number;
};
/** `gap`: retention removed what the cursor named; reading goes on at the first record that is left. */
export type Tail<R> = { readonly records: readonly R[]; readonly cursor: Cursor } | { readonly gap: string };
export type Followed = { readonly records: readonly LogRecord[] } | { readonly caughtUp: true };

/** One ordered stream: a partition of the conversations, or the control stream. */
export interface ControlStream {
  /** Resolves once the records are durable, in order and together. Rejects with `AppendError`. */
  append(records: readonly ControlRecord[]): Promise<void>;
  /** From after `after` (undefined: the first record), in order, at least once. Ends when `signal` aborts. */
  subscribe(after: Cursor | undefined, options: TailOptions): AsyncIterable<Tail<ControlRecord>>;
  head(): Promise<Cursor>;
}

export interface EventLog {
  /** Fixed when the log is made. */
  readonly partitions: number;
  /** A record has its place when it is durable and not before: `ordered` is `durable`. */
  readonly sameLevels?: true;
  /** The place before the first record, of every partition and of the control stream. */
  readonly start: Cursor;
  partitionOf(sid: string): number;
  /**
   * Appends records of one `sid`, kept in order, all or none. Resolves once they are as durable as the engine can make
   * them; rejects with `AppendError` (`not-stored`: certain; `unknown`: they may be stored, append the same again;
   * `erased`: the session is gone for good).
   */
  append(records: readonly LogRecord[]): Promise<void>;
  /** A session's durable records from its first, at the cost of that session; empty if unknown or erased. */
  read(sid: string): Promise<readonly LogRecord[]>;
  /** A session's records from its first, then `caughtUp`, then live until `signal` aborts. */
  follow(sid: string, options: TailOptions): AsyncIterable<Followed>;
  subscribe(partition: number, after: Cursor | undefined, options: TailOptions): AsyncIterable<Tail<LogRecord>>;
  /** The cursor of the end now (durable). */
  head(partition: number): Promise<Cursor>;
  /** True if `a` is at or behind `b`: readiness and lag are told by it. Both of the same partition. */
  reached(a: Cursor, b: Cursor): boolean;
  /** About how much stands behind `a` up to `b`, 0 if nothing does: for telling how far a reader is, in shares. */
  distance(a: Cursor, b: Cursor): number;
  /**
   * Appends `Erased`, after which every record of `sid` is void, then removes the records. Idempotent; rejects with
   * `AppendError` when either did not succeed for certain: erase it again.
   * @param person whose session it was: each `Link` to it under that number goes in the same act, and leaves no mark
   */
  erase(sid: string, at: { readonly id: string; readonly timestamp: string }, person?: string): Promise<void>;
  /** Where the words of an erased session stay though nothing reads them, in one sentence; undefined: nowhere. */
  readonly erasedStays?: string;
  /** Best effort, never stored: typing, presence. Nothing may depend on one arriving. */
  signal(sid: string, data: unknown): void;
  onSignal(listener: (sid: string, data: unknown) => void): () => void;
  readonly control: ControlStream;
  health(): Health;
  /** Waits for what is queued, then lets go of the engine. */
  close(): Promise<void>;
}

export type Health = {
  readonly ok: boolean;
  /** One sentence for the operator when not ok. */
  readonly problem?: string;
  /** Records accepted and not yet durable. */
  readonly queued: number;
};

/**
 * An append that failed. `not-stored` is certain; `unknown` may be stored; `erased`: the session is gone, and nothing
 * was stored. `busy` says: the queue is full, come back.
 */
export class AppendError extends Error {
  override readonly name = "AppendError";
  constructor(
    readonly code: "not-stored" | "unknown" | "erased",
    message: string,
    options?: { cause?: unknown; busy?: boolean },
  ) {
    super(message, options);
    this.busy = options?.busy ?? false;
  }
  readonly busy: boolean;
}

/** Of a session that is erased nobody waits for anything any more: for the `catch` of an append to it. @throws any other error */
export function unlessErased(error: unknown): void {
  if (!(error instanceof AppendError && error.code === "erased")) throw error;
}

/** Records delivered at level `ordered` were not stored after all, or one before them was. */
export class RewoundError extends Error {
  override readonly name = "RewoundError";
}

/** The engine could not be opened: one sentence that names the cause and what to do, and a stable code. */
export class LogOpenError extends Error {
  override readonly name = "LogOpenError";
  constructor(
    readonly code:
      | "not-writable"
      | "newer-version"
      | "in-use"
      | "partitions"
      | "corrupt"
      | "unreachable"
      | "no-stream"
      | "no-package",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

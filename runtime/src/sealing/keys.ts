/** A session's key; `undefined`: it was dropped, and nothing of the session can be read any more. */
export type Key = Buffer | undefined;

/** Where the keys of sessions are: with the studio, which drops one when its session is erased. */
export interface SessionKeys {
  /** The key of each session, made where there is none yet; at once where they are at hand. @throws KeysAwayError */
  of(sids: readonly string[]): ReadonlyMap<string, Key> | Promise<ReadonlyMap<string, Key>>;
  /** Drops a session's key for good. @throws KeysAwayError */
  drop(sid: string): Promise<void>;
  close(): void;
}

/** The keys cannot be had now; one sentence that says why. */
export class KeysAwayError extends Error {
  override readonly name = "KeysAwayError";
}

/** So many sessions are asked for at once, at most. */
export const KEYS_AT_ONCE = 1_000;

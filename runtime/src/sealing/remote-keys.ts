import { reason } from "../errors.js";
import { KEYS_AT_ONCE, type Key, KeysAwayError, type SessionKeys } from "./keys.js";

/** Where a studio gives keys to the other processes (`api/session-keys.ts`). */
export const KEYS_PATH = "/cluster/keys";
/** What is asked and answered; keys as base64, null for one that was dropped. */
export type KeysAsked = { readonly sids: readonly string[] };
export type KeysTold = { readonly keys: readonly (readonly [sid: string, key: string | null])[] };

/** Milliseconds that the studio gets to answer. */
const TIMEOUT = 5_000;

/** The keys as the studio tells them, to a process that has the cluster's token. */
export class RemoteKeys implements SessionKeys {
  readonly #url: URL;
  #asking: Promise<unknown> = Promise.resolve();
  /** Of those who ask next. */
  #next: { readonly sids: Set<string>; readonly told: Promise<ReadonlyMap<string, Key>> } | undefined;

  constructor(
    studio: URL,
    private readonly token: string,
    private readonly fetching: typeof fetch = fetch,
  ) {
    this.#url = new URL(KEYS_PATH, studio);
  }

  /** Whoever asks while the studio is asked already waits, and all who wait are asked for together. */
  async of(sids: readonly string[]): Promise<ReadonlyMap<string, Key>> {
    const before = this.#asking;
    this.#next ??= {
      sids: new Set(),
      told: before.then(
        () => this.#askAll(),
        () => this.#askAll(),
      ),
    };
    for (const sid of sids) this.#next.sids.add(sid);
    return this.#next.told;
  }

  async #askAll(): Promise<ReadonlyMap<string, Key>> {
    const { sids, told } = this.#next!;
    this.#next = undefined;
    this.#asking = told;
    const all = [...sids];
    const found = new Map<string, Key>();
    for (let at = 0; at < all.length; at += KEYS_AT_ONCE) {
      const { keys } = await this.#ask({ sids: all.slice(at, at + KEYS_AT_ONCE) });
      for (const [sid, key] of keys) found.set(sid, key === null ? undefined : Buffer.from(key, "base64"));
    }
    return found;
  }

  async #ask(asked: KeysAsked): Promise<KeysTold> {
    try {
      const response = await this.fetching(this.#url, {
        method: "POST",
        headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
        body: JSON.stringify(asked),
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      return (await response.json()) as KeysTold;
    } catch (cause) {
      throw new KeysAwayError(`The studio at ${this.#url.origin} gives no keys of sessions: ${reason(cause)}.`, {
        cause,
      });
    }
  }

  async drop(): Promise<void> {
    throw new KeysAwayError("Only the studio drops the keys of sessions.");
  }

  close(): void {}
}

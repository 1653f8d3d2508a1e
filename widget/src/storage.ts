import type { Send } from "@parley/shared/protocol/v1";
import { isFields, isSend } from "./guards.js";
import type { Storage } from "./memory.js";

type Saved = { readonly token?: string; readonly outbox: readonly Send[]; readonly told?: string };

/** `<sid>.<secret>`. */
const TOKEN = /^[0-9a-f]{40}\.[A-Za-z0-9_-]{16,200}$/;
const MAX_OUTBOX = 50;
const NOTHING: Saved = { outbox: [] };

/**
 * What one visitor keeps of one flow on one server: the session's token and what the server has not taken yet.
 * With storage blocked or full it lives as long as the page. What is stored is read as unknown: other scripts of the
 * page write there too. Every change starts from what is stored, since other tabs share it.
 */
export class Store {
  #memory: Saved = NOTHING;
  /** Storage took what was written last: what is not there any more was taken away. */
  #kept = false;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly key: string,
  ) {}

  get token(): string | undefined {
    return this.#read().token;
  }

  set token(token: string) {
    this.#write({ ...this.#read(), token });
  }

  /** Digest of the page's values that the session has. */
  get told(): string | undefined {
    return this.#read().told;
  }

  set told(told: string) {
    this.#write({ ...this.#read(), told });
  }

  get outbox(): readonly Send[] {
    return this.#read().outbox;
  }

  /** Adds or, for a known id, keeps. */
  add(send: Send): void {
    const saved = this.#read();
    if (!saved.outbox.some(({ id }) => id === send.id)) {
      this.#write({ ...saved, outbox: [...saved.outbox, send].slice(-MAX_OUTBOX) });
    }
  }

  remove(id: string): void {
    const saved = this.#read();
    this.#write({ ...saved, outbox: saved.outbox.filter((send) => send.id !== id) });
  }

  /** Forgets the session, for a new one. */
  clear(): void {
    this.#write({ outbox: [] });
  }

  /** Leaves nothing behind. */
  forget(): void {
    this.#memory = NOTHING;
    this.#remove();
  }

  #read(): Saved {
    let value: unknown;
    try {
      const text = this.storage?.getItem(this.key);
      if (text == null) return this.#kept ? NOTHING : this.#memory;
      value = JSON.parse(text);
    } catch {
      return this.#memory;
    }
    if (!isFields(value)) return { outbox: [] };
    const token = typeof value.token === "string" && TOKEN.test(value.token) ? value.token : undefined;
    const outbox = Array.isArray(value.outbox) ? value.outbox.filter(isSend).slice(0, MAX_OUTBOX) : [];
    const told = typeof value.told === "string" ? value.told : undefined;
    return { ...(token && { token }), outbox, ...(told && { told }) };
  }

  #write(saved: Saved): void {
    this.#memory = saved;
    try {
      this.storage?.setItem(this.key, JSON.stringify(saved));
      this.#kept = this.storage !== undefined;
    } catch {
      this.#kept = false;
      // Blocked or full: an older entry must not come back over what is kept in memory.
      this.#remove();
    }
  }

  #remove(): void {
    try {
      this.storage?.removeItem(this.key);
    } catch {
      // Blocked altogether: memory it is.
    }
  }
}

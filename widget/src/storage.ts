import type { Send } from "@parley/shared/protocol/v1";
import { isFields, isSend } from "./guards.js";

/** What `localStorage` offers and we use. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;
type Saved = { readonly token?: string; readonly outbox: readonly Send[] };

/** `<sid>.<secret>`. */
const TOKEN = /^[0-9a-f]{40}\.[A-Za-z0-9_-]{16,200}$/;
const MAX_OUTBOX = 50;

/**
 * What one visitor keeps of one flow on one server: the session's token and what the server has not taken yet.
 * With storage blocked or full it lives as long as the page. What is stored is read as unknown: other scripts of the
 * page write there too. Every change starts from what is stored, since other tabs share it.
 */
export class Store {
  #memory: Saved = { outbox: [] };

  constructor(
    private readonly storage: Storage | undefined,
    private readonly key: string,
  ) {}

  get token(): string | undefined {
    return this.#read().token;
  }

  set token(token: string) {
    this.#write({ token, outbox: this.#read().outbox });
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

  #read(): Saved {
    let value: unknown;
    try {
      const text = this.storage?.getItem(this.key);
      if (text == null) return this.#memory;
      value = JSON.parse(text);
    } catch {
      return this.#memory;
    }
    if (!isFields(value)) return { outbox: [] };
    const token = typeof value.token === "string" && TOKEN.test(value.token) ? value.token : undefined;
    const outbox = Array.isArray(value.outbox) ? value.outbox.filter(isSend).slice(0, MAX_OUTBOX) : [];
    return { ...(token && { token }), outbox };
  }

  #write(saved: Saved): void {
    this.#memory = saved;
    try {
      this.storage?.setItem(this.key, JSON.stringify(saved));
    } catch {
      // Blocked or full: an older entry must not come back over what is kept in memory.
      try {
        this.storage?.removeItem(this.key);
      } catch {
        // Blocked altogether: memory it is.
      }
    }
  }
}

/** The page's `localStorage`, or undefined where even reading it throws. */
export function pageStorage(): Storage | undefined {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined;
  }
}

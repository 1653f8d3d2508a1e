import type { SetVariables } from "@parley/shared/protocol/v1";
import type { Store } from "./storage.js";

/**
 * The values that the page passes for the flow's texts. Told once to each session: what the server has of them is
 * remembered as a digest, since pages set the same values at every load.
 */
export class PageVariables {
  #values: Readonly<Record<string, string>> = {};
  #sid = "";
  /** On its way. */
  #frame: SetVariables | undefined;

  constructor(
    private readonly store: Store,
    private readonly newId: () => string,
  ) {}

  /** Adds values, or others of the same names. */
  set(values: Readonly<Record<string, string>>): void {
    this.#values = { ...this.#values, ...values };
    this.#frame = undefined;
  }

  /** From now on they are told to this session. */
  of(sid: string): void {
    if (sid !== this.#sid) this.#frame = undefined;
    this.#sid = sid;
  }

  forget(): void {
    this.#values = {};
    this.#frame = undefined;
  }

  /** What the session is to be told, under the same id until it has answered. */
  pending(): SetVariables | undefined {
    if (Object.keys(this.#values).length === 0 || this.store.told === this.#digest()) return undefined;
    this.#frame ??= { kind: "SetVariables", id: this.newId(), values: this.#values };
    return this.#frame;
  }

  /** Whether it was these that the server has. */
  acked(id: string): boolean {
    if (this.#frame?.id !== id) return false;
    this.store.told = this.#digest();
    this.#frame = undefined;
    return true;
  }

  /** Whether it was these that the server does not take: they are not told again. */
  refused(id: string): boolean {
    if (this.#frame?.id !== id) return false;
    this.forget();
    return true;
  }

  /** FNV-1a of the session and the values. */
  #digest(): string {
    const names = Object.keys(this.#values).sort();
    const text = JSON.stringify([this.#sid, names.map((name) => [name, this.#values[name]])]);
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return `${text.length}.${hash >>> 0}`;
  }
}

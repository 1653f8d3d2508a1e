import { createStore, type StoreApi } from "zustand/vanilla";
import type { TextRef } from "../document/commands/command.js";
import type { Timer } from "./autosave.js";

/** A text as it stands in its field, and not yet in the document. */
export type Held = { readonly at: TextRef; readonly text: string };

/** So long after the first letter a text is written into the document, in ms: the drawing follows four times a second. */
const PACE = 250;

/**
 * Keeps what is typed into a large flow back for a moment: to write each letter into a document of thousands of steps
 * takes longer than to draw it. Whoever needs the document calls `write` first.
 */
export class HeldText {
  /** What a field shows in place of the document's text. */
  readonly shown: StoreApi<{ readonly held: Held | undefined }> = createStore(() => ({ held: undefined }));
  readonly #into: (held: Held) => void;
  readonly #timer: Timer;
  #held: Held | undefined;
  #peeking = false;
  #stop: (() => void) | undefined;

  /** @param into writes a text into the document */
  constructor(into: (held: Held) => void, timer: Timer) {
    this.#into = into;
    this.#timer = timer;
  }

  /** Takes the place of what is held of the same text; another one is written first. */
  hold(held: Held): void {
    if (this.#held !== undefined && !isSameText(this.#held.at, held.at)) this.write();
    this.#held = held;
    this.#stop ??= this.#timer(() => this.write(), PACE);
    this.shown.setState({ held });
  }

  /** Writes what is held; does nothing when nothing is, and while somebody peeks. */
  write(): void {
    const held = this.#held;
    if (held === undefined || this.#peeking) return;
    this.#stop?.();
    this.#stop = undefined;
    // Whoever hears of the change and asks for the document asks for what is being written.
    this.#held = undefined;
    this.#into(held);
    this.shown.setState({ held: undefined });
  }

  /** The same actions, each of which writes first: what one does is done to what one sees. */
  writtenFirst<Actions extends Record<string, (...args: never[]) => unknown>>(actions: Actions): Actions {
    const first =
      (action: (...args: never[]) => unknown) =>
      (...args: never[]) => {
        this.write();
        return action(...args);
      };
    return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, first(action)])) as Actions;
  }

  /** Nothing is written while this reads. */
  peek<Read>(read: () => Read): Read {
    const before = this.#peeking;
    this.#peeking = true;
    try {
      return read();
    } finally {
      this.#peeking = before;
    }
  }
}

const isSameText = (a: TextRef, b: TextRef): boolean => a.step === b.step && a.field === b.field && a.port === b.port;

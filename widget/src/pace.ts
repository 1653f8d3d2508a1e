import type { Transcript } from "./transcript.js";

export type PacePorts = {
  /** ms, from any start. */
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
};

const pause = (characters: number) => Math.min(300 + 15 * characters, 1_200);

/**
 * Lets bot messages that came together appear one by one. It is drawing only: what is not shown yet is already recorded
 * and acknowledged. Never for what is replayed, and not once the visitor acts.
 */
export class Pace {
  /** Messages up to this `seq` are shown. */
  shown = 0;
  #timer: number | undefined;
  #lastBot = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: PacePorts,
    /** Asked at each message. */
    private readonly speed: () => "off" | "natural" | "slow",
    private readonly changed: () => void,
  ) {}

  /** Whether something waits to be shown. */
  get busy(): boolean {
    return this.#timer !== undefined;
  }

  /** Takes the transcript as it is now; `shown` is right when this returns. */
  update(t: Transcript): void {
    const newest = t.last?.seq ?? 0;
    if (newest < this.shown) this.shown = newest;
    const waiting = t.items.filter(({ seq }) => seq > this.shown);
    // What the visitor said is shown at once, and with it all before it.
    const own = waiting.findLastIndex(({ kind }) => kind === "visitor");
    for (const [i, item] of waiting.entries()) {
      const speed = this.speed();
      // A person takes the time that it takes.
      const ofBot = item.kind === "question" || (item.kind === "bot" && !item.by);
      if (i > own && ofBot && item.seq > t.latest && speed !== "off") {
        const wait = this.#lastBot + pause(item.content.length) * (speed === "slow" ? 2 : 1) - this.ports.now();
        if (wait > 0) {
          this.#timer ??= this.ports.setTimeout(() => this.#next(), wait);
          return;
        }
        this.#lastBot = this.ports.now();
      }
      this.shown = item.seq;
    }
    this.#stop();
    this.shown = newest;
  }

  /** The visitor acted: all that is there is shown. */
  hurry(t: Transcript): void {
    this.#lastBot = Number.NEGATIVE_INFINITY;
    if (!this.busy) return;
    this.#stop();
    this.shown = t.last?.seq ?? 0;
    this.changed();
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#stop();
  }

  #next(): void {
    this.#timer = undefined;
    this.#lastBot = Number.NEGATIVE_INFINITY;
    this.changed();
  }

  #stop(): void {
    if (this.#timer !== undefined) this.ports.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

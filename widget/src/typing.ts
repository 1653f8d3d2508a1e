import type { PacePorts } from "./pace.js";

/** How long the bot may take before it is seen to be typing, in ms: a quick answer needs no sign. */
const AFTER = 350;

/** Whether the bot is seen to be typing. */
export class Typing {
  seen = false;
  #timer: number | undefined;

  constructor(
    private readonly ports: Pick<PacePorts, "setTimeout" | "clearTimeout">,
    private readonly changed: () => void,
  ) {}

  /** @param owed the bot owes an answer */
  update(owed: boolean): void {
    if (!owed) return this.stop();
    this.#timer ??= this.ports.setTimeout(() => {
      this.seen = true;
      this.changed();
    }, AFTER);
  }

  stop(): void {
    if (this.#timer !== undefined) this.ports.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.seen = false;
  }
}

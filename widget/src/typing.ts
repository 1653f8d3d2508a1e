import type { PacePorts } from "./pace.js";

/** How long the bot may take before it is seen to be typing, in ms: a quick answer needs no sign. */
const AFTER = 350;
/** For so long a person is seen to be typing after it was told, and a visitor's typing is told once, in ms. */
const SEEN = 6_000;
const TOLD = 3_000;

/** Whether the bot, or a person, is seen to be typing. */
export class Typing {
  seen = false;
  /** The name of the person who types. */
  by: string | undefined;
  #timer: number | undefined;
  #gone: number | undefined;
  #told = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly ports: PacePorts,
    private readonly changed: () => void,
  ) {}

  /** @param owed the bot owes an answer */
  update(owed: boolean): void {
    if (!owed) return this.#calm();
    this.#timer ??= this.ports.setTimeout(() => {
      this.seen = true;
      this.changed();
    }, AFTER);
  }

  /** A person types; none: what he typed has come. */
  person(name?: string): void {
    if (this.#gone !== undefined) this.ports.clearTimeout(this.#gone);
    this.by = name;
    this.#gone =
      name === undefined
        ? name
        : this.ports.setTimeout(() => {
            this.person();
            this.changed();
          }, SEEN);
  }

  /** Whether it is to be told that the visitor types. */
  tells(): boolean {
    const now = this.ports.now();
    if (now - this.#told < TOLD) return false;
    this.#told = now;
    return true;
  }

  stop(): void {
    this.#calm();
    this.person();
  }

  #calm(): void {
    if (this.#timer !== undefined) this.ports.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.seen = false;
  }
}

import { hashOf, newSecret } from "../studio/secrets.js";

/** How long a ticket is good, ms. */
const LIFETIME = 60_000;

/** One-use rights to a socket of a preview. Only their hashes are kept. */
export class Tickets {
  readonly #tickets = new Map<string, { readonly preview: string; readonly until: number }>();

  constructor(private readonly now: () => number) {}

  make(preview: string): string {
    this.#sweep();
    const secret = newSecret();
    this.#tickets.set(hashOf(secret), { preview, until: this.now() + LIFETIME });
    return secret;
  }

  /** Spends a ticket. @returns the preview that it is for, or undefined if it is unknown, spent or too old */
  spend(secret: string): string | undefined {
    this.#sweep();
    const hash = hashOf(secret);
    const found = this.#tickets.get(hash);
    this.#tickets.delete(hash);
    return found?.preview;
  }

  #sweep(): void {
    const now = this.now();
    for (const [hash, { until }] of this.#tickets) if (until <= now) this.#tickets.delete(hash);
  }
}

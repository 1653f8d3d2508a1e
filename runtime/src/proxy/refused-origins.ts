/** A page that wanted to show a flow and may not. Times in ms. */
export type RefusedOrigin = { readonly origin: string; readonly count: number; readonly at: number };

/** So many of a flow are kept; those seen longest ago go first. */
const KEPT = 20;
/** Flows that have any; those refused longest ago go first. */
const FLOWS = 1_000;
/** As a browser writes it: scheme, host in ASCII (punycode), port unless it is the usual one. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
const LONGEST = 300;

/** The sites whose pages asked for a flow of late and may not show it, for the one who can allow them. Kept in memory. */
export class RefusedOrigins {
  readonly #flows = new Map<string, Map<string, RefusedOrigin>>();

  constructor(private readonly now: () => number) {}

  /** Notes requests of the widget's loader that were refused. Whatever is no plain origin is left out. */
  note(flow: string, origin: string | undefined, times = 1): void {
    if (origin === undefined || !isOrigin(origin)) return;
    const known = this.#flows.get(flow) ?? new Map<string, RefusedOrigin>();
    const count = (known.get(origin)?.count ?? 0) + times;
    // Put behind the others: the first is the one seen longest ago.
    known.delete(origin);
    known.set(origin, { origin, count, at: this.now() });
    if (known.size > KEPT) known.delete(known.keys().next().value!);
    this.#flows.delete(flow);
    this.#flows.set(flow, known);
    if (this.#flows.size > FLOWS) this.#flows.delete(this.#flows.keys().next().value!);
  }

  /** Newest first. @param allowed those that may by now are left out */
  list(flow: string, allowed: readonly string[]): RefusedOrigin[] {
    const known = [...(this.#flows.get(flow)?.values() ?? [])].reverse();
    return known.filter(({ origin }) => !allowed.includes(origin));
  }
}

const isOrigin = (text: string): boolean =>
  text.length <= LONGEST && ORIGIN.test(text) && URL.canParse(text) && new URL(text).origin === text;

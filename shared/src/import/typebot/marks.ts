import type { JsonObject } from "../../flow/json.js";
import { firstUnits } from "../../text.js";

/** What stands in a text for the value of a variable: the answer to a step, or a value by its name. */
type Reference = { readonly to: number | string; readonly fallback: string | undefined };

/** Around the digits of a mark's number, which are private characters too: no name is made of them. */
const [START, END, ZERO] = ["\uf8da", "\uf8db", 0xf8d0];
const MARK = /\uf8da([\uf8d0-\uf8d9]+)\uf8db/g;
/** Characters of a value that stands where there is none yet. */
const MAX_FALLBACK = 100;
const MAX_NAME = 100;
/** As JSON a reference has at most so many bytes, beyond those of its mark. */
export const REFERENCE_BYTES = 3 * (MAX_FALLBACK + MAX_NAME) + 8;

/** References in texts while the ids that they name are not known yet: a mark stands for each. */
export class Marks {
  readonly #references: Reference[] = [];
  readonly #marks = new Map<string, string>();

  /** @param to the place of the step that asks, or a name */
  mark(to: number | string, value: string | undefined): string {
    const fallback = value === undefined ? undefined : bare(value, MAX_FALLBACK) || undefined;
    const known = JSON.stringify([to, fallback]);
    const mark = this.#marks.get(known) ?? START + digits(this.#references.length) + END;
    if (!this.#marks.has(known))
      this.#references.push({ to: typeof to === "number" ? to : bare(to, MAX_NAME), fallback });
    this.#marks.set(known, mark);
    return mark;
  }

  /** A text for a reader, with `…` in place of each mark. */
  plain(text: string): string {
    return text.replace(MARK, "…");
  }

  /** The names that no step answers to: no step may be called so. */
  names(): Set<string> {
    return new Set(this.#references.flatMap(({ to }) => (typeof to === "string" ? [to] : [])));
  }

  /** The state with the references in place of their marks. */
  fill<State extends JsonObject>(state: State, idOf: (place: number) => string): State {
    const json = JSON.stringify(state).replace(MARK, (_, number: string) => {
      const { to, fallback } = this.#references[numberOf(number)]!;
      const id = typeof to === "number" ? idOf(to) : to;
      return inJson(fallback === undefined ? `{{${id}}}` : `{{${id}|${fallback}}}`);
    });
    return JSON.parse(json) as State;
  }
}

/** How many marks a text has. */
export const marksIn = (text: string): number => text.match(MARK)?.length ?? 0;

const digits = (number: number): string =>
  [...String(number)].map((digit) => String.fromCharCode(ZERO + Number(digit))).join("");
const numberOf = (mark: string): number => Number([...mark].map((digit) => digit.charCodeAt(0) - ZERO).join(""));
/** What neither ends a reference nor marks anything up. */
const bare = (text: string, units: number): string => firstUnits(text.replace(/[{}|<>&\p{Cc}]/gu, " ").trim(), units);
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

import { own } from "../../flow/json.js";
import type { Marks } from "./marks.js";
import { type Export, text, type Variable } from "./read-export.js";
import type { Link } from "./steps.js";
import type { Fill } from "./words.js";

/** Steps looked at, at most, to find which of several questions a text means. */
const MAX_VISITS = 200_000;

/** What a text says for a variable: the answer to the question that sets it, else the value that the page may pass. */
export class References {
  readonly #links: readonly Link[];
  readonly #marks: Marks;
  readonly #variables: ReadonlyMap<string, Variable>;
  /** The steps that set each variable, by its id. */
  readonly #setters = new Map<string, number[]>();
  /** The steps that lead to each, made when it is first asked for. */
  #before: number[][] | undefined;
  #visits = MAX_VISITS;

  constructor({ blocks, variables }: Export, links: readonly Link[], marks: Marks) {
    this.#links = links;
    this.#marks = marks;
    this.#variables = new Map([...variables].reverse().map((one) => [one.name, one]));
    for (const [place, { kind, block }] of links.entries()) {
      const id = text(own(blocks[block]!.options, "variableId"));
      if (kind === "message" || id === "") continue;
      const known = this.#setters.get(id) ?? [];
      if (known.push(place) === 1) this.#setters.set(id, known);
    }
  }

  /** For the texts of the step at `place`. */
  fillOf(place: number): Fill {
    const { remarks } = this.#links[place]!;
    return (name) => {
      if (name === "" || name.startsWith("=")) {
        if (name !== "") remarks.add("A calculation in its text is left out.");
        return "";
      }
      const variable = this.#variables.get(name);
      const setters = (variable && this.#setters.get(variable.id)) ?? [];
      const setter = setters.length > 1 ? this.#nearest(place, setters) : setters[0];
      if (setter !== undefined) return this.#marks.mark(setter, variable?.value);
      remarks.add(`Nothing here asks for “${name.slice(0, 60)}”: the page has to pass it.`);
      return this.#marks.mark(name, variable?.value);
    };
  }

  /** Of several steps the one that is passed last before a text. */
  #nearest(place: number, setters: readonly number[]): number {
    const wanted = new Set(setters);
    this.#before ??= this.#leadingTo();
    const before = this.#before;
    const seen = new Set<number>([place]);
    let row = [place];
    while (row.length > 0 && this.#visits > 0) {
      const earlier: number[] = [];
      for (const one of row.flatMap((step) => before[step]!)) {
        this.#visits -= 1;
        if (wanted.has(one)) return one;
        if (!seen.has(one)) earlier.push(one);
        seen.add(one);
      }
      row = earlier;
    }
    return setters[0]!;
  }

  #leadingTo(): number[][] {
    const before: number[][] = this.#links.map(() => []);
    for (const [place, { to }] of this.#links.entries()) {
      for (const next of new Set(to)) if (next !== undefined) before[next]!.push(place);
    }
    return before;
  }
}

import type { ScriptStep } from "./script.js";
import { type Link, WordsIndex, wordsOf } from "./words-index.js";

/** Longer words are cut, as long as no other step begins with them. */
const SHORT = 60;

/** How the steps of a script are called in it: by their words, the second of the same with `#2`. */
export class StepWords {
  readonly #index: WordsIndex;
  readonly #words: readonly string[];
  readonly #known = new Map<number, Link | undefined>();

  /** @param steps in the order in which they are written; those that are undefined cannot be meant. */
  constructor(steps: readonly (Omit<ScriptStep, "ways"> | undefined)[]) {
    const words = steps.map((step) => step && wordsOf(step));
    this.#index = new WordsIndex(words);
    this.#words = words.map((words) => words ?? "");
  }

  /** The link that leads to the step at a place; undefined when none does. */
  linkTo(place: number): Link | undefined {
    if (!this.#known.has(place)) this.#known.set(place, this.#findLink(place));
    return this.#known.get(place);
  }

  /** The place of the question whose answer these words mean; undefined: none. */
  placeOf = (words: string): number | undefined => this.#index.findAnswer(words)?.place;

  /** Whether these words, without any mark, still mean this place. */
  leads = (whole: string, place: number): boolean => this.placeOf(whole) === place;

  #findLink(place: number): Link | undefined {
    const words = this.#shorten(this.#words[place]!, place);
    const nth = this.#index.ordinal(place);
    const link = nth > 1 ? { words, nth, whole: `${words} #${nth}` } : { words, nth: undefined, whole: words };
    return this.#index.find(link)?.place === place ? link : undefined;
  }

  #shorten(words: string, place: number): string {
    if (words.length <= SHORT) return words;
    const space = words.lastIndexOf(" ", SHORT);
    const short = `${words.slice(0, space > 0 ? space : SHORT)}…`;
    const found = this.#index.find({ words: short, nth: undefined, whole: short });
    return found?.place === place && !found.several ? short : words;
  }
}

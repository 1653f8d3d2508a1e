import { plainText } from "../flow/rich-text.js";
import { comparableText } from "../text.js";
import { NO_WORDS, type ScriptStep } from "./script.js";

/** Where a line leads on to: a step by its words; without words, nowhere. */
export type Link = {
  readonly words: string;
  /** With `#2` behind the words, the second step that says them; `words` is then without it. */
  readonly nth: number | undefined;
  /** The words with that `#2`: a step may say just this. */
  readonly whole: string;
  /** What is read of that, where it has marks in it (bold, a link); absent where it has none. */
  readonly read?: string;
};

/** A step that was found by its words: the first, and whether others say the same. */
export type Found = { readonly place: number; readonly several: boolean };

/**
 * The words by which a step is found: what is read of it, on one line, with `…` for each answer in it; of one that says
 * nothing, its `[placeholder]`.
 */
export function wordsOf({ kind, words, prompt }: Omit<ScriptStep, "ways">): string {
  const said = kind === "text" && words.trim() === "" ? `[${prompt ?? ""}]` : plainText(words);
  return withoutAnswers(said).replace(/\s+/gu, " ").trim() || NO_WORDS;
}

/** With `…` for each answer, from the inside out: what comes of it has none, so it is found by itself. Linear. */
function withoutAnswers(words: string): string {
  if (!words.includes("{{")) return words;
  const kept: string[] = [];
  /** Where the braces in it stand. */
  const braces: number[] = [];
  for (const unit of words.split("")) {
    if (unit === "{" || unit === "}") braces.push(kept.length);
    kept.push(unit);
    if (unit !== "}" || !endsInAnswer(kept, braces)) continue;
    kept.length = braces.at(-4)!;
    kept.push(NO_WORDS);
    braces.length -= 4;
  }
  return kept.join("");
}

/** Whether the last four braces are two and two, `{{` and `}}`. */
function endsInAnswer(kept: readonly string[], braces: readonly number[]): boolean {
  if (braces.length < 4) return false;
  const [first, second, third, last] = braces.slice(-4) as [number, number, number, number];
  const marks = kept[first]! + kept[second]! + kept[third]! + kept[last]!;
  return marks === "{{}}" && second === first + 1 && last === third + 1;
}

/** Finds steps by their words, as `comparableText` compares them. */
export class WordsIndex {
  /** The places of the steps that say just this, in their order. */
  readonly #places = new Map<string, number[]>();
  readonly #ordinals = new Map<number, number>();
  readonly #shortened = new Map<string, Found | undefined>();
  /** The places of the steps whose words can be written in braces. */
  readonly #inBraces = new Set<number>();
  #sorted: string[] | undefined;

  /** @param keys the words of each step by its place; undefined: it cannot be meant. */
  constructor(keys: Iterable<string | undefined>) {
    let place = 0;
    for (const words of keys) {
      if (words !== undefined) {
        const key = comparableText(words);
        const places = this.#places.get(key) ?? [];
        if (places.length === 0) this.#places.set(key, places);
        this.#ordinals.set(place, places.push(place));
        if (fitsBraces(words)) this.#inBraces.add(place);
      }
      place += 1;
    }
  }

  find(link: Link): Found | undefined {
    const places = link.nth === undefined ? undefined : this.#places.get(comparableText(withoutAnswers(link.words)));
    const named = places?.[link.nth! - 1];
    if (named !== undefined) return { place: named, several: false };
    const whole = withoutAnswers(link.whole);
    return this.#exactly(whole) ?? this.#beginning(whole) ?? this.#exactly(plainText(whole));
  }

  /** The one step whose words begin with these; undefined: there are several, or none. */
  findOnly({ whole }: Link): Found | undefined {
    const key = comparableText(withoutAnswers(whole));
    const found = key === "" ? undefined : this.#shortenedTo(key);
    return found?.several === false ? found : undefined;
  }

  /** The question that an answer is to. One word alone may be a name that the page sets, and is no beginning. */
  findAnswer(words: string): Found | undefined {
    const link = linkTo(words);
    const begun = /\S\s+\S/u.test(words) ? this.findOnly(link) : undefined;
    return this.find(link) ?? (begun && this.#inBraces.has(begun.place) ? begun : undefined);
  }

  /** Which of the steps with its words a step is, from 1. */
  ordinal(place: number): number {
    return this.#ordinals.get(place) ?? 1;
  }

  #exactly(words: string): Found | undefined {
    const places = this.#places.get(comparableText(words));
    return places && { place: places[0]!, several: places.length > 1 };
  }

  /** Words that end in `…` name the step whose words begin with them. Each beginning is sought once. */
  #beginning(words: string): Found | undefined {
    const dots = words.endsWith("…") ? 1 : words.endsWith("...") ? 3 : 0;
    const key = comparableText(words.slice(0, words.length - dots));
    if (dots === 0 || key === "") return undefined;
    return this.#shortenedTo(key);
  }

  #shortenedTo(key: string): Found | undefined {
    if (!this.#shortened.has(key)) this.#shortened.set(key, this.#findBeginning(key));
    return this.#shortened.get(key);
  }

  #findBeginning(key: string): Found | undefined {
    this.#sorted ??= [...this.#places.keys()].sort();
    let low = 0;
    for (let high = this.#sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < key) low = middle + 1;
      else high = middle;
    }
    let first: number | undefined;
    let count = 0;
    for (; this.#sorted[low]?.startsWith(key); low++) {
      const places = this.#places.get(this.#sorted[low]!)!;
      count += places.length;
      first = Math.min(first ?? places[0]!, places[0]!);
    }
    return first === undefined ? undefined : { place: first, several: count > 1 };
  }
}

/** Whether words can stand in `{{ }}`: braces, bars and tags would end them. */
export const fitsBraces = (words: string): boolean => !/[{}|<>]/.test(words);

const ORDINAL = /\s#([1-9]\d{0,5})$/u;

/** A link with these words, where no mark tells whether a `#2` behind them is one of them. */
export function linkTo(whole: string): Link {
  const ordinal = ORDINAL.exec(whole);
  if (ordinal === null) return { words: whole, nth: undefined, whole };
  return { words: whole.slice(0, ordinal.index).trimEnd(), nth: Number(ordinal[1]), whole };
}

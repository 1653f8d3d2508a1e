import { firstUnits, utf8Length } from "../text.js";
import { SCHEMA_KEY } from "./json.js";
import { plainText } from "./rich-text.js";

/** A name has at most so many words and UTF-16 units of the content. */
const MAX_WORDS = 4;
const MAX_UNITS = 32;
const MAX_NAME_UNITS = 64;
/** A name of a state in bytes (SPEC, The flow). */
const MAX_NAME_BYTES = 200;
/** The chat session in which a visitor talks with a person (H1); no flow may open it. */
export const OPERATOR_CHAT = "operator";
const RESERVED = new Set(["__proto__", "constructor", "prototype", SCHEMA_KEY]);
const INTEGER_LIKE = /^(?:0|[1-9]\d*)$/;

/** What a step is called that says nothing. */
export const PLAIN_NAMES = {
  ...({ message: "message", question: "question", text: "text", answer: "answer" } as const),
  ...({ handOff: "person" } as const),
};

/**
 * Words of a text as one name, in their own script: `What language?` → `whatLanguage`, `言語` → `言語`; "" when none is
 * left.
 */
export function slug(source: string, where: "text" | "choice" = "text"): string {
  const text = plainText(firstUnits(source, 2000).replace(/\{\{[^{}]*\}\}/g, " "), where);
  const words =
    text
      .normalize("NFC")
      .replace(/['’]/g, "")
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  let name = "";
  for (const word of words.slice(0, MAX_WORDS)) {
    const longer = joinWords(name, word.toLowerCase());
    if (longer.length > MAX_UNITS) return name || firstUnits(longer, MAX_UNITS);
    name = longer;
  }
  return name;
}

/** `what` and `language` → `whatLanguage`; a script without capitals, and a number, is set apart by `-`. */
export function joinWords(first: string, second: string): string {
  if (first === "" || second === "") return first + second;
  const initial = firstUnits(second, second.codePointAt(0)! > 0xffff ? 2 : 1);
  const capital = initial.toUpperCase();
  return capital === initial && capital.toLowerCase() === initial
    ? `${first}-${second}`
    : first + capital + second.slice(initial.length);
}

/** Why a state cannot have a name, in a sentence; undefined when it can. */
export function whyBadName(name: string): string | undefined {
  if (name.trim() === "") return "A name needs a letter.";
  if (INTEGER_LIKE.test(name)) return "A name cannot be a number. Add a letter.";
  if (RESERVED.has(name)) return "This name cannot be used.";
  return utf8Length(name) > MAX_NAME_BYTES ? "This name is too long." : undefined;
}

/** Whether a name is `base`, or `base` with a number that made it unique. */
export const isNamedAfter = (name: string, base: string): boolean =>
  name.startsWith(base) && /^(?:-?\d+)?$/.test(name.slice(base.length));

/** A name that the format takes, of these words. */
export function usableName(words: string, plain: string): string {
  const cut = firstUnits(words, MAX_NAME_UNITS);
  return cut === "" || whyBadName(cut) ? joinWords(plain, cut.trim()) : cut;
}

/** What a step that asks for a text is named after: what it says, else its placeholder. */
export const askingWords = ({ text, prompt }: { readonly text: string; readonly prompt?: string }): string =>
  slug(text) || slug(prompt ?? "");
/** What the state that takes an answer is named after: `whatLanguage` and `go` → `whatLanguageGo`. */
export const answerWords = (group: string, item: string): string => joinWords(group, item);
/** The same of a text: an expected one, or any. */
export const typedWords = (chat: string, expected: string | undefined): string =>
  joinWords(chat, (expected !== undefined && slug(expected)) || PLAIN_NAMES.text);
/** What the end behind it is named after. */
export const endWords = (chat: string, expected: string | undefined): string =>
  joinWords(expected === undefined ? chat : typedWords(chat, expected), "end");

/** What the state that takes how a hand-off ends is named after: `person` and `timeout` → `personTimeout`. */
export const outcomeWords = (handOff: string, outcome: string): string => joinWords(handOff, outcome);

/** Names that are each given once: `base`, or `base` with a number behind it. Near linear, however often one is asked for. */
export class UniqueNames {
  readonly #taken: (name: string) => boolean;
  readonly #given = new Set<string>();
  /** The number to try first, by base. */
  readonly #next = new Map<string, number>();

  constructor(taken: (name: string) => boolean) {
    this.#taken = taken;
  }

  take(base: string): string {
    const apart = /\d$/.test(base) ? "-" : "";
    let number = this.#next.get(base) ?? 1;
    let name: string;
    do {
      name = number === 1 ? base : `${base}${apart}${number}`;
      number += 1;
    } while (name === OPERATOR_CHAT || this.#given.has(name) || this.#taken(name));
    this.#next.set(base, number);
    this.#given.add(name);
    return name;
  }

  /** This name is not given to anything: somebody has it who is not seen here. */
  reserve(name: string): void {
    this.#given.add(name);
  }
}

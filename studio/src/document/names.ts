import { idOf, itemId } from "@parley/shared/flow/references";
import { plainText } from "@parley/shared/flow/rich-text";
import { firstUnits, utf8Length } from "@parley/shared/text";
import { type Draft, isObject, own, SCHEMA_KEY } from "./draft.js";

/** A name has at most so many words and UTF-16 units of the content. */
const MAX_WORDS = 4;
const MAX_UNITS = 32;
const MAX_NAME_UNITS = 64;
/** A name of a state in bytes (SPEC, Core vocabulary). */
const MAX_NAME_BYTES = 200;
const RESERVED = new Set(["__proto__", "constructor", "prototype", SCHEMA_KEY]);
const INTEGER_LIKE = /^(?:0|[1-9]\d*)$/;

/** What a step is called that says nothing. */
export const PLAIN_NAMES = { message: "message", question: "question", text: "text", answer: "answer" } as const;

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

/** Names for what is added, unique in the draft and among themselves. */
export class FreshNames {
  readonly #draft: Draft;
  readonly #states = new Set<string>();
  #ids: Set<string> | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** These are not given to anything: somebody has them who is not in the draft yet. */
  reserve({ states, ids }: { readonly states: Iterable<string>; readonly ids: Iterable<string> }): void {
    this.#ids ??= idsOf(this.#draft);
    for (const name of states) this.#states.add(name);
    for (const id of ids) this.#ids.add(id);
  }

  /** A name of a state, of these words; `plain` is used where they leave none. */
  state(words: string, plain: string): string {
    const taken = (name: string) => this.#states.has(name) || Object.hasOwn(this.#draft.flow, name);
    const name = unique(usableName(words, plain), taken);
    this.#states.add(name);
    return name;
  }

  /** A `groupId` or `sessionId`: one for both, and for the names that the page sets, since `{{id}}` knows only one. */
  id(words: string, plain: string): string {
    this.#ids ??= idsOf(this.#draft);
    const id = unique(words || plain, (id) => this.#ids!.has(id));
    this.#ids.add(id);
    return id;
  }
}

/** An `itemId` that is not taken in its question. */
export const freshItem = (words: string, taken: ReadonlySet<string>): string =>
  unique(words || PLAIN_NAMES.answer, (id) => taken.has(id));

/** A name that the format takes, of these words. */
export function usableName(words: string, plain: string): string {
  const cut = firstUnits(words, MAX_NAME_UNITS);
  return cut === "" || whyBadName(cut) ? joinWords(plain, cut.trim()) : cut;
}

/** What the state that takes an answer is named after: `whatLanguage` and `go` → `whatLanguageGo`. */
export const answerWords = (group: string, item: string): string => joinWords(group, item);
/** The same of a text: an expected one, or any. */
export const typedWords = (chat: string, expected: string | undefined): string =>
  joinWords(chat, (expected !== undefined && slug(expected)) || PLAIN_NAMES.text);
/** What the end behind it is named after. */
export const endWords = (chat: string, expected: string | undefined): string =>
  joinWords(expected === undefined ? chat : typedWords(chat, expected), "end");

function unique(base: string, taken: (name: string) => boolean): string {
  let name = base;
  const apart = /\d$/.test(base) ? "-" : "";
  for (let n = 2; taken(name); n++) name = `${base}${apart}${n}`;
  return name;
}

/** All ids that `{{id}}` may mean. */
export function idsOf({ flow, settings }: Draft): Set<string> {
  const ids = new Set<string>(settings.variables);
  for (const name of Object.keys(flow)) {
    const state = flow[name];
    if (!isObject(state)) continue;
    for (const part of [own(state, "sendRequest"), own(state, "matchResponse")]) {
      if (!isObject(part)) continue;
      for (const id of [idOf(own(part, "groupId")), idOf(own(part, "sessionId"))]) if (id !== undefined) ids.add(id);
    }
  }
  return ids;
}

/** The ids of the choices of a list. */
export function itemsOf(choices: unknown): Set<string> {
  const list = Array.isArray(choices) ? choices : [];
  return new Set(list.map(itemId).filter((id) => id !== undefined));
}

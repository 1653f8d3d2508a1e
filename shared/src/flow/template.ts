import { firstUnits, jsonBytes } from "../text.js";
import { tagEnd } from "./rich-text.js";

/** `{{id}}` and `{{id|fallback}}` in a text (rule F12). */
export type Placeholder = { readonly id: string; readonly fallback?: string };
type Part = string | Placeholder;
/** A text cut at its placeholders. Without any, it is one string. */
export type Template = { readonly parts: readonly Part[]; readonly rich: boolean };

/** Of a value at most this many characters are used. */
export const MAX_VALUE_CHARACTERS = 500;
/** Names that a page may set, as the settings declare them: at most so many, each of at most so many characters. */
export const MAX_VARIABLES = 64;
export const MAX_VARIABLE_LENGTH = 100;
/** A request as JSON, filled in. */
export const MAX_REQUEST_BYTES = 8 * 1024;

const PLACEHOLDER = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

/** Cuts `source` at its placeholders. In rich text, nothing inside a tag is one. Linear in its length. */
export function parseTemplate(source: string, rich: boolean): Template {
  const parts: Part[] = [];
  const literal = (text: string): void => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + text;
    else parts.push(text);
  };
  const cut = (text: string): void => {
    let done = 0;
    for (const found of text.matchAll(PLACEHOLDER)) {
      const id = found[1]!.trim();
      if (!id) continue;
      const before = text.slice(done, found.index);
      literal(rich ? apart(before) : before);
      parts.push(found[2] === undefined ? { id } : { id, fallback: found[2] });
      done = found.index + found[0].length;
    }
    literal(rich ? apart(text.slice(done)) : text.slice(done));
  };
  let done = 0;
  for (let at = rich ? source.indexOf("<") : -1; at >= 0; at = source.indexOf("<", at)) {
    const end = tagEnd(source, at);
    if (end === undefined) at += 1;
    else {
      cut(source.slice(done, at));
      literal(source.slice(at, end));
      at = done = end;
    }
  }
  cut(source.slice(done));
  return { parts: parts.some((part) => typeof part !== "string") ? parts : [source], rich };
}

/**
 * Text beside a value must not join with it: a `<` that starts no tag could become one with the letters that follow,
 * a last `&` an entity with the value's own.
 */
const apart = (text: string): string => text.replaceAll("<", "&lt;").replace(/&(#?[A-Za-z0-9]*)$/, "&amp;$1");

/** The placeholders of a text, in order. */
export function placeholders(source: string, rich = true): Placeholder[] {
  return parseTemplate(source, rich).parts.filter((part) => typeof part !== "string");
}

/** Fills in the templates of one message; made anew for each message, because its values share 8 KiB. */
export class Filler {
  #left: number;

  /** @param withoutValues the message as JSON would be with every value empty, in bytes. */
  constructor(
    private readonly value: (id: string) => string | undefined,
    withoutValues: number,
  ) {
    this.#left = MAX_REQUEST_BYTES - withoutValues;
  }

  /** The finished text. Values are text: in rich text their `<`, `>` and `&` become entities. */
  fill(template: Template): string {
    let text = "";
    for (const part of template.parts) text += typeof part === "string" ? part : this.#take(part, template.rich);
    return text;
  }

  #take(placeholder: Placeholder, rich: boolean): string {
    const value = this.value(placeholder.id) || placeholder.fallback;
    if (!value) return "";
    const used = firstUnits(value, MAX_VALUE_CHARACTERS);
    const text = rich ? escapeRich(used) : used;
    this.#left -= jsonBytes(text) - 2;
    return this.#left >= 0 ? text : "";
  }
}

/** Text as rich text that shows it. */
export const escapeRich = (text: string): string =>
  text.replace(/[<>&]/g, (c) => (c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&amp;"));

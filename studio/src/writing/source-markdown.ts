import type { Where } from "@parley/shared/flow/rich-text";
import { markedEnd } from "./markdown.js";

/** A text as it stands in the file, and where the caret is in it, in UTF-16 units. */
export type Source = { readonly text: string; readonly caret: number };

/** What was typed as Markdown before the caret as the element that it means; undefined: nothing was. */
export function markSource({ text, caret }: Source, where: Where, finished = false): Source | undefined {
  const before = text.slice(0, caret);
  const tag = before.lastIndexOf(">");
  if (/<(?:code|a\s[^<>]*)>$/iu.test(before.slice(0, tag + 1))) return undefined;
  const marked = markedEnd(before.slice(tag + 1), where, finished);
  if (marked === undefined) return undefined;
  const href = marked.href === undefined ? "" : ` href="${marked.href.replace(/&(?!amp;)/g, "&amp;")}"`;
  const put = `<${marked.tag}${href}>${marked.text}</${marked.tag}>${marked.after}`;
  const kept = before.slice(0, caret - marked.length) + put;
  return { text: kept + text.slice(caret), caret: kept.length };
}

const ITEM = /^\s{0,3}(?:([-*•])|(\d{1,2})[.)])\s+(\S.*)$/u;

/**
 * Lines that begin as those of a list, as that list: all of a text, or several one below the other in it; and lines that
 * begin with `>`, as what is quoted. What is an element already stays as it is.
 */
export function blockSource(text: string): string {
  const lines = text.split("\n");
  const out: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const items: string[] = [];
    const isNumbered = /^\s*\d/u.test(lines[at]!);
    for (let line = at; line < lines.length; line++) {
      const found = ITEM.exec(lines[line]!);
      if (found === null || (found[2] !== undefined) !== isNumbered) break;
      items.push(found[3]!.trimEnd());
    }
    const begins = !isNumbered || /^\s*1[.)]/u.test(lines[at]!);
    const quoted = takeWhileQuoted(lines, at);
    if (quoted.length > 0) {
      out.push(`<blockquote>${quoted.join("\n")}</blockquote>`);
      at += quoted.length;
    } else if (begins && (items.length > 1 || (items.length === 1 && lines.length === 1))) {
      const tag = isNumbered ? "ol" : "ul";
      out.push(`<${tag}>${items.map((item) => `<li>${item}</li>`).join("")}</${tag}>`);
      at += items.length;
    } else {
      out.push(lines[at]!);
      at += 1;
    }
  }
  return out.join("\n");
}

/** What is quoted from a line on, without the marks before it. */
function takeWhileQuoted(lines: readonly string[], from: number): string[] {
  const quoted: string[] = [];
  for (let at = from; at < lines.length; at++) {
    const found = /^\s{0,3}>\s+(\S.*)$/u.exec(lines[at]!);
    if (found === null) break;
    quoted.push(found[1]!.trimEnd());
  }
  return quoted;
}

/** The selected part of a text within an element, and the caret behind it; where nothing is selected, in the element. */
export function wrapSource(text: string, from: number, to: number, tag: "b" | "i" | "code"): Source {
  const open = `${text.slice(0, from)}<${tag}>${text.slice(from, to)}`;
  const close = `</${tag}>`;
  return { text: open + close + text.slice(to), caret: open.length + (from === to ? 0 : close.length) };
}

import { readLines } from "./line.js";
import { writeLists, writeMarks } from "./marks.js";
import { readLine } from "./read-line.js";

/** Words as they stand in a script. What would be read as a mark gets a `\` before it. */

const BLANK = /\s/u;

/** What the bot says, an answer or an expected text, on a line of its own or behind `- `. */
export function writeWords(words: string, indent: string, where: "line" | "answer"): string {
  const text = oneBreak(words);
  if (where === "line" && text.includes("<")) {
    const marked = writeLists(text, (part) => writeMarks(part, escapeMarks) ?? escapeMarks(part));
    const written = writeEscaped(marked, "", where);
    // Elements as no mark makes them stay elements.
    if (saysJust(written, text)) return written.replaceAll("\n", `\n${indent}`);
  }
  return writeEscaped(where === "line" ? escapeMarks(text) : escapeSlashes(text), indent, where);
}

/** Whether a line is a step with these words and nothing else. */
function saysJust(written: string, words: string): boolean {
  const [line, ...more] = readLines(written);
  if (line === undefined || more.length > 0) return false;
  const said = readLine(line);
  return said.kind === "step" && said.words === words && said.prompt === undefined && said.link === undefined;
}

/** @param escaped words in which all that would be bold or a link, and each `\`, has its `\` already */
function writeEscaped(escaped: string, indent: string, where: "line" | "answer"): string {
  const text = escapeArrows(escapeEdges(escaped));
  // A `[` that is no mark needs no `\` as long as nothing closes it at the end.
  const closed = text.endsWith("]") ? `${text.slice(0, -1)}\\]` : text;
  const marked = where === "line" ? /^[-*•–](?:\s|\\|$)|^-\p{L}/u.test(closed) : closed === "*";
  return joinLines(marked ? `\\${closed}` : closed, indent);
}

const escapeSlashes = (text: string): string => text.replaceAll("\\", "\\\\");

/** Two stars would begin bold words, `](` is in the midst of a link, and a further line with `- ` is an item of a list. */
const escapeMarks = (text: string): string =>
  escapeSlashes(text)
    .replace(/\*(?=\*)/g, "\\*")
    .replaceAll("](", "\\](")
    .replace(/\n(?=-\s)/g, "\n\\");

/** A placeholder, with its brackets. */
export const writePrompt = (prompt: string, indent: string): string =>
  `[${joinLines(escapeArrows(escapeEdges(oneBreak(prompt).replace(/[\\[\]]/g, "\\$&"))), indent)}]`;

/** The words of a step that is led to. */
export const writeTarget = (words: string, nth: number): string => {
  const text = escapeArrows(words.replaceAll("\\", "\\\\")).replace(/(\s)(#[1-9]\d{0,5})$/u, "$1\\$2");
  return nth > 1 ? `${text} #${nth}` : text;
};

/** A script has one kind of line break. */
const oneBreak = (text: string): string => text.replace(/\r\n?/g, "\n");

/** White space at the ends and at the beginning of a line would not be read. */
function escapeEdges(text: string): string {
  const last = text.length - 1;
  const kept =
    last > 0 && BLANK.test(text[last]!) && text[last] !== "\n" ? `${text.slice(0, last)}\\${text[last]}` : text;
  return kept.replace(/^(?=[^\S\n])/gmu, "\\");
}

const escapeArrows = (text: string): string => text.replace(/(^|\s)(?=->|→)/gu, "$1\\");

const joinLines = (text: string, indent: string): string => text.replaceAll("\n", `\\\n${indent}`);

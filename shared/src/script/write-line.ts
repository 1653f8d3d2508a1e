/** Words as they stand in a script. What would be read as a mark gets a `\` before it. */

const BLANK = /\s/u;

/** What the bot says, an answer or an expected text, on a line of its own or behind `- `. */
export function writeWords(words: string, indent: string, where: "line" | "answer"): string {
  const escaped = oneBreak(words).replaceAll("\\", "\\\\");
  // Two stars would begin bold words. An answer has none.
  const starred = where === "line" ? escaped.replace(/\*(?=\*)/g, "\\*") : escaped;
  const text = escapeArrows(escapeEdges(starred));
  // A `[` that is no mark needs no `\` as long as nothing closes it at the end.
  const closed = text.endsWith("]") ? `${text.slice(0, -1)}\\]` : text;
  const marked = where === "line" ? /^[-*•–](?:\s|\\|$)|^-\p{L}/u.test(closed) : closed === "*";
  return joinLines(marked ? `\\${closed}` : closed, indent);
}

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

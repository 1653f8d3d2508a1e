import { plainText } from "../flow/rich-text.js";
import { cut, type Line, trim } from "./line.js";
import { markAt as at, markedWords } from "./marks.js";
import { type Link, linkTo } from "./words-index.js";

/** What a line says, whatever stands around it. */
export type Said = {
  readonly kind: "step" | "answer" | "link";
  readonly number: number;
  readonly indent: number;
  readonly words: string;
  /** With `[placeholder]`: it asks for a text. */
  readonly prompt: string | undefined;
  readonly link: Link | undefined;
  /** Of an answer: `*`, which is any other text. */
  readonly other: boolean;
  /** It begins like an answer, but for the space that is missing. */
  readonly nearlyAnswer: boolean;
};

/** What stands before an answer: `-`, and what word processors make of it. */
const BULLETS = new Set(["-", "*", "•", "–"]);
const BLANK = /\s/u;

/** Reads one line. Linear in its length. */
export function readLine(line: Line): Said {
  const { number, indent } = line;
  const isAnswer = BULLETS.has(at(line, 0)) && (line.text.length === 1 || BLANK.test(line.text[1]!));
  const { before, link } = readLink(isAnswer ? trim(cut(line, 1)) : line);
  const { before: words, prompt } = readPrompt(before);
  const kind = isAnswer ? "answer" : link !== undefined && before.text === "" ? "link" : "step";
  return {
    kind,
    number,
    indent,
    words: isAnswer ? words.text : markedWords(words),
    prompt,
    link,
    other: isAnswer && words.text === "*" && at(words, 0) === "*",
    nearlyAnswer: !isAnswer && at(line, 0) === "-" && /^-\p{L}/u.test(line.text),
  };
}

/** Cuts `-> words` from the end of a line: the last arrow that has a space before it, or the line. */
function readLink(line: Line): { readonly before: Line; readonly link: Link | undefined } {
  for (let place = line.text.length - 1; place >= 0; place--) {
    const length = at(line, place) === "→" ? 1 : at(line, place) === "-" && at(line, place + 1) === ">" ? 2 : 0;
    if (length === 0 || (place > 0 && !BLANK.test(line.text[place - 1]!))) continue;
    return { before: trim(cut(line, 0, place)), link: linkOf(trim(cut(line, place + length))) };
  }
  return { before: line, link: undefined };
}

function linkOf(line: Line): Link {
  const { text, literal } = line;
  const link = linkTo(text);
  const marked = markedWords(line);
  const read = marked === text ? {} : { read: plainText(marked) };
  // A `#` that stands for itself is one of the words.
  return { ...link, ...read, ...(literal[text.lastIndexOf("#")] === true && { nth: undefined }) };
}

/** Cuts `[placeholder]` from the end of a line. */
function readPrompt(line: Line): { readonly before: Line; readonly prompt: string | undefined } {
  const last = line.text.length - 1;
  if (last < 1 || at(line, last) !== "]") return { before: line, prompt: undefined };
  for (let place = last - 1; place >= 0; place--) {
    if (at(line, place) === "]") break;
    if (at(line, place) !== "[") continue;
    if (place > 0 && !BLANK.test(line.text[place - 1]!)) break;
    return { before: trim(cut(line, 0, place)), prompt: trim(cut(line, place + 1, last)).text };
  }
  return { before: line, prompt: undefined };
}

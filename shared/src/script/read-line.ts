import { cut, type Line, trim } from "./line.js";
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
    words: isAnswer ? words.text : withBold(words),
    prompt,
    link,
    other: isAnswer && words.text === "*" && at(words, 0) === "*",
    nearlyAnswer: !isAnswer && at(line, 0) === "-" && /^-\p{L}/u.test(line.text),
  };
}

/** What stands at a place of a line and may be a mark: nothing where it stands for itself. */
const at = ({ text, literal }: Pick<Line, "text" | "literal">, place: number): string =>
  literal[place] === true ? "" : text.charAt(place);

/** What stands between two `**`, close to both, is bold. Linear. */
function withBold(line: Line): string {
  const { text } = line;
  const parts: string[] = [];
  let done = 0;
  let open: number | undefined;
  for (let place = 0; place < text.length - 1; place++) {
    if (at(line, place) !== "*" || at(line, place + 1) !== "*") continue;
    if (open === undefined) {
      if (place + 2 < text.length && !BLANK.test(text[place + 2]!)) open = place;
    } else if (place > open + 2 && !BLANK.test(text[place - 1]!)) {
      parts.push(text.slice(done, open), "<b>", text.slice(open + 2, place), "</b>");
      done = place + 2;
      open = undefined;
    }
    place += 1;
  }
  return parts.join("") + text.slice(done);
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

function linkOf({ text, literal }: Line): Link {
  const link = linkTo(text);
  // A `#` that stands for itself is one of the words.
  return literal[text.lastIndexOf("#")] === true ? { ...link, nth: undefined } : link;
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

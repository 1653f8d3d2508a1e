import { escapeRich } from "../flow/template.js";
import { cut, type Line } from "./line.js";

/** Words with marks in them, as `cut` and `readLine` give them. */
type Marked = Pick<Line, "text" | "literal">;

const BLANK = /\s/u;
/** What a link may lead to (SPEC, Rich text). */
const ADDRESS = /^(?:https?:\/\/[^/\\]|mailto:|tel:|\/(?![/\\]))/iu;
const NO_ADDRESS = /[\p{Cc}\s<>"]/u;

/** What stands at a place of a line and may be a mark: nothing where it stands for itself. */
export const markAt = ({ text, literal }: Marked, place: number): string =>
  literal[place] === true ? "" : text.charAt(place);

/**
 * Words as rich text. What stands between two `**`, close to both, is bold, and `[words](address)` is a link, in whose
 * words there may be bold ones. A further line of the text that begins with `- ` is an item of a list. Linear.
 */
export function markedWords(line: Marked): string {
  const parts: string[] = [];
  let items: string[] = [];
  let from = 0;
  const endList = () => {
    if (items.length > 0) parts.push(`<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`);
    items = [];
  };
  const endText = (to: number) => {
    // Before a list with nothing above it there is an empty line.
    if (to > from || (to === from && from > 0)) parts.push(inlineWords(cut(line, from, to)));
  };
  for (let row = line.text.indexOf("\n") + 1; row > 0; ) {
    const end = line.text.indexOf("\n", row);
    const to = end < 0 ? line.text.length : end;
    if (isItem(line, row, to)) {
      if (items.length === 0) endText(row - 1);
      items.push(inlineWords(cut(line, row + 2, to)));
      from = to + 1;
    } else endList();
    row = end + 1;
  }
  endList();
  endText(line.text.length);
  return parts.join("\n");
}

const isItem = (line: Marked, from: number, to: number): boolean =>
  to > from + 2 && markAt(line, from) === "-" && BLANK.test(markAt(line, from + 1) || "-");

function inlineWords(line: Marked): string {
  const { text } = line;
  const parts: string[] = [];
  let done = 0;
  const take = (to: number) => void parts.push(text.slice(done, to));
  /** Where an open `**` stands in the text, and among the parts. */
  let opened: { readonly place: number; readonly part: number } | undefined;
  for (let place = 0; place < text.length - 1; place++) {
    const link = markAt(line, place) === "[" ? linkAt(line, place) : undefined;
    if (link !== undefined) {
      take(place);
      const words = inlineWords(cut(line, place + 1, link.words));
      parts.push(`<a href="${escapeRich(link.address)}">${words}</a>`);
      done = link.end;
      place = done - 1;
      continue;
    }
    if (markAt(line, place) !== "*" || markAt(line, place + 1) !== "*") continue;
    if (opened === undefined) {
      if (place + 2 < text.length && !BLANK.test(text[place + 2]!)) {
        take(place);
        opened = { place, part: parts.push("**") - 1 };
        done = place + 2;
      }
    } else if (place > opened.place + 2 && !BLANK.test(text[place - 1]!)) {
      take(place);
      parts[opened.part] = "<b>";
      parts.push("</b>");
      done = place + 2;
      opened = undefined;
    }
    place += 1;
  }
  take(text.length);
  return parts.join("");
}

type LinkAt = { readonly address: string; readonly words: number; readonly end: number };

/** The link that begins with the `[` at a place: where its words end, and itself. No bracket stands within. */
function linkAt(line: Marked, from: number): LinkAt | undefined {
  const words = upTo(line, from + 1, "[", "]");
  if (markAt(line, words) !== "]" || markAt(line, words + 1) !== "(") return undefined;
  if (line.text.slice(from + 1, words).trim() === "") return undefined;
  const last = upTo(line, words + 2, "(", ")");
  const address = line.text.slice(words + 2, last);
  if (markAt(line, last) !== ")" || !ADDRESS.test(address) || NO_ADDRESS.test(address)) return undefined;
  return { address, words, end: last + 1 };
}

/** The place of the next of two marks. */
function upTo(line: Marked, from: number, one: string, other: string): number {
  let place = from;
  while (place < line.text.length && markAt(line, place) !== one && markAt(line, place) !== other) place++;
  return place;
}

const LIST = /(^|\n)<ul>((?:<li>[^\n]*?<\/li>)+)<\/ul>(?=\n|$)/gu;

/** The other way round: each list of a rich text as lines, and what stands between them and in their items by `write`. */
export function writeLists(words: string, write: (text: string) => string): string {
  let out = "";
  let done = 0;
  for (const found of words.matchAll(LIST)) {
    out += write(words.slice(done, found.index));
    for (const item of found[2]!.slice("<li>".length, -"</li>".length).split("</li><li>")) out += `\n- ${write(item)}`;
    done = found.index + found[0].length;
  }
  return out + write(words.slice(done));
}

const TAGS = /(<\/?b>|<a href="[^"<>]*">|<\/a>)/u;
const HREF = /^<a href="(.*)">$/u;

/**
 * Bold words and links of a rich text as marks. Text between them is written by `plain`.
 * Undefined where its elements are not such as marks make.
 */
export function writeMarks(words: string, plain: (text: string) => string): string | undefined {
  const pieces = words.split(TAGS);
  if (pieces.length === 1) return undefined;
  let out = "";
  const closing: string[] = [];
  for (const [at, piece] of pieces.entries()) {
    const href = HREF.exec(piece);
    if (at % 2 === 0) out += plain(piece);
    else if (piece === "<b>") out += closing.push("</b>") && "**";
    else if (href !== null) {
      out += "[";
      closing.push(`](${plainAddress(href[1]!)})`);
    } else {
      const mark = closing.pop();
      if (mark === undefined || (piece === "</b>") !== (mark === "</b>")) return undefined;
      out += piece === "</b>" ? "**" : mark;
    }
  }
  return closing.length === 0 ? out : undefined;
}

const plainAddress = (address: string): string =>
  address
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/[\\()]/g, "\\$&");

/**
 * A line of a script as it is read: a `\` at the end of a line of the text joins the next to it with a line break, and a
 * `\` before anything but a letter or digit is dropped, and what follows it stands for itself: it is `literal`, and no mark.
 */
export type Line = {
  /** Where it begins in the text, from 1. */
  readonly number: number;
  /** The columns before it; a tab goes on to the next multiple of 4. */
  readonly indent: number;
  /** What stands there, without the white space around it. */
  readonly text: string;
  /** For each UTF-16 unit of it, whether it stands for itself. */
  readonly literal: readonly boolean[];
};

const TAB = 4;
const BLANK = /\s/u;
/** A `\` before one of these is a `\`. */
const PLAIN = /^[\p{L}\p{N}]/u;

/** The lines of a text that say something. Linear in its length. */
export function readLines(text: string): Line[] {
  const rows = text.split(/\r\n|\r|\n/);
  const lines: Line[] = [];
  for (let row = 0; row < rows.length; row++) {
    const number = row + 1;
    const units: string[] = [];
    const literal: boolean[] = [];
    let indent = 0;
    for (let joined = false; ; row++) {
      const source = rows[row]!;
      let at = 0;
      for (; at < source.length && BLANK.test(source[at]!); at++) {
        if (!joined) indent = source[at] === "\t" ? indent - (indent % TAB) + TAB : indent + 1;
      }
      const goesOn = readRow(source.slice(at), units, literal);
      if (!goesOn) break;
      if (row === rows.length - 1) {
        add("\\", units, literal, true);
        break;
      }
      add("\n", units, literal, true);
      joined = true;
    }
    const line = trim({ number, indent, text: units.join(""), literal });
    if (line.text !== "") lines.push(line);
  }
  return lines;
}

/** @returns whether the next row belongs to it */
function readRow(source: string, units: string[], literal: boolean[]): boolean {
  for (let at = 0; at < source.length; at++) {
    if (source[at] !== "\\") add(source[at]!, units, literal, false);
    else if (at === source.length - 1) return true;
    else if (PLAIN.test(source.slice(at + 1, at + 3))) add("\\", units, literal, true);
    else add(source[++at]!, units, literal, true);
  }
  return false;
}

function add(unit: string, units: string[], literal: boolean[], isLiteral: boolean): void {
  units.push(unit);
  literal.push(isLiteral);
}

/** Without the white space around it, but for what stands for itself. */
export function trim<Part extends Pick<Line, "text" | "literal">>(line: Part): Part {
  const { text, literal } = line;
  const isBlank = (at: number) => BLANK.test(text[at]!) && literal[at] !== true;
  let from = 0;
  while (from < text.length && isBlank(from)) from++;
  let to = text.length;
  while (to > from && isBlank(to - 1)) to--;
  return cut(line, from, to);
}

/** A part of a line. */
export const cut = <Part extends Pick<Line, "text" | "literal">>(line: Part, from: number, to?: number): Part => ({
  ...line,
  text: line.text.slice(from, to),
  literal: line.literal.slice(from, to),
});

import { visit } from "jsonc-parser";
import { type Path, toPointer } from "./pointer.js";

/** A place in a text, both counted from 1; columns in UTF-16 units, as editors do. */
export type Position = { readonly line: number; readonly column: number };

/** Line and column of an offset. A line ends with `\n`, `\r\n` or `\r`. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let begin = 0;
  for (const end of text.slice(0, offset).matchAll(/\r\n|\n|\r/g)) {
    line += 1;
    begin = end.index + end[0].length;
  }
  return { line, column: offset - begin + 1 };
}

/** As `positionAt`, for many offsets of one text. */
export function positionFinder(text: string): (offset: number) => Position {
  const begins = [0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) begins.push(end.index + end[0].length);
  return (offset) => {
    let low = 0;
    let high = begins.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (begins[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - begins[low]! + 1 };
  };
}

/** A key that an object of the text has more than once: its path, and the offsets of each. */
export type RepeatedKey = { readonly path: Path; readonly offsets: readonly number[] };
/** Where everything in a JSON text is. A place with a key is at its key, and of a repeated one at the last. */
export type TextMap = { readonly offsets: ReadonlyMap<string, number>; readonly repeated: readonly RepeatedKey[] };

type Level = { readonly pointer: string; readonly keys: Map<string, number[]> | undefined; step: string | number };

/** Reads the positions of a text that is known to be JSON and not deeply nested. */
export function mapText(text: string): TextMap {
  const offsets = new Map<string, number>();
  const repeated: RepeatedKey[] = [];
  const levels: Level[] = [];
  const here = (): string => {
    const level = levels.at(-1);
    return level ? level.pointer + toPointer([level.step]) : "";
  };
  /** Elements and the whole are found by their value; what has a key is found by that. */
  const value = (offset: number) => {
    if (!levels.at(-1)?.keys) offsets.set(here(), offset);
  };
  const begin = (keys?: Map<string, number[]>) => (offset: number) => {
    value(offset);
    levels.push({ pointer: here(), keys, step: keys ? "" : 0 });
  };
  const end = () => {
    const level = levels.pop();
    const outer = levels.map((outer) => outer.step);
    for (const [key, found] of level?.keys ?? []) {
      if (found.length > 1) repeated.push({ path: [...outer, key], offsets: found });
    }
  };
  visit(text, {
    onObjectBegin: (offset) => begin(new Map())(offset),
    onArrayBegin: begin(),
    onObjectProperty(key, offset) {
      const level = levels.at(-1)!;
      level.step = key;
      const found = level.keys!.get(key);
      if (found) found.push(offset);
      else level.keys!.set(key, [offset]);
      offsets.set(here(), offset);
    },
    onLiteralValue: (_value, offset) => value(offset),
    onSeparator(separator) {
      const level = levels.at(-1);
      if (separator === "," && level && typeof level.step === "number") level.step += 1;
    },
    onObjectEnd: end,
    onArrayEnd: end,
  });
  return { offsets, repeated };
}

/** A text that is no JSON: what is wrong with it, and where. */
export type SyntaxProblem = { readonly problem: string; readonly offset: number };

/** By the numbers of jsonc-parser's `ParseErrorCode`, which is a type only. */
const PROBLEMS: Readonly<Record<number, string>> = {
  1: "this is no JSON value",
  2: "this is no JSON number",
  3: "a name in double quotes is missing, or the comma before is too many",
  4: "a value is missing, or the comma before is too many",
  5: "a colon is missing",
  6: "a comma is missing",
  7: "the closing } is missing",
  8: "the closing ] is missing",
  9: "the text goes on after its end",
  10: "JSON has no comments",
  11: "JSON has no comments",
  12: "the closing quote is missing",
  13: "this number is not complete",
  14: "this \\u escape is not complete",
  15: "no such escape exists in JSON",
  16: "a control character must be written as an escape",
};

/** The first place where a text stops being JSON; undefined when none is found. */
export function firstProblem(text: string): SyntaxProblem | undefined {
  const first: { problem?: SyntaxProblem } = {};
  try {
    visit(
      text,
      {
        onError(code, offset) {
          first.problem = { problem: PROBLEMS[code] ?? "this is no JSON", offset };
          throw STOP;
        },
      },
      { disallowComments: true },
    );
  } catch (thrown) {
    if (thrown !== STOP) throw thrown;
  }
  return first.problem;
}

/** Ends a visit: what follows the first error only repeats it. */
const STOP = new Error("The first problem is found");

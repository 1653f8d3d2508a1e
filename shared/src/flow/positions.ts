import { visit } from "jsonc-parser";
import { fromPointer, type Path } from "./pointer.js";

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
/** Where everything in a JSON text is. */
export type TextMap = {
  /** The offset of what a JSON pointer names: of its key, and of a repeated one the last; else of the value. */
  readonly find: (pointer: string) => number | undefined;
  readonly repeated: readonly RepeatedKey[];
};

/** A place by steps, not by its pointer: a long name would stand in the pointer of everything inside it. */
type Node = { offset: number; inside?: Map<string, Node> };
type Level = { readonly node: Node; readonly keys: Map<string, number[]> | undefined; step: string | number };

/** Reads the positions of a text that is known to be JSON and not deeply nested. Linear. */
export function mapText(text: string): TextMap {
  const root: Node = { offset: 0 };
  const repeated: RepeatedKey[] = [];
  const levels: Level[] = [];
  /** Elements and the whole are found by their value; what has a key is found by that. */
  const value = (offset: number): Node => {
    const level = levels.at(-1);
    if (typeof level?.step === "number") return placed(level.node, String(level.step), offset);
    if (level) return level.node.inside!.get(level.step)!;
    root.offset = offset;
    return root;
  };
  const end = () => {
    const level = levels.pop();
    const outer = levels.map((outer) => outer.step);
    for (const [key, offsets] of level?.keys ?? []) {
      if (offsets.length > 1) repeated.push({ path: [...outer, key], offsets });
    }
  };
  visit(text, {
    onObjectBegin: (offset) => void levels.push({ node: value(offset), keys: new Map(), step: "" }),
    onArrayBegin: (offset) => void levels.push({ node: value(offset), keys: undefined, step: 0 }),
    onObjectProperty(key, offset) {
      const level = levels.at(-1)!;
      level.step = key;
      const found = level.keys!.get(key);
      if (found) found.push(offset);
      else level.keys!.set(key, [offset]);
      placed(level.node, key, offset);
    },
    onLiteralValue: (_value, offset) => void value(offset),
    onSeparator(separator) {
      const level = levels.at(-1);
      if (separator === "," && level && typeof level.step === "number") level.step += 1;
    },
    onObjectEnd: end,
    onArrayEnd: end,
  });
  const find = (pointer: string): number | undefined => {
    let node: Node | undefined = root;
    for (const step of fromPointer(pointer)) node = node?.inside?.get(step);
    return node?.offset;
  };
  return { find, repeated };
}

/** The node of a step inside another, at its last place. */
function placed(outer: Node, step: string, offset: number): Node {
  outer.inside ??= new Map();
  const node = outer.inside.get(step) ?? { offset };
  node.offset = offset;
  outer.inside.set(step, node);
  return node;
}

/** A text that is no JSON: what is wrong with it, and where. */
export type SyntaxProblem = { readonly problem: string; readonly offset: number };

/** By the numbers of jsonc-parser's `ParseErrorCode`, which is a type only. */
const PROBLEMS: Readonly<Record<number, string>> = {
  1: "this is no JSON; names and texts stand in double quotes",
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

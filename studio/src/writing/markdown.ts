import type { AllowedTag } from "@parley/shared/flow/rich-text";

/** What was typed as Markdown: this much before the caret becomes an element. */
export type Marked = {
  readonly tag: AllowedTag;
  readonly href?: string;
  readonly text: string;
  /** How much before the caret it takes the place of, in UTF-16 units, and what stays behind it. */
  readonly length: number;
  readonly after: string;
};

const ADDRESS = String.raw`(?:https?:\/\/|mailto:|tel:|\/(?!\/))[^\s()<>"]+`;
/** With what ends a word typed behind it, so that half of a mark is no mark. */
const END = String.raw`([\s.,;:!?]?)$`;
const MARKS: readonly (readonly [RegExp, AllowedTag])[] = [
  [new RegExp(String.raw`(?:\*\*|__)(\S|\S[^*_\n]*\S)(?:\*\*|__)${END}`, "u"), "b"],
  [new RegExp(String.raw`(?<![*\w])\*([^\s*]|[^\s*][^*\n]*[^\s*])\*(?!\*)${END}`, "u"), "i"],
  [new RegExp(String.raw`(?<![_\w])_([^\s_]|[^\s_][^_\n]*[^\s_])_(?!_)${END}`, "u"), "i"],
  [new RegExp(String.raw`(?<!\x60)\x60([^\x60\n]+)\x60${END}`, "u"), "code"],
];
const LINK = new RegExp(String.raw`\[([^\[\]\n]+)\]\((${ADDRESS})\)${END}`, "u");

/**
 * What the end of a text means as Markdown, once something is typed behind it: bold, italic, code, a link.
 * @param finished nothing more comes, so that nothing has to stand behind it
 */
export function markedEnd(text: string, where: "text" | "choice", finished = false): Marked | undefined {
  const link = where === "text" ? LINK.exec(text) : null;
  if (link && (finished || link[3] !== "")) {
    return { tag: "a", href: link[2]!, text: link[1]!, length: link[0].length, after: link[3]! };
  }
  for (const [mark, tag] of MARKS) {
    const found = mark.exec(text);
    if (found && (finished || found[2] !== "")) {
      return { tag, text: found[1]!, length: found[0].length, after: found[2]! };
    }
  }
  return undefined;
}

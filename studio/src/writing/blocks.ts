import type { RichElement, RichNode } from "@parley/shared/flow/rich-text";

/** Where the caret is in a tree, and where what is selected ends: characters that no text has. */
export const CARET = "\ufdd0";
export const SELECTED = "\ufdd1";

/** What begins with Markdown at the start of a line. */
export type BlockTag = "ul" | "ol" | "blockquote";
/** A line of a text, or what stands on lines of its own. */
type Line = readonly RichNode[] | RichElement;

const BLOCKS: ReadonlySet<string> = new Set(["ul", "ol", "blockquote", "p", "pre"]);
const isBlock = (node: RichNode): node is RichElement => "tag" in node && BLOCKS.has(node.tag);
const isList = (line: Line | undefined): line is RichElement =>
  line !== undefined && "tag" in line && (line.tag === "ul" || line.tag === "ol");
const element = (tag: RichElement["tag"], children: readonly RichNode[]): RichElement => ({ tag, attrs: {}, children });
const holds = (line: Line, mark: string): boolean => JSON.stringify(line).includes(mark);

function linesOf(tree: readonly RichNode[]): Line[] {
  const lines: Line[] = [];
  let open: RichNode[] | undefined;
  for (const node of tree) {
    if (isBlock(node)) {
      const before = lines.at(-1);
      // A break before it only ends the line above.
      const isBreak = open?.length === 0 && before !== undefined && !("tag" in before);
      if (open !== undefined && !isBreak) lines.push(open);
      open = undefined;
      lines.push(node);
    } else if ("text" in node) {
      for (const [at, text] of node.text.split("\n").entries()) {
        if (at > 0) {
          lines.push(open ?? []);
          open = [];
        }
        if (text !== "") open = [...(open ?? []), { text }];
      }
    } else open = [...(open ?? []), node];
  }
  if (open !== undefined) lines.push(open);
  return lines;
}

function treeOf(lines: readonly Line[]): RichNode[] {
  return lines.flatMap((line, at): RichNode[] => {
    if ("tag" in line) return [line];
    const before = lines[at - 1];
    return before !== undefined && !("tag" in before) ? [{ text: "\n" }, ...line] : [...line];
  });
}

/** The lines that are selected as a list; where a list has the caret, its items as lines. */
export function toggleList(tree: readonly RichNode[]): RichNode[] {
  const lines = linesOf(tree);
  const { from, to } = selected(lines);
  const line = lines[from];
  if (from === to && isList(line)) {
    return treeOf([...lines.slice(0, from), ...line.children.flatMap(itemLines), ...lines.slice(to + 1)]);
  }
  return treeOf(withList(lines, from, to, "ul"));
}

function selected(lines: readonly Line[]): { readonly from: number; readonly to: number } {
  const from = Math.max(
    0,
    lines.findIndex((line) => holds(line, CARET)),
  );
  const to = lines.findIndex((line) => holds(line, SELECTED));
  return { from, to: to < 0 ? from : to };
}

/** @returns the lines from one to another as a list, one with those that it stands beside */
function withList(lines: readonly Line[], from: number, to: number, tag: "ul" | "ol"): Line[] {
  const items = lines.slice(from, to + 1).flatMap((line) => {
    if (!("tag" in line)) return [element("li", line)];
    return line.tag === "ul" || line.tag === "ol" ? line.children : [element("li", line.children)];
  });
  const above = lines[from - 1];
  const below = lines[to + 1];
  const joinsAbove = isList(above) && above.tag === tag;
  const joinsBelow = isList(below) && below.tag === tag;
  const list = element(tag, [...(joinsAbove ? above.children : []), ...items, ...(joinsBelow ? below.children : [])]);
  return [...lines.slice(0, joinsAbove ? from - 1 : from), list, ...lines.slice(to + (joinsBelow ? 2 : 1))];
}

const itemLines = (item: RichNode): Line[] => {
  const lines = "tag" in item && item.tag === "li" ? linesOf(item.children) : linesOf([item]);
  const last = lines.at(-1);
  // A last break is only there so that the item is seen.
  if (lines.length > 1 && last !== undefined && !("tag" in last) && last.length === 0) lines.pop();
  return lines.length === 0 ? [[]] : lines;
};

/** Takes the item that has the caret out of its list, which ends before it. Undefined: the caret is in no item. */
export function leaveList(tree: readonly RichNode[]): RichNode[] | undefined {
  const lines = linesOf(tree);
  const at = lines.findIndex((line) => isList(line) && holds(line, CARET));
  const list = lines[at];
  if (!isList(list)) return undefined;
  const item = list.children.findIndex((item) => holds([item], CARET));
  const above = list.children.slice(0, item);
  const below = list.children.slice(item + 1);
  return treeOf([
    ...lines.slice(0, at),
    ...(above.length > 0 ? [element(list.tag, above)] : []),
    ...itemLines(list.children[item]!),
    ...(below.length > 0 ? [element(list.tag, below)] : []),
    ...lines.slice(at + 1),
  ]);
}

/** What a line begins as, when this stands before the caret in it. */
const START = /^(?:([-*])|(1[.)])|>) $/u;
export const blockStart = (text: string): BlockTag | undefined => {
  const found = START.exec(text.replace(/\s$/u, " "));
  return found === null ? undefined : found[1] ? "ul" : found[2] ? "ol" : "blockquote";
};

/** The line that was begun as Markdown as what it begins; undefined: it was not, or the caret is in a list already. */
export function startBlock(tree: readonly RichNode[]): RichNode[] | undefined {
  const lines = linesOf(tree);
  const at = lines.findIndex((line) => holds(line, CARET));
  const line = lines[at];
  if (line === undefined || "tag" in line) return undefined;
  const texts = line.findIndex((node) => "text" in node && node.text.includes(CARET));
  if (texts < 0) return undefined;
  const text = line
    .slice(0, texts + 1)
    .map((node) => ("text" in node ? node.text : "\0"))
    .join("");
  const caret = text.indexOf(CARET);
  const tag = blockStart(text.slice(0, caret));
  if (tag === undefined) return undefined;
  const rest: Line = [{ text: text.slice(caret) }, ...line.slice(texts + 1)];
  const begun = lines.with(at, rest);
  return treeOf(tag === "blockquote" ? begun.with(at, element(tag, rest)) : withList(begun, at, at, tag));
}

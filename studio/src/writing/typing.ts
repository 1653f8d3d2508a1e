import { type RichNode, richText, type Where } from "@parley/shared/flow/rich-text";
import { blockStart, CARET, leaveList, SELECTED, startBlock, toggleList } from "./blocks.js";
import { markedEnd } from "./markdown.js";
import { answerChip, type ChipWords, drawRich, drawTree, readRich } from "./rich-dom.js";

/** The text before the caret, in the piece of text that it stands in; undefined while something is selected. */
export function beforeCaret(field: HTMLElement): { readonly node: Text; readonly text: string } | undefined {
  const selection = document.getSelection();
  const node = selection?.anchorNode;
  if (!selection?.isCollapsed || !(node instanceof Text) || !field.contains(node)) return undefined;
  return { node, text: node.data.slice(0, selection.anchorOffset) };
}

/** Puts something where the caret is, which is then behind it. */
function putAt(range: Range, put: Node, after = ""): void {
  const behind = document.createTextNode(after);
  range.insertNode(behind);
  range.insertNode(put);
  // No caret stands behind a last chip, unless something does.
  if (after === "" && behind.nextSibling === null && put instanceof Element) {
    behind.after(document.createElement("br"));
  }
  caretIn(behind, after.length);
}

/** What stands for a chip where a line is read as text. */
const CHIP = "\ufffc";

/** The text before the caret on its line, chips included, as far as no element is among it. */
function lineBefore({ node, text }: { readonly node: Text; readonly text: string }) {
  const parts: { readonly node: Node; readonly text: string }[] = [{ node, text }];
  for (let near = node.previousSibling; near !== null; near = near.previousSibling) {
    const isChip = near instanceof Element && near.getAttribute("contenteditable") === "false";
    if (!isChip && !(near instanceof Text)) break;
    parts.unshift({ node: near, text: isChip ? CHIP : (near.nodeValue ?? "") });
  }
  const whole = parts.map(({ text }) => text).join("");
  const begin = whole.lastIndexOf("\n") + 1;
  /** Sets where a range begins: so many units before the caret. */
  const startAt = (range: Range, length: number): void => {
    let at = whole.length - length;
    for (const { node, text } of parts) {
      if (at < text.length || node === parts.at(-1)!.node) {
        if (node instanceof Text) range.setStart(node, at);
        else range.setStartBefore(node);
        return;
      }
      at -= text.length;
    }
  };
  return { text: whole.slice(begin), startAt };
}

/** Makes of Markdown before the caret what it means. @param finished nothing more is typed behind it */
export function applyMarkdown(field: HTMLElement, where: Where, chip: ChipWords, finished = false): boolean {
  const at = beforeCaret(field);
  if (at === undefined || at.node.parentElement?.closest("code")) return false;
  const line = lineBefore(at);
  const begun = where === "text" ? blockStart(line.text) : undefined;
  if (begun !== undefined && changeBlocks(field, chip, startBlock)) return true;
  const marked = markedEnd(line.text, where, finished);
  if (marked === undefined) return false;
  const range = document.createRange();
  range.setEnd(at.node, at.text.length);
  line.startAt(range, marked.length);
  const words = range.extractContents();
  const mark = marked.tag === "b" ? 2 : 1;
  if (words.firstChild instanceof Text) words.firstChild.deleteData(0, mark);
  const last = words.lastChild;
  if (last instanceof Text) {
    const rest = marked.length - mark - marked.text.length;
    last.deleteData(last.length - rest, rest);
  }
  const element = document.createElement(marked.tag);
  if (marked.href !== undefined) element.setAttribute("href", marked.href);
  element.append(words);
  putAt(range, element, marked.after);
  return true;
}

/**
 * Changes what stands on lines of its own; the caret stays where it is in the text. Not by the browser's own commands:
 * they set styles, which no page of ours may.
 * @returns whether there was something to change
 */
function changeBlocks(
  field: HTMLElement,
  chip: ChipWords,
  change: (tree: readonly RichNode[]) => readonly RichNode[] | undefined,
): boolean {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return false;
  const range = selection.getRangeAt(0);
  if (!field.contains(range.commonAncestorContainer)) return false;
  const marks = [document.createTextNode(CARET), ...(range.collapsed ? [] : [document.createTextNode(SELECTED)])];
  const end = range.cloneRange();
  end.collapse(false);
  for (const mark of marks.toReversed()) (mark.data === CARET ? range : end).insertNode(mark);
  const changed = change(readRich(field));
  if (changed !== undefined) drawTree(field, changed, chip);
  unmark(field);
  return changed !== undefined;
}

/** Takes the marks away, and sets the caret where they were. */
function unmark(field: HTMLElement): void {
  const found: { readonly node: Text; readonly offset: number }[] = [];
  const texts = document.createTreeWalker(field, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode() as Text | null; node !== null; node = texts.nextNode() as Text | null) {
    for (const mark of [CARET, SELECTED]) {
      const offset = node.data.indexOf(mark);
      if (offset < 0) continue;
      node.deleteData(offset, 1);
      found.push({ node, offset });
    }
  }
  const [from, to = from] = found;
  if (from === undefined || to === undefined) return;
  // A line without words is seen only with a break in it.
  if (from.node.data === "" && from.node.nextSibling === null) from.node.after(document.createElement("br"));
  document.getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

/** Makes a list of the selected lines, or lines of a list. */
export const toggleListIn = (field: HTMLElement, chip: ChipWords): boolean => changeBlocks(field, chip, toggleList);

/** Takes the item with the caret out of its list. */
export const leaveListIn = (field: HTMLElement, chip: ChipWords): boolean => changeBlocks(field, chip, leaveList);

/** The item of a list that has the caret. */
export function itemOfCaret(): Element | undefined {
  const anchor = document.getSelection()?.anchorNode;
  const within = anchor instanceof Element ? anchor : anchor?.parentElement;
  return within?.closest("li") ?? undefined;
}

/** Whether the caret stands before all that is in an element. */
export function isCaretAtStart(of: Element): boolean {
  const selection = document.getSelection();
  if (!selection?.isCollapsed || !selection.anchorNode) return false;
  const before = document.createRange();
  before.selectNodeContents(of);
  before.setEnd(selection.anchorNode, selection.anchorOffset);
  return before.toString() === "" && before.cloneContents().querySelector("span, br") === null;
}

/** Puts what was pasted where the caret is: of rich text what is allowed, of plain text its lines. */
export function pasteRich(field: HTMLElement, data: DataTransfer, where: Where, chip: ChipWords): void {
  const html = data.getData("text/html");
  const held = document.createElement("div");
  if (html === "") held.append(data.getData("text/plain").replace(/\r\n?/g, "\n"));
  else drawRich(held, richOf(html), where, chip);
  insertNodes(
    field,
    [...held.childNodes].filter((node, at, all) => at < all.length - 1 || !isBreak(node)),
  );
}

/** What stands on lines of its own elsewhere does so here; where a page of another program begins and ends does not count. */
function richOf(html: string): string {
  const inside = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/.exec(html)?.[1] ?? html;
  const lines = inside.replace(/[\r\n]+/g, " ").replace(/<\/(?:div|h[1-6]|tr)>/gi, "\n");
  // Some wrap all they copy in a bold that is none.
  const source = lines.replace(/<b\s[^>]*font-weight:\s*normal[^>]*>/gi, "<span>");
  return richText(source).tree.length === 0 ? "" : source.trim();
}

const isBreak = (node: Node): boolean => node instanceof Element && node.tagName === "BR";

function insertNodes(field: HTMLElement, nodes: readonly Node[]): void {
  const selection = document.getSelection();
  const last = nodes.at(-1);
  if (!selection || selection.rangeCount === 0 || last === undefined) return;
  const range = selection.getRangeAt(0);
  if (!field.contains(range.commonAncestorContainer)) return;
  range.deleteContents();
  for (const node of [...nodes].reverse()) range.insertNode(node);
  if (last instanceof Text) return caretIn(last, last.length);
  const behind = document.createTextNode("");
  last.parentNode?.insertBefore(behind, last.nextSibling);
  caretIn(behind, 0);
}

/** The chip of an answer, or a sign, in place of what asked for it. */
export function insertSuggestion(field: HTMLElement, length: number, insert: string, chip: ChipWords): void {
  const at = beforeCaret(field);
  if (at === undefined) return;
  const range = document.createRange();
  range.setStart(at.node, at.text.length - length);
  range.setEnd(at.node, at.text.length);
  range.deleteContents();
  putAt(range, insert.startsWith("{{") ? answerChip(insert, chip) : document.createTextNode(insert));
}

/** Begins what asks for an answer, where the caret is. */
export const askForAnswer = (): boolean => document.execCommand("insertText", false, "{{");

/** Sets the selected text as code, or takes that away. */
export function toggleCode(): void {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return;
  const inside = selection.anchorNode?.parentElement?.closest("code");
  if (inside) {
    inside.replaceWith(...inside.childNodes);
    return;
  }
  const range = selection.getRangeAt(0);
  const code = document.createElement("code");
  code.append(range.extractContents());
  if (code.textContent === "") return;
  range.insertNode(code);
  selection.selectAllChildren(code);
}

function caretIn(node: Text, offset: number): void {
  document.getSelection()?.collapse(node, offset);
}

/** Behind all that stands in a field, or around it. */
export function caretAtEnd(field: HTMLElement, over: boolean): void {
  const selection = document.getSelection();
  selection?.selectAllChildren(field);
  if (over) return;
  const last = field.lastChild;
  if (last !== null && isBreak(last)) selection?.collapse(field, field.childNodes.length - 1);
  else selection?.collapseToEnd();
}

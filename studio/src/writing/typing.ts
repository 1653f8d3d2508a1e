import { richText, type Where } from "@parley/shared/flow/rich-text";
import { listStart, markedEnd } from "./markdown.js";
import { answerChip, type ChipWords, drawRich } from "./rich-dom.js";

/** The text before the caret, in the piece of text that it stands in; undefined while something is selected. */
export function beforeCaret(field: HTMLElement): { readonly node: Text; readonly text: string } | undefined {
  const selection = document.getSelection();
  const node = selection?.anchorNode;
  if (!selection?.isCollapsed || !(node instanceof Text) || !field.contains(node)) return undefined;
  return { node, text: node.data.slice(0, selection.anchorOffset) };
}

/** Puts something in place of what stands before the caret, which is then behind it. */
function replaceBefore(field: HTMLElement, length: number, put: Node, after = ""): void {
  const at = beforeCaret(field);
  if (at === undefined) return;
  const range = document.createRange();
  range.setStart(at.node, at.text.length - length);
  range.setEnd(at.node, at.text.length);
  range.deleteContents();
  const behind = document.createTextNode(after);
  range.insertNode(behind);
  range.insertNode(put);
  // No caret stands behind a last chip, unless something does.
  if (after === "" && behind.nextSibling === null && put instanceof Element) {
    behind.after(document.createElement("br"));
  }
  caretIn(behind, after.length);
}

/** Makes of Markdown before the caret what it means. @param finished nothing more is typed behind it */
export function applyMarkdown(field: HTMLElement, where: Where, finished = false): boolean {
  const at = beforeCaret(field);
  if (at === undefined || at.node.parentElement?.closest("code")) return false;
  const list = where === "text" && field.textContent === at.text ? listStart(at.text) : undefined;
  if (list !== undefined) {
    at.node.data = "";
    return document.execCommand(list === "ul" ? "insertUnorderedList" : "insertOrderedList");
  }
  const marked = markedEnd(at.text, where, finished);
  if (marked === undefined) return false;
  const element = document.createElement(marked.tag);
  if (marked.href !== undefined) element.setAttribute("href", marked.href);
  element.textContent = marked.text;
  replaceBefore(field, marked.length, element, marked.after);
  return true;
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
  const put = insert.startsWith("{{") ? answerChip(insert, chip) : document.createTextNode(insert);
  replaceBefore(field, length, put);
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

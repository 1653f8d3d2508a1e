import { type AllowedTag, type RichNode, richText, type Where } from "@parley/shared/flow/rich-text";

/** How a chip says what is in its place: the answer to a question. */
export type ChipWords = (id: string) => string;

const PLACEHOLDER = /\{\{[^{}]*\}\}/g;
const ANSWER = "data-answer";
const PICTURE = "data-picture";
const TAGS: ReadonlySet<string> = new Set<AllowedTag>([
  ...(["b", "i", "em", "strong", "code", "u", "s", "a", "p", "pre", "ul", "ol", "li", "blockquote"] as const),
]);
/** What stands on lines of its own, and is not kept as an element. */
const LINES: ReadonlySet<string> = new Set(["div"]);

/** Draws a text into a field in which it is edited: elements one by one, answers and pictures as chips. */
export function drawRich(field: HTMLElement, source: string, where: Where, chip: ChipWords): void {
  drawTree(field, richText(source, where).tree, chip);
}

/** The same of what was read of a field. */
export function drawTree(field: HTMLElement, tree: readonly RichNode[], chip: ChipWords): void {
  field.replaceChildren(...drawNodes(tree, chip));
  // A line break at the end is seen only with something behind it.
  if (endsInBreak(field)) field.append(document.createElement("br"));
}

function drawNodes(tree: readonly RichNode[], chip: ChipWords): Node[] {
  return tree.flatMap((node): Node[] => {
    if ("text" in node) return drawText(node.text, chip);
    const { tag, attrs, children } = node;
    if (tag === "br") return [document.createTextNode("\n")];
    if (tag === "img") return [pictureChip(attrs)];
    const element = document.createElement(tag);
    if (tag === "a" && attrs.href !== undefined) element.setAttribute("href", attrs.href);
    element.append(...drawNodes(children, chip));
    return [element];
  });
}

function drawText(text: string, chip: ChipWords): Node[] {
  const nodes: Node[] = [];
  let done = 0;
  for (const { 0: whole, index } of text.matchAll(PLACEHOLDER)) {
    if (index > done) nodes.push(document.createTextNode(text.slice(done, index)));
    nodes.push(answerChip(whole, chip));
    done = index + whole.length;
  }
  if (done < text.length) nodes.push(document.createTextNode(text.slice(done)));
  return nodes;
}

/** What stands for the answer to a question, `{{id}}` or `{{id|fallback}}` in the file. */
export function answerChip(placeholder: string, chip: ChipWords): HTMLElement {
  const [id = ""] = placeholder.slice(2, -2).split("|");
  const element = chipOf(chip(id.trim()));
  element.setAttribute(ANSWER, placeholder);
  return element;
}

function pictureChip(attrs: Readonly<Record<string, string>>): HTMLElement {
  const element = chipOf(attrs.alt || "Picture");
  element.setAttribute(PICTURE, JSON.stringify(attrs));
  return element;
}

function chipOf(words: string): HTMLElement {
  const element = document.createElement("span");
  element.setAttribute("contenteditable", "false");
  element.textContent = words;
  return element;
}

/** Reads what stands in a field after it was edited, by whatever the browser makes of that. */
export function readRich(field: HTMLElement): RichNode[] {
  const tree = readNodes(field.childNodes);
  // The last break is only there so that the one before it, or nothing, is seen.
  trimBreak(tree);
  return tree;
}

function readNodes(nodes: Iterable<Node>): RichNode[] {
  const tree: RichNode[] = [];
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) tree.push({ text: node.nodeValue ?? "" });
    if (!(node instanceof Element)) continue;
    const tag = node.tagName.toLowerCase();
    const answer = node.getAttribute(ANSWER);
    const picture = node.getAttribute(PICTURE);
    if (answer !== null) tree.push({ text: answer });
    else if (picture !== null) tree.push({ tag: "img", attrs: JSON.parse(picture), children: [] });
    else if (tag === "br") tree.push({ text: "\n" });
    else if (TAGS.has(tag)) {
      const href = tag === "a" ? node.getAttribute("href") : null;
      tree.push({ tag: tag as AllowedTag, attrs: href === null ? {} : { href }, children: readNodes(node.childNodes) });
    } else {
      if (LINES.has(tag) && tree.length > 0) tree.push({ text: "\n" });
      tree.push(...readNodes(node.childNodes));
    }
  }
  return tree;
}

function trimBreak(tree: RichNode[]): void {
  const last = tree.at(-1);
  if (last === undefined || !("text" in last) || !last.text.endsWith("\n")) return;
  tree[tree.length - 1] = { text: last.text.slice(0, -1) };
}

/** Whether the last thing in a field is a line break, or a chip that no caret stands behind. */
function endsInBreak(field: HTMLElement): boolean {
  const last = field.lastChild;
  if (last instanceof Element) return last.hasAttribute(ANSWER) || last.hasAttribute(PICTURE);
  return last?.nodeValue?.endsWith("\n") ?? false;
}

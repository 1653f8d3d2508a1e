import { sameJson } from "@parley/shared/flow/json";
import { type RichNode, richText, type Where } from "@parley/shared/flow/rich-text";
import { escapeRich } from "@parley/shared/flow/template";

/** Elements that have nothing in them. */
const VOID: ReadonlySet<string> = new Set(["br", "img"]);

/**
 * A text as it stands in the file: plain text stays plain, and `<` and `&` become entities only where they would be read as
 * something else.
 */
export function sourceOf(tree: readonly RichNode[], where: Where = "text"): string {
  const wanted = joined(tree);
  const plain = write(wanted, (text) => text);
  return sameJson(joined(richText(plain, where).tree), wanted) ? plain : write(wanted, escapeRich);
}

function write(tree: readonly RichNode[], text: (text: string) => string): string {
  let source = "";
  for (const node of tree) {
    if ("text" in node) {
      source += text(node.text);
      continue;
    }
    const { tag, attrs, children } = node;
    const given = Object.entries(attrs).map(
      ([name, value]) => ` ${name}="${escapeRich(value).replaceAll('"', "&quot;")}"`,
    );
    source += `<${tag}${given.join("")}>`;
    if (!VOID.has(tag)) source += `${write(children, text)}</${tag}>`;
  }
  return source;
}

/** With neighbouring texts as one, and without elements that show nothing. */
function joined(tree: readonly RichNode[]): RichNode[] {
  const out: RichNode[] = [];
  for (const node of tree) {
    const last = out.at(-1);
    if ("text" in node) {
      if (node.text === "") continue;
      if (last && "text" in last) out[out.length - 1] = { text: last.text + node.text };
      else out.push(node);
      continue;
    }
    const children = joined(node.children);
    if (children.length > 0 || VOID.has(node.tag)) out.push({ ...node, children });
  }
  return out;
}

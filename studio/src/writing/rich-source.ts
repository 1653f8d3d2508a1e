import { sameJson } from "@parley/shared/flow/json";
import { type RichNode, richText, type Where } from "@parley/shared/flow/rich-text";
import { escapeRich } from "@parley/shared/flow/template";

/** Elements that have nothing in them. */
const VOID: ReadonlySet<string> = new Set(["br", "img"]);

const BLOCKS: ReadonlySet<string> = new Set(["p", "pre", "ul", "ol", "blockquote"]);

/**
 * A text as it stands in the file: plain text stays plain, and `<` and `&` become entities only where they would be read as
 * something else.
 */
export function sourceOf(tree: readonly RichNode[], where: Where = "text"): string {
  const wanted = joined(tree);
  const plain = write(wanted, (text) => text);
  return sameJson(joined(richText(plain, where).tree), wanted) ? plain : write(wanted, escapeRich);
}

const isLine = (node: RichNode | undefined): boolean => node !== undefined && ("text" in node || !BLOCKS.has(node.tag));

function write(tree: readonly RichNode[], text: (text: string) => string, depth = 0): string {
  let source = "";
  for (const [at, node] of tree.entries()) {
    if ("text" in node) {
      source += text(node.text);
      continue;
    }
    const { tag, attrs, children } = node;
    const given = Object.entries(attrs).map(
      ([name, value]) => ` ${name}="${escapeRich(value).replaceAll('"', "&quot;")}"`,
    );
    // What stands on lines of its own does so in the file, where a person may read it.
    if (BLOCKS.has(tag) && depth === 0 && isLine(tree[at - 1])) source += "\n";
    source += `<${tag}${given.join("")}>`;
    if (!VOID.has(tag)) source += `${write(children, text, depth + 1)}</${tag}>`;
    if (BLOCKS.has(tag) && depth === 0 && isLine(tree[at + 1])) source += "\n";
  }
  return source;
}

/** With neighbouring texts as one, without elements that show nothing, and without the breaks around blocks. */
function joined(tree: readonly RichNode[]): RichNode[] {
  const out: RichNode[] = [];
  for (const node of tree) {
    const last = out.at(-1);
    if ("text" in node) {
      const text = last && "tag" in last && BLOCKS.has(last.tag) ? node.text.replace(/^[ \t\n]*\n/, "") : node.text;
      if (text === "") continue;
      if (last && "text" in last) out[out.length - 1] = { text: last.text + text };
      else out.push({ text });
      continue;
    }
    const children = joined(node.children);
    if (children.length === 0 && !VOID.has(node.tag)) continue;
    if (BLOCKS.has(node.tag) && last && "text" in last && last.text.endsWith("\n")) {
      out.pop();
      if (last.text !== "\n") out.push({ text: last.text.slice(0, -1) });
    }
    out.push({ ...node, children });
  }
  return out;
}

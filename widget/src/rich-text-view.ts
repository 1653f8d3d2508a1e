import { LINK_ATTRS, type RichNode, richText, type Where } from "@parley/shared/flow/rich-text";
import { el } from "./dom.js";

/**
 * Draws a rich text, one created element a node: no HTML is parsed.
 * @param server origin that a path in the text belongs to
 * @param newTab what a screen reader says after a link
 */
export function drawRichText(source: string, server: string, newTab: string, where: Where = "text"): Node[] {
  const draw = (nodes: readonly RichNode[]): Node[] =>
    nodes.map((node) => {
      if ("text" in node) return document.createTextNode(node.text);
      const element = el(node.tag, node.attrs, ...draw(node.children));
      for (const name of ["href", "src"]) {
        const address = node.attrs[name];
        if (address?.startsWith("/")) element.setAttribute(name, server + address);
      }
      if (node.tag === "a") {
        for (const [name, value] of Object.entries(LINK_ATTRS)) element.setAttribute(name, value);
        element.append(el("span", { class: "hidden" }, ` (${newTab})`));
      }
      if (node.tag === "img") {
        element.setAttribute("alt", node.attrs.alt ?? "");
        element.setAttribute("decoding", "async");
        element.setAttribute("referrerpolicy", "no-referrer");
      }
      return element;
    });
  return draw(richText(source, where).tree);
}

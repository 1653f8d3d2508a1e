import { type Json, type JsonObject, own } from "../../flow/json.js";
import { plainText, type RichNode, richText, type Where } from "../../flow/rich-text.js";
import { escapeRich } from "../../flow/template.js";
import { firstUnits, jsonBytes } from "../../text.js";
import { objects, text } from "./read-export.js";

/** What a text says in place of a variable, and of a calculation: a mark (`Marks`), or nothing. */
export type Fill = (name: string) => string;
const NAMED = /\{\{([^{}]*)\}\}/g;

/** Plain text as rich text that shows it: as it is where it can stand so. */
export function plainSource(said: string, fill: Fill, where: Where = "text"): string {
  const trimmed = said.replace(/\r\n?/g, "\n").trim();
  const [node, ...more] = richText(trimmed, where).tree;
  const isItself =
    trimmed === "" || (more.length === 0 && node !== undefined && "text" in node && node.text === trimmed);
  return fillIn(isItself ? trimmed : escapeRich(trimmed), fill);
}

/** The text of a bubble, in our HTML subset: of its rich text, else its HTML, else its plain text. */
export function bubbleSource(content: JsonObject, fill: Fill): string {
  const rich = objects(own(content, "richText"));
  if (rich.length > 0) return richSource(rich, fill);
  const html = text(own(content, "html"));
  if (html !== "") return sourceOf(richText(html).tree, fill).trim();
  return plainSource(text(own(content, "plainText")), fill);
}

/** Whether a bubble has no words: it is then as if it were not there. */
export const saysNothing = (content: JsonObject): boolean =>
  plainText(bubbleSource(content, (name) => name || "x")) === "";

function richSource(elements: readonly JsonObject[], fill: Fill): string {
  const plain = plainLines(elements);
  if (plain !== undefined) return plainSource(plain.join("\n"), fill);
  return clean(blocksOf(elements, fill).join("\n").trim());
}

/** The same text without what is out of place in it, as an item of no list. */
function clean(source: string): string {
  const { tree, dropped } = richText(source);
  return dropped.length === 0 ? source : sourceOf(tree, (name) => `{{${name}}}`);
}

/** The lines of a text in which nothing is marked; undefined where something is. */
function plainLines(elements: readonly JsonObject[]): string[] | undefined {
  const lines: string[] = [];
  for (const element of elements) {
    if (own(element, "type") !== "p" && own(element, "type") !== undefined) return undefined;
    const leaves = objects(own(element, "children"));
    if (leaves.some((leaf) => Array.isArray(own(leaf, "children")) || tagsOf(leaf).length > 0)) return undefined;
    lines.push([element, ...leaves].map((leaf) => text(own(leaf, "text"))).join(""));
  }
  return lines;
}

const MARKS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" } as const;
const tagsOf = (leaf: JsonObject): string[] =>
  Object.entries(MARKS).flatMap(([mark, tag]) => (own(leaf, mark) === true ? [tag] : []));
const BLOCK_TAGS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ...{ ul: "ul", ol: "ol", li: "li", blockquote: "blockquote", code_block: "pre" },
  ...{ h1: "b", h2: "b", h3: "b", h4: "b", h5: "b", h6: "b" },
};
/** What stands on a line of its own. */
const ON_A_LINE = new Set(["p", "code_line"]);

function blocksOf(elements: readonly JsonObject[], fill: Fill): string[] {
  return elements.map((element) => elementSource(element, fill));
}

function elementSource(element: JsonObject, fill: Fill): string {
  const children = own(element, "children");
  if (!Array.isArray(children)) return leafSource(element, fill);
  const inner = objects(children as Json);
  const type = text(own(element, "type"));
  if (type === "a") return linkSource(element, inner, fill);
  const lines = inner.some((child) => ON_A_LINE.has(text(own(child, "type"))));
  const within = blocksOf(inner, fill).join(lines ? "\n" : "");
  const tag = BLOCK_TAGS[type];
  return tag === undefined || (tag === "b" && within === "") ? within : `<${tag}>${within}</${tag}>`;
}

function leafSource(leaf: JsonObject, fill: Fill): string {
  const said = fillIn(escapeRich(text(own(leaf, "text"))), fill);
  return said === "" ? "" : tagsOf(leaf).reduceRight((within, tag) => `<${tag}>${within}</${tag}>`, said);
}

/** A link, where its address may stand; else its words. Nothing is filled in inside a tag. */
function linkSource(element: JsonObject, inner: readonly JsonObject[], fill: Fill): string {
  const words = blocksOf(inner, fill).join("");
  const href = text(own(element, "url"));
  if (words === "" || href.includes("{{")) return words;
  return linked(words, href);
}

/** An address that is the same wherever it stands. */
const OUT = /^(?:https?|mailto|tel):/i;

/** Words that lead to an address, if that may stand in a text of ours. */
export function linked(words: string, href: string): string {
  const tag = `<a href="${attribute(href)}">`;
  return OUT.test(href) && richText(`${tag}x</a>`).dropped.length === 0 ? `${tag}${words}</a>` : words;
}

export const attribute = (value: string): string => escapeRich(value).replaceAll('"', "&quot;");

/** A tree as the source of it. */
function sourceOf(nodes: readonly RichNode[], fill: Fill): string {
  return nodes
    .map((node) => {
      if ("text" in node) return fillIn(escapeRich(node.text), fill);
      // A path belongs to the server that the export is from.
      if (node.tag === "a" && !OUT.test(node.attrs.href ?? "")) return sourceOf(node.children, fill);
      if (node.tag === "img" && !OUT.test(node.attrs.src ?? "")) return escapeRich(node.attrs.alt ?? "");
      const attrs = Object.entries(node.attrs).map(([name, value]) => ` ${name}="${attribute(value)}"`);
      if (node.tag === "br") return "\n";
      const open = `<${node.tag}${attrs.join("")}>`;
      return node.tag === "img" ? open : `${open}${sourceOf(node.children, fill)}</${node.tag}>`;
    })
    .join("");
}

const fillIn = (source: string, fill: Fill): string =>
  source.replace(NAMED, (_, name: string) =>
    fill(name.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").trim()),
  );

/** A source that is at most so many bytes as JSON: what is longer is cut, and loses its marks. */
export function within(source: string, bytes: number, cost: (source: string) => number = jsonBytes): string {
  if (cost(source) <= bytes) return source;
  const words = plainText(source);
  let units = Math.min(words.length, bytes);
  for (;;) {
    // Not within a mark either.
    const some = firstUnits(words, units).replace(/\uf8da[\uf8d0-\uf8d9]*$/, "");
    const cut = `${escapeRich(some).trimEnd()}…`;
    const size = cost(cut);
    if (size <= bytes || units === 0) return cut;
    units = Math.min(units - 1, Math.floor((units * bytes) / size));
  }
}

/**
 * The small HTML subset of `content`, `question`, `chatText` and a choice's `content` (SPEC, Rich text).
 * Every reader (check, canvas, widget, inbox, exports) draws this tree with one created element a node,
 * so no HTML sink exists. What is not in the lists below cannot come out, whatever goes in.
 */
const CHOICE_TAGS = ["b", "i", "em", "strong", "code"] as const;
const TEXT_TAGS = [
  ...CHOICE_TAGS,
  ...(["u", "s", "a", "img", "br", "pre", "p", "ul", "ol", "li", "blockquote"] as const),
] as const;
const BLOCKS = ["p", "pre", "ul", "ol", "li", "blockquote"];

export type AllowedTag = (typeof TEXT_TAGS)[number];
export type RichText = { readonly text: string };
export type RichElement = {
  readonly tag: AllowedTag;
  /** `a`: href; `img`: src, alt, width, height; nothing else. An address that starts with `/` belongs to the flow's server. */
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly RichNode[];
};
export type RichNode = RichText | RichElement;
/** Where a text stands: a choice is a button and holds no blocks, links or pictures. */
export type Where = "text" | "choice";

/** What whoever draws an `a` sets beside its `href`, in place of the author's `target` and `rel`. */
export const LINK_ATTRS = { target: "_blank", rel: "noopener noreferrer" } as const;

const MAX_DEPTH = 32;
const ENTITIES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  shy: "\u00ad",
  copy: "©",
  reg: "®",
  trade: "™",
  euro: "€",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  times: "×",
  deg: "°",
  rarr: "→",
  larr: "←",
};

function decode(raw: string): string {
  return raw.replace(
    /&(?:#x([\da-f]+)|#(\d+)|([a-z]+));?/gi,
    (whole: string, hex?: string, dec?: string, name = "") => {
      if (name) return (whole.endsWith(";") && ENTITIES[name]) || whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(dec);
      // As browsers do: no character zero, no surrogates, nothing beyond Unicode.
      return String.fromCodePoint(code && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? code : 0xfffd);
    },
  );
}

const HEAD = /<(?:!--|([/!?]?)([a-z][a-z\d:-]*)(?=[\s/>]))/iy;
/** Elements whose inside is no text for a reader: they go with all they hold. */
const OPAQUE = /^(?:script|style|template|title|i?frame|noscript|noembed|noframes|xmp|plaintext|object|svg|math)$/;

/** The index after the `>` that ends a tag, or 0: a `<` outside of quotes means that this was no tag. */
function bracketEnd(source: string, from: number): number {
  for (let i = from; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === ">") return i + 1;
    if (c === "<") return 0;
    if (c === '"' || c === "'") {
      i = source.indexOf(c, i + 1);
      if (i < 0) return 0;
    }
  }
  return 0;
}

type Tag = { name: string; closing: boolean; attrs: string; end: number };

/**
 * The tag (or comment, or element that goes with all it holds) that begins with the `<` at `at`, or undefined.
 * Asked at each `<` of a source that is in no tag before, this is linear: of the scans that begin at each `<`, at most
 * three (one per state of quoting) can be under way at one place, since a `<` outside of quotes ends a scan.
 */
function tagAt(source: string, at: number): Tag | undefined {
  HEAD.lastIndex = at;
  const head = HEAD.exec(source);
  if (!head) return undefined;
  const inside = HEAD.lastIndex;
  const name = (head[2] ?? "").toLowerCase();
  let end = name ? bracketEnd(source, inside) : source.indexOf("-->", at + 2) + 3;
  if (name && !end) return undefined;
  const attrs = name && source.slice(inside, end - 1);
  if (!head[1] && OPAQUE.test(name) && !(attrs.endsWith("/") && /svg|math/.test(name))) {
    const close = new RegExp(`</${name}(?=[\\s/>])`, "gi");
    close.lastIndex = end;
    end = close.test(source) ? bracketEnd(source, close.lastIndex) : 0;
  }
  // What is never closed goes to the end, as in a browser.
  if (end < at + 3) end = source.length;
  return { name: /[!?]/.test(head[1] ?? "") ? "" : name, closing: head[1] === "/", attrs, end };
}

/**
 * Where the tag ends that begins with the `<` at `at` (comments, and elements whose text is no text, count whole), or
 * undefined for a `<` that stands for itself. For filling in values (F12): between tags so found, a source in which
 * every other `<` is written `&lt;` keeps its elements and attributes whatever is inserted that holds no `<`.
 */
export function tagEnd(source: string, at: number): number | undefined {
  return tagAt(source, at)?.end;
}

/**
 * The address as a browser will read it, or undefined when it is not allowed: http, https, mailto, tel (for a picture
 * only https) or a path of the flow's server.
 */
function address(value: string, picture: boolean): string | undefined {
  const url = value.replace(/[\t\n\r]/g, "").replace(/^[\0- ]+/, "");
  // Not by one pattern with `$`: that would be quadratic in the number of inner spaces.
  let end = url.length;
  while (end && url.charCodeAt(end - 1) <= 32) end--;
  const found = url.slice(0, end);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no address needs them
  if (/[\0-\x1f\x7f]/.test(found)) return undefined;
  const allowed = picture ? /^(?:https:\/\/[^/\\]|\/(?![/\\]))/i : /^(?:https?:\/\/[^/\\]|mailto:|tel:|\/(?![/\\]))/i;
  return allowed.test(found) ? found : undefined;
}

type Open = { tag: AllowedTag; attrs: Record<string, string>; children: RichNode[] };

/** The allowed attributes of a tag; the others are named in `dropped`. The first of a name counts, as in HTML. */
function attributes(tag: AllowedTag, raw: string, dropped: Set<string>): Record<string, string> {
  const attrs: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [, key = "", ...values] of raw.matchAll(
    /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]*)))?/g,
  )) {
    const name = key.toLowerCase();
    if (seen.has(name)) continue;
    seen.add(name);
    const value = decode(values.find((v) => v !== undefined) ?? "");
    if (tag === "a" && (name === "target" || name === "rel")) continue;
    if ((tag === "a" && name === "href") || (tag === "img" && name === "src")) {
      const found = address(value, tag === "img");
      if (found !== undefined) attrs[name] = found;
      else dropped.add(`the address “${value.slice(0, 60)}” of <${tag}>`);
    } else if (tag === "img" && (name === "alt" || (/^(?:width|height)$/.test(name) && /^\d{1,4}$/.test(value)))) {
      attrs[name] = value;
    } else dropped.add(`the attribute “${name.slice(0, 60)}” of <${tag}>`);
  }
  return attrs;
}

/**
 * Reads a rich text. Pure, linear in its length, and total: any string has a tree.
 * `dropped` says in plain words what of the source is not in the tree; empty for a source that is all allowed.
 */
export function richText(source: string, where: Where = "text"): { tree: RichNode[]; dropped: string[] } {
  const tags: readonly string[] = where === "choice" ? CHOICE_TAGS : TEXT_TAGS;
  const tree: RichNode[] = [];
  const stack: Open[] = [];
  const dropped = new Set<string>();
  let held = "";
  /** The last character of `held`, kept apart: asking a string under construction would copy it each time. */
  let last = "";
  // White space next to a block is the author's layout of the source; a dropped block leaves a gap between words.
  let afterBlock = true;
  let gap = false;

  const open = (tag: AllowedTag, attrs: Record<string, string>, empty = false) => {
    const parent = stack.at(-1);
    if (tag !== "li" && (parent?.tag === "ul" || parent?.tag === "ol")) open("li", {});
    const element: Open = { tag, attrs, children: [] };
    (stack.at(-1)?.children ?? tree).push(element);
    if (!empty) stack.push(element);
  };
  const flush = (beforeBlock: boolean) => {
    if (afterBlock) held = held.replace(/^[ \t\n]*\n/, "");
    if (held && !((afterBlock || beforeBlock) && /^[ \t\n]*$/.test(held))) {
      (stack.at(-1)?.children ?? tree).push({ text: held });
      afterBlock = false;
    }
    held = "";
  };
  const close = (tag: string, until = /^$/) => {
    const at = stack.findLastIndex((e) => e.tag === tag || until.test(e.tag));
    if (stack[at]?.tag === tag) stack.length = at;
  };

  const say = (text: string) => {
    if (!text) return;
    const before = held ? last : afterBlock ? " " : "";
    if (gap && !/[ \n]/.test(before + text.charAt(0))) held += where === "choice" ? " " : "\n";
    gap = false;
    last = text.charAt(text.length - 1);
    held += text;
  };

  const text = source.replace(/\r\n?/g, "\n");
  let done = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const found = tagAt(text, at);
    if (!found) {
      at++;
      continue;
    }
    const { name, closing } = found;
    say(decode(text.slice(done, at)));
    at = done = found.end;
    const block = BLOCKS.includes(name);
    const known = tags.includes(name);
    // A picture that may not stand here is still named by its `alt`.
    const read = !closing && (known || name === "img");
    const attrs = read ? attributes(name as AllowedTag, found.attrs, known ? dropped : new Set()) : {};
    const lost =
      !known ||
      (name === "li" && !stack.some((e) => /^[uo]l$/.test(e.tag))) ||
      (!closing && ((name === "a" && !attrs.href) || (name === "img" && !attrs.src)));
    if (lost) {
      gap ||= block || /^(?:br|div|h\d|t[rd]|table|section|article|hr|d[dt])$/.test(name);
      if (attrs.alt) say(attrs.alt);
      if (!closing) dropped.add(name ? `the element <${name.slice(0, 60)}>` : "a comment");
      continue;
    }
    const tag = name as AllowedTag;
    if (closing) {
      if (!stack.some((e) => e.tag === tag)) continue;
      flush(block);
      close(tag);
    } else if (stack.length > MAX_DEPTH - 2) {
      dropped.add(`elements nested more than ${MAX_DEPTH} deep`);
      continue;
    } else {
      flush(block || tag === "br");
      // What HTML closes by itself: a paragraph holds no block, an item no item of its list, a link no link.
      if (block) close("p");
      if (tag === "li") close("li", /^[uo]l$/);
      if (tag === "a") close("a");
      open(tag, attrs, tag === "br" || tag === "img");
    }
    afterBlock = block || tag === "br";
    gap = false;
  }
  say(decode(text.slice(done)));
  flush(true);
  return { tree, dropped: [...dropped] };
}

/** The text of a rich text: for labels, comparisons, plain exports. Blocks and `br` are lines, a picture is its `alt`. */
export function plainText(source: string, where: Where = "text"): string {
  let out = "";
  const line = () => {
    if (out && !out.endsWith("\n")) out += "\n";
  };
  const walk = (nodes: readonly RichNode[]) => {
    for (const node of nodes) {
      if ("text" in node) out += node.text;
      else if (node.tag === "br") out += "\n";
      else {
        const block = BLOCKS.includes(node.tag);
        if (block) line();
        out += node.attrs.alt ?? "";
        walk(node.children);
        if (block) line();
      }
    }
  };
  walk(richText(source, where).tree);
  return out.trim();
}

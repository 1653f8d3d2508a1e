declare const TEXT_TAGS: readonly [
  "b",
  "i",
  "em",
  "strong",
  "code",
  "u",
  "s",
  "a",
  "img",
  "br",
  "pre",
  "p",
  "ul",
  "ol",
  "li",
  "blockquote",
];
export type AllowedTag = (typeof TEXT_TAGS)[number];
export type RichText = {
  readonly text: string;
};
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
export declare const LINK_ATTRS: {
  readonly target: "_blank";
  readonly rel: "noopener noreferrer";
};
/**
 * Where the tag ends that begins with the `<` at `at` (comments, and elements whose text is no text, count whole), or
 * undefined for a `<` that stands for itself. For filling in values (F12): between tags so found, a source in which
 * every other `<` is written `&lt;` keeps its elements and attributes whatever is inserted that holds no `<`.
 */
export declare function tagEnd(source: string, at: number): number | undefined;
/**
 * Reads a rich text. Pure, linear in its length, and total: any string has a tree.
 * `dropped` says in plain words what of the source is not in the tree; empty for a source that is all allowed.
 */
export declare function richText(
  source: string,
  where?: Where,
): {
  tree: RichNode[];
  dropped: string[];
};
/** The text of a rich text: for labels, comparisons, plain exports. Blocks and `br` are lines, a picture is its `alt`. */
export declare function plainText(source: string, where?: Where): string;

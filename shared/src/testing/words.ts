/** What stands in generated flows: pools from which numbers pick, so that a failing example shrinks. */

/** Ids that have gone wrong somewhere: separators, quotes, names of JavaScript, halves of characters. */
export const IDS: readonly string[] = [
  ...["lang", "q", "s", "question:q", "chat:s", "a.b", "a/b", "~1", "a|b", "{{q}}", "a b", " ", "\n", "\0", '"', "'"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "-0", "0x1", "c.1", "s.1", "b.s.1.0.1", "<b>", "$&"],
  ...["\ud800", "x\udc00", "\u00e9", "e\u0301", "🦜", "ＡＢ", "İ", "ß", "ẞ", "&amp;", "\u202e", "\ufeff"],
];

/** Ids that existing flows write as numbers. */
export const NUMBERS: readonly number[] = [1, 2, 0, 7.5, -1, 1e21];

/** Names of states beyond the plain ones. */
export const NAMES: readonly string[] = [
  ...["hello", "ask", "a/b", "~", "m~1n", "", " ", "toString", "valueOf", "__proto__x", "-1", "01", "1.5"],
  ...["\ud83d", "ü".repeat(90), "🦜", '"', "\\", "\n", "$schemas", "next", "sendRequest"],
];

/** Texts that a chat session expects; no two are the same text once they are compared. */
export const EXPECTED: readonly string[] = [
  ...["yes", "Zig  ＬＡＮＧ", "straße", "İ", "🦜", "ﬁn", "{{q}}", "a\u0301", "\ud800"],
];
/** Other spellings of the same. */
export const SPELLINGS: readonly string[] = [
  ...[" YES\n", "zig lang", "STRASSE", "i̇", " 🦜", "FIN", "{{Q}}", "\u00c1", "\ud800 "],
];

/** Parts of a text that a reader sees as it is, all of it allowed. */
export const TEXTS: readonly string[] = [
  ...["Hello", " and ", "one\ntwo", "5 < 6 ", "Q&A", "fish &amp; chips", "50 %", "🦜", "é", "\ud800", "{ {", "}}"],
  ...["{{}}", "$&", "<b>bold</b>", "<i>it</i>", "<code>x = 1</code>", "<em>a <strong>b</strong></em>"],
  "tom <tom@example.org>",
];
/** More of them, for texts that are no choice. */
export const BLOCKS: readonly string[] = [
  ...["<p>one</p><p>two</p>", "<ul><li>a</li><li>b</li></ul>", "<br>", "<blockquote>so</blockquote>", "<pre>  x</pre>"],
  ...['<a href="https://example.org/?a=1&amp;b={{q}}">there</a>', "<a href='/faq'>", "<u>u</u>"],
];
/** Parts of which something is dropped, or that are cut where it hurts. */
export const MARKUP: readonly string[] = [
  ...["<", ">", "</", "/>", "<!--", "-->", "&", ";", "&lt", "&#", "&#x6", "=", '"', "'", "`", "\0", "\r", "\ud800"],
  ...["\udc00", "<b", "<b>", "</b>", "<p", "<p>", "</p>", "<ul>", "<li>", "<a href=", "<a href='", "<img src=", "<a "],
  ...["<img alt='", "<script>", "</script>", "<svg/", "<style>", "javascript:", "onclick=", " x='", "https://h/"],
  ...["//evil", "<x-y>", "b>"],
];

/** What a visitor types and a page sends. */
export const VALUES: readonly string[] = [
  ...["Zig", "yes", "Ada Lovelace", " ", "", "\n\n", "{{q}}", "{{lang|x}}", "}}", "|", "$&", "$1", "\\", "__proto__"],
  ...["<b>", "</b>", "<script>alert(1)</script>", "<", ">", "&lt;b&gt;", "&", ";", '"', "'", "--&gt;", "-->", "/"],
  ...["b>", "javascript:alert(1)", "x' onclick='y", "\ud83d", "\udc00", "\0", "\r\n", "\u202eabc", "ﬀ"],
  ...["é".repeat(400), `${"x".repeat(499)}🦜`, "x".repeat(2000), "<".repeat(700), "\ud800".repeat(600)],
  "\u0001".repeat(600),
];

/** Picks from a pool by any number. */
export const from = <T>(pool: readonly T[], pick: number): T => pool[pick % pool.length]!;

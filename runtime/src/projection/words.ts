/** Scripts that put no space between words: each character is a word, so that any part of a text is found. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;
const ANY_UNSPACED = new RegExp(UNSPACED.source, "u");
/** Parts words in the index, and is nothing to the eye. */
const JOINER = "\u2060";
const MOST_WORDS = 8;

/** A text as it stands in the full-text index. */
export const spaced = (text: string): string =>
  ANY_UNSPACED.test(text) ? text.replace(UNSPACED, `${JOINER}$&${JOINER}`) : text;
const unspaced = (text: string): string => text.replaceAll(JOINER, "");

const wordsIn = (typed: string): string[] =>
  typed
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean)
    .slice(0, MOST_WORDS);

/**
 * What somebody typed to search for, as FTS5 queries: a conversation is found that matches each. Every word may go on.
 * Undefined: nothing can be found by it.
 */
export function queries(typed: string): string[] | undefined {
  const words = wordsIn(typed);
  const found = words.filter((word) => /[\p{L}\p{N}\p{Co}\p{So}]/u.test(word));
  return found.length === 0 ? undefined : found.map((word) => `"${spaced(word).replaceAll('"', '""')}"*`);
}

const FOUND = { before: 40, all: 160 } as const;

/** As the index compares: small letters without marks, one unit for one. */
function plain(text: string): string {
  const bare = (one: string) => one.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const whole = bare(text);
  if (whole.length === text.length) return whole;
  return text.replace(/./gsu, (one) => (bare(one).length === one.length ? bare(one) : one));
}

/**
 * The place in one of some texts where a typed word begins, the word between \u0001 and \u0002; undefined if in none.
 * @param texts as they stand in the index
 */
export function excerpt(texts: readonly string[], typed: string): string | undefined {
  const words = wordsIn(typed).map(plain);
  for (const word of words) {
    for (const indexed of texts) {
      const text = unspaced(indexed).replace(/\s+/gu, " ");
      const at = wordAt(plain(text), word);
      if (at < 0) continue;
      const from = whole(text, Math.max(0, at - FOUND.before));
      const to = whole(text, Math.min(text.length, from + FOUND.all));
      const end = Math.min(to, at + word.length);
      const cut = [from > 0 ? "…" : "", to < text.length ? "…" : ""];
      return `${cut[0]}${text.slice(from, at)}\u0001${text.slice(at, end)}\u0002${text.slice(end, to)}${cut[1]}`;
    }
  }
  return undefined;
}

/** Where a word begins with `word`; else where it stands at all. */
function wordAt(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)) return at;
  }
  return text.indexOf(word);
}

/** Not between the halves of one character. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text[at] ?? "") ? at - 1 : at);

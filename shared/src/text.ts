/** Measures and normal forms of text, without any platform API. */

/** Length of `text` in UTF-8 bytes; a lone surrogate counts 3, as it is encoded as U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** Size of a value as JSON in UTF-8 bytes. */
export const jsonBytes = (value: unknown): number => utf8Length(JSON.stringify(value) ?? "");

/** The form in which typed texts are compared: NFKC, case folded, white space joined and trimmed. */
export function comparableText(text: string): string {
  // Lower, upper and lower case is the nearest the language has to full case folding ("ß", "ẞ" and "SS" become one).
  const folded = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();
  return folded.normalize("NFKC").replace(/\s+/gu, " ").trim();
}

/** The first `count` UTF-16 units of `text`, never cutting a character in two. */
export function firstUnits(text: string, count: number): string {
  if (text.length <= count) return text;
  const cut = isLowSurrogate(text.charCodeAt(count)) ? count - 1 : count;
  return text.slice(0, cut);
}

/** An id as the format reads it: a number is its decimal string. */
export const readId = (id: string | number): string => (typeof id === "number" ? String(id) : id);

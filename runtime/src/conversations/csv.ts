/**
 * What a spreadsheet reads as a formula: one of = + - @ (their wide forms too), also behind white space, and whatever
 * begins with a tab or a line break.
 */
const FORMULA = /^[\t\r\n]|^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
/** Spreadsheets take a file without it for one of an old code page. */
export const CSV_START = "\uFEFF";

/** A cell that is text to every spreadsheet, whatever a visitor wrote: before a formula stands an apostrophe. */
const inert = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** One line of a CSV file (RFC 4180), its line break included. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(",")}\r\n`;

function quoted(cell: string): string {
  const text = inert(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

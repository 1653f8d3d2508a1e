import { type AnswerColumn, STATUS_WORDS } from "@parley/shared/api/conversations";
import type { ConversationReader, Kept } from "../projection/reading.js";
import type { AskedWords } from "./asked.js";

/** A conversation's number in addresses: of its session, and which one in it. */
export const idOf = ({ sid, n }: Pick<Kept, "sid" | "n">): string => (n === 1 ? sid : `${sid}-${n}`);

/** `2026-01-31 09:05:00`, which a spreadsheet takes for a time. */
export const timeCell = (iso: string): string => iso.slice(0, 19).replace("T", " ");

/** The cells of some conversations, one line each, in the order of `columns`. Several answers to one question stand on a line each. */
export function answerRows(
  rows: readonly Kept[],
  columns: readonly AnswerColumn[],
  { reader, words }: { readonly reader: Pick<ConversationReader, "answers">; readonly words: AskedWords },
): string[][] {
  const given = reader.answers(rows);
  return rows.map((row) => {
    const answers = new Map<string, string>();
    for (const { col, text } of given.get(row.no) ?? []) {
      const before = answers.get(col);
      answers.set(col, before === undefined ? text : `${before}\n${text}`);
    }
    return columns.map(({ key }) => fixedCell(row, key, words) ?? answers.get(key) ?? valueCell(row, key));
  });
}

function fixedCell(row: Kept, key: string, words: AskedWords): string | undefined {
  switch (key) {
    case "time":
      return timeCell(row.started);
    case "version":
      return String(row.version);
    case "status":
      return STATUS_WORDS[row.status];
    case "step":
      return words.step(row) ?? "";
    case "page":
      return row.page ?? "";
    case "conversation":
      return idOf(row);
    default:
      return undefined;
  }
}

const valueCell = (row: Kept, key: string): string =>
  key.startsWith("v:") && Object.hasOwn(row.values, key.slice(2)) ? row.values[key.slice(2)]! : "";

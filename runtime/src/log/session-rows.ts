import type Database from "better-sqlite3";
import type { Row } from "./store.js";

/** A session's rows behind `after`, up to `upTo`, from the first. */
export type ReadSession = (sid: string, after: number, upTo: number) => Row[];

/**
 * Reads sessions of a log's file.
 * @throws (what it gives) an error with code SQLITE_CORRUPT when a record is lost
 */
export function sessionReader(reader: Database.Database): ReadSession {
  const last = reader.prepare<[string], { last: number }>("SELECT last FROM session WHERE sid = ?");
  const record = reader.prepare<[number], { prev: number; data: string }>(
    "SELECT prev, data FROM record WHERE pos = ?",
  );
  /** From the last record back; all of them, since half of the way is the whole way. */
  return reader.transaction((sid: string, after: number, upTo: number): Row[] => {
    const rows: Row[] = [];
    for (let pos = last.get(sid)?.last ?? 0; pos > after; ) {
      const row = record.get(pos);
      if (row === undefined || row.prev >= pos) {
        throw Object.assign(new Error(`what stands before record ${pos} of a session is lost`), {
          code: "SQLITE_CORRUPT",
        });
      }
      if (pos <= upTo) rows.push({ pos, data: row.data });
      pos = row.prev;
    }
    return rows.reverse();
  });
}

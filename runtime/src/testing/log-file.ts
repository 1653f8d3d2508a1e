import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";

/** The records of a data folder's log by session, in order, read by a connection that no server has. */
export function readLogFile(dataDir: string): Map<string, LogRecord[]> {
  const db = new Database(join(dataDir, "log.db"), { readonly: true, fileMustExist: true });
  try {
    const sessions = new Map<string, LogRecord[]>();
    const rows = db.prepare<[], { data: string }>("SELECT data FROM record ORDER BY pos").iterate();
    for (const { data } of rows) {
      const record = JSON.parse(data) as LogRecord;
      const records = sessions.get(record.sid);
      if (records) records.push(record);
      else sessions.set(record.sid, [record]);
    }
    return sessions;
  } finally {
    db.close();
  }
}

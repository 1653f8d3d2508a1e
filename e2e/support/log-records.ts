import { join } from "node:path";
import Database from "better-sqlite3";

export type Recorded = {
  readonly sid: string;
  readonly id: string;
  readonly payload?: {
    readonly kind: string;
    readonly message: { readonly kind: string; readonly [field: string]: unknown };
  };
};

/** The records of a data folder's log, in order, read by a connection that no server has. */
export function recordsOf(dataDir: string): Recorded[] {
  const db = new Database(join(dataDir, "log.db"), { readonly: true, fileMustExist: true });
  try {
    const rows = db.prepare<[], { data: string }>("SELECT data FROM record ORDER BY pos").all();
    return rows.map(({ data }) => JSON.parse(data) as Recorded);
  } finally {
    db.close();
  }
}

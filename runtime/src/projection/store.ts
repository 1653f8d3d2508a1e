import { rmSync } from "node:fs";
import { RECORD_VERSION } from "@parley/shared/record";
import Database from "better-sqlite3";
import type { Cursor } from "../log/event-log.js";

/** What is known of a session at a glance. */
export type SessionRow = {
  readonly sid: string;
  readonly flow: string;
  /** Of the conversation that runs now. */
  version: number;
  /** ISO 8601. */
  readonly started: string;
  last: string;
  /** Messages and turns counted in this row. */
  seq: number;
  turns: number;
  ended: boolean;
  /** This session's share of the counts, by `[version, "sent" | "matched", state]` as JSON. */
  readonly counts: Record<string, number>;
};

/** How often a state of a version sent its message or matched an answer. */
export type Count = {
  readonly version: number;
  readonly kind: "sent" | "matched";
  readonly state: string;
  readonly n: number;
};

/** Raised with the format of records as well: what an older build could not read has to be counted. */
const SCHEMA_VERSION = 100 + RECORD_VERSION;
const SCHEMA = `
  CREATE TABLE cursor (partition INTEGER PRIMARY KEY, cursor TEXT NOT NULL);
  CREATE TABLE session (
    sid TEXT PRIMARY KEY, flow TEXT NOT NULL, version INTEGER NOT NULL, started TEXT NOT NULL, last TEXT NOT NULL,
    seq INTEGER NOT NULL, turns INTEGER NOT NULL, ended INTEGER NOT NULL, counts TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX session_last ON session (flow, last);
  CREATE TABLE count (flow TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (flow, key)) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

type Stored = Omit<SessionRow, "ended" | "counts"> & { ended: number; counts: string };

/** The projections' SQLite file. The log can rebuild it, so a file of another version or a broken one is thrown away. */
export class ProjectionStore {
  readonly #db: Database.Database;
  readonly #session: Database.Statement<[string], Stored>;

  constructor(file: string) {
    this.#db = openOrRebuild(file);
    this.#session = this.#db.prepare("SELECT * FROM session WHERE sid = ?");
  }

  cursor(partition: number): Cursor | undefined {
    const row = this.#db.prepare<[number], { cursor: string }>("SELECT cursor FROM cursor WHERE partition = ?");
    return row.get(partition)?.cursor;
  }

  session(sid: string): SessionRow | undefined {
    const row = this.#session.get(sid);
    return row && { ...row, ended: row.ended === 1, counts: JSON.parse(row.counts) as Record<string, number> };
  }

  /** The newest sessions of a flow. */
  sessions(flow: string, limit: number): SessionRow[] {
    const rows = this.#db
      .prepare<[string, number], Stored>("SELECT * FROM session WHERE flow = ? ORDER BY last DESC LIMIT ?")
      .all(flow, limit);
    return rows.map((row) => ({
      ...row,
      ended: row.ended === 1,
      counts: JSON.parse(row.counts) as Record<string, number>,
    }));
  }

  counts(flow: string): Count[] {
    const rows = this.#db.prepare<[string], { key: string; n: number }>(
      "SELECT key, n FROM count WHERE flow = ? AND n > 0",
    );
    return rows.all(flow).map(({ key, n }) => {
      const [version, kind, state] = JSON.parse(key) as [number, Count["kind"], string];
      return { version, kind, state, n };
    });
  }

  /** Writes rows, their effect on the counts, and the cursors, in one transaction. */
  save(rows: readonly SessionRow[], cursors: ReadonlyMap<number, Cursor>): void {
    this.#db.transaction(() => {
      const put = this.#db.prepare(
        "INSERT OR REPLACE INTO session VALUES (@sid, @flow, @version, @started, @last, @seq, @turns, @ended, @counts)",
      );
      for (const row of rows) {
        this.#addCounts(row.flow, row.counts, this.session(row.sid)?.counts ?? {});
        put.run({ ...row, ended: row.ended ? 1 : 0, counts: JSON.stringify(row.counts) });
      }
      const place = this.#db.prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?)");
      for (const [partition, cursor] of cursors) place.run(partition, cursor);
    })();
  }

  /** Takes a session and its share of every count back. */
  erase(sid: string): void {
    this.#db.transaction(() => {
      const row = this.session(sid);
      if (!row) return;
      this.#addCounts(row.flow, {}, row.counts);
      this.#db.prepare("DELETE FROM session WHERE sid = ?").run(sid);
    })();
  }

  /** Forgets everything: it is built anew from the log. */
  clear(): void {
    this.#db.transaction(() => this.#db.exec("DELETE FROM cursor; DELETE FROM session; DELETE FROM count"))();
  }

  #addCounts(flow: string, after: Record<string, number>, before: Record<string, number>): void {
    const add = this.#db.prepare(
      "INSERT INTO count VALUES (?, ?, ?) ON CONFLICT (flow, key) DO UPDATE SET n = n + excluded.n",
    );
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const change = (after[key] ?? 0) - (before[key] ?? 0);
      if (change !== 0) add.run(flow, key, change);
    }
  }

  close(): void {
    this.#db.close();
  }
}

function openOrRebuild(file: string): Database.Database {
  for (let attempt = 0; ; attempt++) {
    const db = new Database(file);
    try {
      db.pragma("journal_mode = WAL");
      // Lost at a power loss at worst, and then built again: the log is what lasts.
      db.pragma("synchronous = OFF");
      db.pragma("cache_size = -2000"); // 2 MB
      const version = db.pragma("user_version", { simple: true });
      if (version === 0) db.exec(SCHEMA);
      else if (version !== SCHEMA_VERSION) throw new Error(`schema ${version}`);
      return db;
    } catch (error) {
      db.close();
      if (attempt > 0 || file === ":memory:") throw error;
      for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    }
  }
}

import type Database from "better-sqlite3";

/** A note on the n-th conversation of a session. Times in ms. */
export type NoteRow = {
  readonly id: string;
  readonly sid: string;
  readonly n: number;
  /** As records name people. */
  readonly by: string;
  readonly at: number;
  readonly text: string;
};

/** What people note about visitors: never on the log, so that no client is ever sent it. */
export class Notes {
  constructor(private readonly db: Database.Database) {}

  /** All of a session, the oldest first. */
  of(sid: string): NoteRow[] {
    return this.db.prepare<[string], NoteRow>("SELECT * FROM note WHERE sid = ? ORDER BY at, id").all(sid);
  }

  add({ id, sid, n, by, at, text }: NoteRow): void {
    this.db.prepare("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)").run(id, sid, n, by, at, text);
  }

  remove(id: string): void {
    this.db.prepare("DELETE FROM note WHERE id = ?").run(id);
  }

  /** With the session. */
  forget(sid: string): void {
    this.db.prepare("DELETE FROM note WHERE sid = ?").run(sid);
  }
}

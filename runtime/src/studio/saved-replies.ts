import type Database from "better-sqlite3";

/** A saved reply. Times in ms. */
export type ReplyRow = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The id of the only flow that it is for; null: for all. */
  readonly flow: string | null;
  readonly by: string;
  readonly at: number;
};
const SELECT = `SELECT saved_reply.id, title, text, flow.id AS flow, by, at
  FROM saved_reply LEFT JOIN flow ON flow.key = saved_reply.flow`;

/** What is said to visitors again and again: everybody's who answers. */
export class SavedReplies {
  constructor(private readonly db: Database.Database) {}

  /** By title. */
  all(): ReplyRow[] {
    return this.db.prepare<[], ReplyRow>(`${SELECT} ORDER BY title COLLATE NOCASE, saved_reply.id`).all();
  }

  get(id: string): ReplyRow | undefined {
    return this.db.prepare<[string], ReplyRow>(`${SELECT} WHERE saved_reply.id = ?`).get(id);
  }

  /** Adds one, or changes the one of that id. @param flow its key */
  put({ id, title, text, by, at }: Omit<ReplyRow, "flow">, flow: number | null): void {
    this.db.prepare("INSERT OR REPLACE INTO saved_reply VALUES (?, ?, ?, ?, ?, ?)").run(id, title, text, flow, by, at);
  }

  remove(id: string): void {
    this.db.prepare("DELETE FROM saved_reply WHERE id = ?").run(id);
  }
}

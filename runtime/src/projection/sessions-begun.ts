import type Database from "better-sqlite3";

/** A conversation in the order in which all of them began. `last` is ISO 8601. */
export type Begun = {
  readonly sid: string;
  readonly n: number;
  readonly flow: string;
  readonly started: string;
  readonly last: string;
  readonly answers: number;
};

/** Conversations by their beginning, the oldest first, a slice at a time: no reading stays open. */
export class SessionsBegun {
  readonly #slice: Database.Statement<[string, string, string, number, number], Begun>;

  constructor(db: Database.Database) {
    this.#slice = db.prepare(
      `SELECT sid, n, flow, started, last, answers FROM conversation
        WHERE started < ? AND (started, sid, n) > (?, ?, ?) ORDER BY started, sid, n LIMIT ?`,
    );
  }

  /** Those that began before a time, ISO 8601, and stand behind `after`. */
  slice(before: string, limit: number, after?: Pick<Begun, "started" | "sid" | "n">): Begun[] {
    return this.#slice.all(before, after?.started ?? "", after?.sid ?? "", after?.n ?? 0, limit);
  }
}

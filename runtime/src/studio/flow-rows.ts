import type Database from "better-sqlite3";

/** A flow of the studio. `key` stays when its id is renamed. Times in ms. */
export type FlowRow = {
  readonly key: number;
  readonly id: string;
  readonly created: number;
  readonly archived: number | null;
  /** The version that the draft last agreed with, 0 for none. */
  readonly base: number;
};

/** The list of flows. */
export class FlowRows {
  readonly #byId: Database.Statement<[string], FlowRow>;

  constructor(private readonly db: Database.Database) {
    this.#byId = db.prepare("SELECT * FROM flow WHERE id = ?");
  }

  get(id: string): FlowRow | undefined {
    return this.#byId.get(id);
  }

  /** By its key. */
  byKey(key: number): FlowRow | undefined {
    return this.db.prepare<[number], FlowRow>("SELECT * FROM flow WHERE key = ?").get(key);
  }

  /** All flows, those whose draft was saved last first. */
  all(): FlowRow[] {
    return this.db
      .prepare<[], FlowRow>(
        "SELECT * FROM flow ORDER BY (SELECT at FROM state WHERE flow = key ORDER BY n DESC LIMIT 1) DESC, id",
      )
      .all();
  }

  /** The id must be free. Its first draft has to be saved in the same transaction. */
  add(id: string, created: number, base: number): FlowRow {
    const added = this.db
      .prepare<[string, number, number], FlowRow>("INSERT INTO flow (id, created, base) VALUES (?, ?, ?) RETURNING *")
      .get(id, created, base);
    return added!;
  }

  rename(key: number, id: string): void {
    this.db.prepare("UPDATE flow SET id = ? WHERE key = ?").run(id, key);
  }

  archive(key: number, at: number | null): void {
    this.db.prepare("UPDATE flow SET archived = ? WHERE key = ?").run(at, key);
  }

  setBase(key: number, version: number): void {
    this.db.prepare("UPDATE flow SET base = ? WHERE key = ?").run(version, key);
  }
}

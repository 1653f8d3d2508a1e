import type { Erasure } from "@parley/shared/api/conversations";
import type Database from "better-sqlite3";

type Row = {
  readonly sid: string;
  readonly flow: string;
  readonly by: string;
  readonly at: number;
  readonly since: string | null;
  readonly tests: string;
  readonly copies: string;
  readonly done: number | null;
};
export type NewErasure = Pick<Row, "sid" | "flow" | "by" | "at"> & { readonly since: string | undefined };
const LISTED = 200;

/** Who had which conversation erased: nothing of what was said in it. One that is not done is gone on with at the next start. */
export class Erasures {
  constructor(private readonly db: Database.Database) {}

  get(sid: string): Erasure | undefined {
    const row = this.db.prepare<[string], Row>("SELECT * FROM erasure WHERE sid = ?").get(sid);
    return row && toErasure(row);
  }

  /** The newest of a flow. */
  list(flow: string): Erasure[] {
    const rows = this.db.prepare<[string, number], Row>(
      "SELECT * FROM erasure WHERE flow = ? ORDER BY at DESC LIMIT ?",
    );
    return rows.all(flow, LISTED).map(toErasure);
  }

  /** Sessions whose erasing is not done. */
  open(): string[] {
    return this.db.prepare<[], string>("SELECT sid FROM erasure WHERE done IS NULL ORDER BY at").pluck().all();
  }

  /** Notes a new one; one that is there stays. */
  begin({ sid, flow, by, at, since }: NewErasure): void {
    this.db
      .prepare("INSERT OR IGNORE INTO erasure VALUES (?, ?, ?, ?, ?, '[]', '[]', NULL)")
      .run(sid, flow, by, at, since ?? null);
  }

  /** The same for several at once. */
  beginAll(erasures: readonly NewErasure[]): void {
    const begin = this.db.transaction(() => {
      for (const erasure of erasures) this.begin(erasure);
    });
    begin.immediate();
  }

  /** Forgets those that `by` began. */
  remove(sids: readonly string[], by: string): void {
    const remove = this.db.prepare("DELETE FROM erasure WHERE sid IN (SELECT value FROM json_each(?)) AND by = ?");
    remove.run(JSON.stringify(sids), by);
  }

  /** Removes the tests that were made from the session (they name it), and notes which they were. */
  removeTests(sid: string): void {
    const remove = this.db.transaction(() => {
      const made = this.db
        .prepare<[string], { flow: number; id: string; name: string }>(
          "SELECT flow, id, name FROM test JOIN flow ON key = flow WHERE instr(data, ?) > 0 ORDER BY id, name",
        )
        .all(sid);
      if (made.length === 0) return;
      for (const { flow, name } of made)
        this.db.prepare("DELETE FROM test WHERE flow = ? AND name = ?").run(flow, name);
      const names = [...(this.get(sid)?.tests ?? []), ...made.map(({ id, name }) => `${id}/${name}`)];
      this.db.prepare("UPDATE erasure SET tests = ? WHERE sid = ?").run(JSON.stringify(names), sid);
    });
    remove.immediate();
  }

  /** @param copies files of the data folder that still hold it, which are not the server's */
  done(sid: string, at: number, copies: readonly string[]): void {
    this.db.prepare("UPDATE erasure SET done = ?, copies = ? WHERE sid = ?").run(at, JSON.stringify(copies), sid);
  }
}

function toErasure({ sid, by, at, since, tests, copies, done }: Row): Erasure {
  return {
    conversation: sid,
    by,
    at: new Date(at).toISOString(),
    done: done !== null,
    tests: JSON.parse(tests) as string[],
    copies: JSON.parse(copies) as string[],
    ...(since === null ? {} : { since }),
  };
}

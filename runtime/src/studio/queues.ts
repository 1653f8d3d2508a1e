import type { Queue, QueueSettings } from "@parley/shared/api/inbox";
import { type OpenSpan, queueKey } from "@parley/shared/inbox/queue";
import type Database from "better-sqlite3";

type Row = { readonly id: string; readonly name: string; readonly zone: string; readonly hours: string | null };

/** The queues that conversations wait in for people, as owners set them. One that only a flow names is always open. */
export class Queues {
  constructor(private readonly db: Database.Database) {}

  all(): Queue[] {
    const rows = this.db.prepare<[], Row>("SELECT id, name, zone, hours FROM queue ORDER BY name_key").all();
    return rows.map((row) => this.#queue(row));
  }

  /** Of the name that a flow gives it; undefined: General. */
  find(name: string | undefined): Queue | undefined {
    const row = this.db
      .prepare<[string], Row>("SELECT id, name, zone, hours FROM queue WHERE name_key = ?")
      .get(queueKey(name));
    return row && this.#queue(row);
  }

  #queue({ id, name, zone, hours }: Row): Queue {
    const members = this.db
      .prepare<[string], string>("SELECT person FROM queue_member WHERE queue = ? ORDER BY person")
      .pluck()
      .all(id);
    return { id, name, zone, members, ...(hours !== null && { hours: JSON.parse(hours) as OpenSpan[] }) };
  }

  /** Adds a queue or sets the one of this id; members that are nobody are left out. @returns undefined: the name is taken */
  put(id: string, { name, zone, hours, members }: QueueSettings): Queue | undefined {
    const put = this.db.transaction(() => {
      const other = this.find(name);
      if (other && other.id !== id) return undefined;
      const row = [name.trim(), queueKey(name), zone, hours === undefined ? null : JSON.stringify(hours)] as const;
      const set = this.db.prepare("UPDATE queue SET name = ?, name_key = ?, zone = ?, hours = ? WHERE id = ?");
      if (set.run(...row, id).changes === 0)
        this.db.prepare("INSERT INTO queue VALUES (?, ?, ?, ?, ?)").run(id, ...row);
      this.db.prepare("DELETE FROM queue_member WHERE queue = ?").run(id);
      const add = this.db.prepare("INSERT INTO queue_member SELECT ?, id FROM person WHERE id = ?");
      for (const member of members) add.run(id, member);
      return this.find(name);
    });
    return put.immediate();
  }

  has(id: string): boolean {
    return this.db.prepare("SELECT 1 FROM queue WHERE id = ?").get(id) !== undefined;
  }

  /** @returns false if there is none of this id */
  remove(id: string): boolean {
    return this.db.prepare("DELETE FROM queue WHERE id = ?").run(id).changes === 1;
  }
}

/** Who has said that he is there for visitors. */
export class Availabilities {
  constructor(private readonly db: Database.Database) {}

  all(): ReadonlySet<string> {
    return new Set(this.db.prepare<[], string>("SELECT person FROM available").pluck().all());
  }

  /** @param at ms */
  set(person: string, available: boolean, at: number): void {
    if (available) this.db.prepare("INSERT OR IGNORE INTO available VALUES (?, ?)").run(person, at);
    else this.db.prepare("DELETE FROM available WHERE person = ?").run(person);
  }
}

/** How far each person has read in which session: the `seq` of the last message. Gone when its hand-off has ended. */
export class ReadMarks {
  constructor(private readonly db: Database.Database) {}

  of(person: string): Readonly<Record<string, number>> {
    const rows = this.db
      .prepare<[string], { sid: string; seq: number }>("SELECT sid, seq FROM read_mark WHERE person = ?")
      .all(person);
    return Object.fromEntries(rows.map(({ sid, seq }) => [sid, seq]));
  }

  /** Nobody unreads. @returns whether it is another now */
  set(person: string, sid: string, seq: number): boolean {
    const set = this.db
      .prepare(
        "INSERT INTO read_mark VALUES (?, ?, ?) ON CONFLICT (person, sid) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq",
      )
      .run(person, sid, seq);
    return set.changes === 1;
  }

  forget(sid: string): void {
    this.db.prepare("DELETE FROM read_mark WHERE sid = ?").run(sid);
  }

  /** Forgets those of sessions that are not among these. */
  keep(sids: readonly string[]): void {
    this.db
      .prepare("DELETE FROM read_mark WHERE sid NOT IN (SELECT value FROM json_each(?))")
      .run(JSON.stringify(sids));
  }
}

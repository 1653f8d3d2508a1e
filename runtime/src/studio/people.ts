import { LIMITABLE, type Role } from "@parley/shared/api/access";
import type Database from "better-sqlite3";

/** Somebody who may enter. Times in ms. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Argon2id in PHC form; null: only by login links. */
  readonly password: string | null;
  readonly created: number;
  readonly seen: number | null;
  /** The ids of the only flows that he may see; undefined: all. */
  readonly flows: readonly string[] | undefined;
};
type Stored = Omit<Person, "flows"> & { readonly flows: string | null };

/** The flows of a limit by their ids, which may change. */
export const LIMITED_TO = `(SELECT (SELECT json_group_array(flow.id) FROM json_each(person_limit.flows)
  JOIN flow ON flow.key = json_each.value) FROM person_limit WHERE person_limit.person = person.id) AS flows`;
const SELECT = `SELECT person.id, name, role, password, created, seen, ${LIMITED_TO} FROM person`;

/** Whom a login link without a name signs in: whoever may read the data folder. Cannot be changed or removed. */
export const BUILT_IN = "local";

/** Names that look the same are the same. */
const nameKey = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

/** The people who may enter the studio. */
export class People {
  readonly #byId: Database.Statement<[string], Stored>;

  constructor(
    private readonly db: Database.Database,
    now: number,
  ) {
    db.prepare("INSERT OR IGNORE INTO person VALUES (?, 'Owner', 'owner', 'owner', NULL, ?, NULL)").run(BUILT_IN, now);
    this.#byId = db.prepare(`${SELECT} WHERE id = ?`);
  }

  all(): Person[] {
    return this.db.prepare<[string], Stored>(`${SELECT} ORDER BY id <> ?, name_key`).all(BUILT_IN).map(read);
  }

  get(id: string): Person | undefined {
    const row = this.#byId.get(id);
    return row && read(row);
  }

  byName(name: string): Person | undefined {
    const row = this.db.prepare<[string], Stored>(`${SELECT} WHERE name_key = ?`).get(nameKey(name));
    return row && read(row);
  }

  /** @returns undefined if the name is taken */
  add(person: Pick<Person, "id" | "name" | "role" | "password" | "created">): Person | undefined {
    const { id, name, role, password, created } = person;
    const added = this.db
      .prepare("INSERT OR IGNORE INTO person VALUES (?, ?, ?, ?, ?, ?, NULL)")
      .run(id, name.normalize("NFC").trim(), nameKey(name), role, password, created);
    return added.changes === 1 ? this.get(id) : undefined;
  }

  /**
   * Changes role, password or flows, and ends every session and link of that person.
   * @param change.flows keys of the only flows that he may see; null: all
   */
  change(id: string, change: { role?: Role; password?: string; flows?: readonly number[] | null }): void {
    this.db.transaction(() => {
      if (change.flows === null || (change.role !== undefined && !LIMITABLE.includes(change.role))) {
        this.db.prepare("DELETE FROM person_limit WHERE person = ?").run(id);
      } else if (change.flows) {
        this.db.prepare("INSERT OR REPLACE INTO person_limit VALUES (?, ?)").run(id, JSON.stringify(change.flows));
      }
      if (change.role) this.db.prepare("UPDATE person SET role = ? WHERE id = ?").run(change.role, id);
      if (change.password) this.db.prepare("UPDATE person SET password = ? WHERE id = ?").run(change.password, id);
      this.db.prepare("DELETE FROM session WHERE person = ?").run(id);
      this.db.prepare("DELETE FROM login_link WHERE person = ?").run(id);
    })();
  }

  /** With sessions, links and tokens. */
  remove(id: string): void {
    this.db.prepare("DELETE FROM person WHERE id = ?").run(id);
  }
}

const read = ({ flows, ...row }: Stored): Person => ({ ...row, flows: readLimit(flows) });

export const readLimit = (flows: string | null): readonly string[] | undefined =>
  flows === null ? undefined : (JSON.parse(flows) as string[]);

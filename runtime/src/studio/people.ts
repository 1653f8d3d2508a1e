import type { Role } from "@parley/shared/api/access";
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
};

/** Whom a login link without a name signs in: whoever may read the data folder. Cannot be changed or removed. */
export const BUILT_IN = "local";

/** Names that look the same are the same. */
const nameKey = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

/** The people who may enter the studio. */
export class People {
  readonly #byId: Database.Statement<[string], Person>;

  constructor(
    private readonly db: Database.Database,
    now: number,
  ) {
    db.prepare("INSERT OR IGNORE INTO person VALUES (?, 'Owner', 'owner', 'owner', NULL, ?, NULL)").run(BUILT_IN, now);
    this.#byId = db.prepare("SELECT id, name, role, password, created, seen FROM person WHERE id = ?");
  }

  all(): Person[] {
    return this.db
      .prepare<[string], Person>(
        "SELECT id, name, role, password, created, seen FROM person ORDER BY id <> ?, name_key",
      )
      .all(BUILT_IN);
  }

  get(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): Person | undefined {
    return this.db
      .prepare<[string], Person>("SELECT id, name, role, password, created, seen FROM person WHERE name_key = ?")
      .get(nameKey(name));
  }

  /** @returns undefined if the name is taken */
  add(person: Pick<Person, "id" | "name" | "role" | "password" | "created">): Person | undefined {
    const { id, name, role, password, created } = person;
    const added = this.db
      .prepare("INSERT OR IGNORE INTO person VALUES (?, ?, ?, ?, ?, ?, NULL)")
      .run(id, name.normalize("NFC").trim(), nameKey(name), role, password, created);
    return added.changes === 1 ? this.get(id) : undefined;
  }

  /** Changes role or password, and ends every session and link of that person. */
  change(id: string, change: { role?: Role; password?: string }): void {
    this.db.transaction(() => {
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

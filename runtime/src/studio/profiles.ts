import type Database from "better-sqlite3";
import type { Person } from "./people.js";

/** What people are called where visitors see them. */
export class Profiles {
  readonly #name: Database.Statement<[string], { name: string }>;

  constructor(private readonly db: Database.Database) {
    this.#name = db.prepare("SELECT name FROM profile WHERE person = ?");
  }

  /** In place of the account's name, where somebody wants that. */
  name(person: string): string | undefined {
    return this.#name.get(person)?.name;
  }

  /** @param name undefined: the account's */
  set(person: string, name: string | undefined): void {
    if (name === undefined) this.db.prepare("DELETE FROM profile WHERE person = ?").run(person);
    else this.db.prepare("INSERT OR REPLACE INTO profile VALUES (?, ?)").run(person, name);
  }
}

/** What visitors see of a person. */
export const shownName = ({ profiles }: { readonly profiles: Profiles }, { id, name }: Pick<Person, "id" | "name">) =>
  profiles.name(id) ?? name;

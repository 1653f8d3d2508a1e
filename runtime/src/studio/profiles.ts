import type Database from "better-sqlite3";
import type { Person } from "./people.js";

/** What visitors see of a person: a name in place of the account's, and the name of a picture. */
export type Profile = { readonly name?: string; readonly picture?: string };

/** What visitors see of people. */
export class Profiles {
  readonly #of: Database.Statement<[{ person: string }], { name: string | null; picture: string | null }>;
  readonly #shown: Database.Statement<[string], { n: number }>;

  constructor(private readonly db: Database.Database) {
    this.#of = db.prepare(
      `SELECT (SELECT name FROM profile WHERE person = @person) AS name,
        (SELECT picture FROM profile_picture WHERE person = @person) AS picture`,
    );
    this.#shown = db.prepare("SELECT 1 AS n FROM profile_picture WHERE picture = ? LIMIT 1");
  }

  of(person: string): Profile {
    const { name, picture } = this.#of.get({ person })!;
    return { ...(name !== null && { name }), ...(picture !== null && { picture }) };
  }

  /** What is absent is not kept: the account's name is seen, and no picture. Runs in the caller's transaction. */
  set(person: string, { name, picture }: Profile): void {
    if (name === undefined) this.db.prepare("DELETE FROM profile WHERE person = ?").run(person);
    else this.db.prepare("INSERT OR REPLACE INTO profile VALUES (?, ?)").run(person, name);
    if (picture === undefined) this.db.prepare("DELETE FROM profile_picture WHERE person = ?").run(person);
    else this.db.prepare("INSERT OR REPLACE INTO profile_picture VALUES (?, ?)").run(person, picture);
  }

  /** Whether a picture is somebody's. */
  show(picture: string): boolean {
    return this.#shown.get(picture) !== undefined;
  }
}

/** What visitors see of a person, the account's name where there is no other. */
export const seenAs = (
  { profiles }: { readonly profiles: Profiles },
  { id, name }: Pick<Person, "id" | "name">,
): Profile & { readonly name: string } => ({ name, ...profiles.of(id) });

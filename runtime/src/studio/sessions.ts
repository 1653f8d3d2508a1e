import type Database from "better-sqlite3";
import { noteIfPossible } from "./database.js";
import { LIMITED_TO, type Person, readLimit } from "./people.js";
import { hashOf, newSecret } from "./secrets.js";

export const LINK_MS = 10 * 60_000;
export const IDLE_MS = 12 * 60 * 60_000;
/** A session's last use is written this often, not with every request. */
const TOUCH_MS = 60_000;

export type Session = {
  readonly hash: string;
  readonly person: Pick<Person, "id" | "name" | "role" | "flows">;
  /** When it ends unless it is used, ms. */
  readonly expires: number;
  /** Its end has just been put off: the cookie is to be sent again. */
  readonly renewed: boolean;
};

type Row = { id: string; name: string; role: Person["role"]; flows: string | null; seen: number };

/** Login links and the sessions they become. Only hashes are stored. */
export class Sessions {
  readonly #find: Database.Statement<[string, number], Row>;

  constructor(
    private readonly db: Database.Database,
    private readonly now: () => number,
  ) {
    this.#find = db.prepare(
      `SELECT person.id, name, role, session.seen, ${LIMITED_TO} FROM session JOIN person ON person.id = person
        WHERE hash = ? AND session.seen > ?`,
    );
  }

  /** A secret that signs this person in once within ten minutes. */
  makeLink(person: string): string {
    const secret = newSecret();
    const now = this.now();
    this.db.transaction(() => {
      this.db.prepare("DELETE FROM login_link WHERE expires <= ?").run(now);
      this.db.prepare("INSERT INTO login_link VALUES (?, ?, ?)").run(hashOf(secret), person, now + LINK_MS);
    })();
    return secret;
  }

  /** Spends a link. @returns whom it signs in, or undefined if it is unknown, spent or too old */
  spendLink(secret: string): string | undefined {
    const spent = this.db
      .prepare<[string], { person: string; expires: number }>(
        "DELETE FROM login_link WHERE hash = ? RETURNING person, expires",
      )
      .get(hashOf(secret));
    return spent && spent.expires > this.now() ? spent.person : undefined;
  }

  /** Begins a session. @returns the secret for its cookie */
  begin(person: string): string {
    const secret = newSecret();
    const now = this.now();
    this.db.transaction(() => {
      this.db.prepare("DELETE FROM session WHERE seen <= ?").run(now - IDLE_MS);
      this.db.prepare("INSERT INTO session VALUES (?, ?, ?, ?)").run(hashOf(secret), person, now, now);
      this.db.prepare("UPDATE person SET seen = ? WHERE id = ?").run(now, person);
    })();
    return secret;
  }

  /** The session of a cookie's secret; this is a use of it. */
  use(secret: string): Session | undefined {
    const hash = hashOf(secret);
    const found = this.find(hash);
    const now = this.now();
    if (!found || now - (found.expires - IDLE_MS) < TOUCH_MS) return found;
    noteIfPossible(() => {
      this.db.prepare("UPDATE session SET seen = ? WHERE hash = ?").run(now, hash);
      this.db.prepare("UPDATE person SET seen = ? WHERE id = ?").run(now, found.person.id);
    });
    return { ...found, expires: now + IDLE_MS, renewed: true };
  }

  /** The session of this hash, if it has not ended; no use of it. */
  find(hash: string): Session | undefined {
    const row = this.#find.get(hash, this.now() - IDLE_MS);
    if (!row) return undefined;
    const { id, name, role, flows, seen } = row;
    return { hash, person: { id, name, role, flows: readLimit(flows) }, expires: seen + IDLE_MS, renewed: false };
  }

  end(hash: string): void {
    this.db.prepare("DELETE FROM session WHERE hash = ?").run(hash);
  }
}

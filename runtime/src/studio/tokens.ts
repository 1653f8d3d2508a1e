import { type Right, ROLE_RIGHTS, type Role, type TOKEN_SCOPES } from "@parley/shared/api/access";
import type Database from "better-sqlite3";
import { noteIfPossible } from "./database.js";
import { hashOf, newSecret } from "./secrets.js";

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A token without its secret. Times in ms. */
export type TokenRow = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** The only flows it may name. */
  readonly flows: readonly string[] | undefined;
  /** Who made it, by name. */
  readonly by: string;
  readonly created: number;
  readonly expires: number;
  readonly used: number | null;
};

type Stored = Omit<TokenRow, "scopes" | "flows"> & { scopes: string; flows: string | null; role: Role };

/** So that one that was leaked is found: by people, and by the scanners of code hosts. */
const PREFIX = "parley_";
/** A token's last use is written this often. */
const TOUCH_MS = 60_000;
const SELECT = `SELECT token.id, token.name, scopes, flows, person.name AS by, token.created, expires, used, role
  FROM token JOIN person ON person.id = person`;

/** The API tokens. Only hashes are stored. */
export class Tokens {
  constructor(
    private readonly db: Database.Database,
    private readonly now: () => number,
  ) {}

  /** Newest first; expired ones for a month more. */
  all(): TokenRow[] {
    this.db.prepare("DELETE FROM token WHERE expires <= ?").run(this.now() - 30 * 24 * 3_600_000);
    return this.db.prepare<[], Stored>(`${SELECT} ORDER BY token.created DESC, token.id`).all().map(read);
  }

  get(id: string): TokenRow | undefined {
    const row = this.db.prepare<[string], Stored>(`${SELECT} WHERE token.id = ?`).get(id);
    return row && read(row);
  }

  /** @returns its secret, which is nowhere else */
  add(token: Pick<TokenRow, "id" | "name" | "scopes" | "flows" | "expires">, person: string): string {
    const secret = PREFIX + newSecret();
    const { id, name, scopes, flows, expires } = token;
    this.db
      .prepare("INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)")
      .run(
        id,
        hashOf(secret),
        name,
        JSON.stringify(scopes),
        flows ? JSON.stringify(flows) : null,
        person,
        this.now(),
        expires,
      );
    return secret;
  }

  /** The token of a secret, if it is still good; this is a use of it. It is good while its maker may make tokens. */
  use(secret: string): TokenRow | undefined {
    const now = this.now();
    const row = this.db.prepare<[string, number], Stored>(`${SELECT} WHERE hash = ? AND expires > ?`);
    const found = row.get(hashOf(secret), now);
    if (!found || !ROLE_RIGHTS[found.role].includes("access:manage" satisfies Right)) return undefined;
    if (now - (found.used ?? 0) >= TOUCH_MS) {
      noteIfPossible(() => this.db.prepare("UPDATE token SET used = ? WHERE id = ?").run(now, found.id));
    }
    return read(found);
  }

  revoke(id: string): void {
    this.db.prepare("DELETE FROM token WHERE id = ?").run(id);
  }
}

function read({ role: _, ...row }: Stored): TokenRow {
  return {
    ...row,
    scopes: JSON.parse(row.scopes) as TokenScope[],
    flows: row.flows === null ? undefined : (JSON.parse(row.flows) as string[]),
  };
}

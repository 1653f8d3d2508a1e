import type Database from "better-sqlite3";
import type { HandOff } from "./hand-offs.js";

/** Rows of hand-offs: those that are open are few, whatever stands in the table. */
export const HAND_OFF_SCHEMA = `
  CREATE TABLE hand_off (
    sid TEXT NOT NULL, k INTEGER NOT NULL, n INTEGER NOT NULL, flow TEXT NOT NULL, version INTEGER NOT NULL,
    id TEXT NOT NULL, chat TEXT, request TEXT, seq INTEGER NOT NULL, timeout INTEGER, queue TEXT, opened TEXT NOT NULL,
    since TEXT NOT NULL, taken TEXT, takenBy TEXT, holder TEXT, name TEXT, ended TEXT, outcome TEXT, said TEXT,
    saidAt TEXT, texts TEXT NOT NULL, replied INTEGER NOT NULL, PRIMARY KEY (sid, k)
  ) WITHOUT ROWID;
  CREATE INDEX hand_off_open ON hand_off (opened, sid, k) WHERE ended IS NULL;
  CREATE INDEX hand_off_opened ON hand_off (opened, sid, k);
  CREATE INDEX hand_off_ended ON hand_off (ended, sid, k) WHERE ended IS NOT NULL;
`;
const COLUMNS = [
  ...["sid", "k", "n", "flow", "version", "id", "chat", "request", "seq", "timeout", "queue", "opened", "since"],
  ...["taken", "takenBy", "holder", "name", "ended", "outcome", "said", "saidAt", "texts", "replied"],
] as const;

type Row = { readonly [K in keyof HandOff]: HandOff[K] extends readonly number[] ? string : HandOff[K] | null };

/** Writes rows of hand-offs, within transactions of the caller. */
export class HandOffWriter {
  readonly #put: Database.Statement<unknown[]>;
  readonly #erase: Database.Statement<[string]>;

  constructor(db: Database.Database) {
    const places = COLUMNS.map(() => "?").join(", ");
    this.#put = db.prepare(`INSERT OR REPLACE INTO hand_off (${COLUMNS.join(", ")}) VALUES (${places})`);
    this.#erase = db.prepare("DELETE FROM hand_off WHERE sid = ?");
  }

  put(one: HandOff): void {
    const row = { ...one, texts: JSON.stringify(one.texts) } as Readonly<Record<string, unknown>>;
    this.#put.run(...COLUMNS.map((column) => row[column] ?? null));
  }

  erase(sid: string): void {
    this.#erase.run(sid);
  }
}

/** Which hand-offs: those of these flows; undefined: of every flow. */
export type OfFlows = readonly string[] | undefined;

/** What inbox, figures and whoever is told of hand-offs read. Each call is one short reading. */
export class HandOffReader {
  constructor(private readonly db: Database.Database) {}

  /** Those that are open: with a person, or waiting for one; the oldest first. */
  open(flows?: OfFlows): HandOff[] {
    return this.#read("ended IS NULL", [], flows, "opened, sid, k");
  }

  /** How many are with a person, and how many wait; since when the one that waits longest does, ISO 8601. */
  standing(): { readonly held: number; readonly waiting: number; readonly oldest: string | undefined } {
    const select = `SELECT count(holder) AS held, count(*) - count(holder) AS waiting,
      min(CASE WHEN holder IS NULL THEN since END) AS oldest FROM hand_off WHERE ended IS NULL`;
    const row = this.db.prepare<[], { held: number; waiting: number; oldest: string | null }>(select).get()!;
    return { ...row, oldest: row.oldest ?? undefined };
  }

  /** One, open or over. */
  find(sid: string, k: number): HandOff | undefined {
    return this.#read("sid = ? AND k = ?", [sid, k], undefined, "k")[0];
  }

  /** All of a session, the first one first. */
  of(sid: string): HandOff[] {
    return this.#read("sid = ?", [sid], undefined, "k");
  }

  /** Those that were opened in [from, to), ISO 8601, the first one first. */
  opened(from: string, to: string, flows?: OfFlows): HandOff[] {
    return this.#read("opened >= ? AND opened < ?", [from, to], flows, "opened, sid, k");
  }

  /** Those that ended at or after `from`, ISO 8601, the first one first. */
  ended(from: string, flows?: OfFlows): HandOff[] {
    return this.#read("ended >= ?", [from], flows, "ended, sid, k");
  }

  /** Those that are open, or were opened or ended since then, ms. */
  since(ms: number): HandOff[] {
    const from = new Date(ms).toISOString();
    const where = "ended IS NULL OR ended >= ? OR opened >= ?";
    return this.#read(`(${where})`, [from, from], undefined, "opened, sid, k");
  }

  #read(where: string, values: readonly (string | number)[], flows: OfFlows, order: string): HandOff[] {
    const of = flows === undefined ? "" : " AND flow IN (SELECT value FROM json_each(?))";
    return this.db
      .prepare<unknown[], Row>(`SELECT * FROM hand_off WHERE ${where}${of} ORDER BY ${order}`)
      .all(...values, ...(flows === undefined ? [] : [JSON.stringify(flows)]))
      .map(handOffOf);
  }
}

function handOffOf(row: Row): HandOff {
  const filled = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined]));
  return { ...filled, texts: JSON.parse(row.texts) } as HandOff;
}

import type Database from "better-sqlite3";
import type { Part } from "./fold.js";

export const DAY = 86_400_000;
/** `<kind> <name>` → times. */
export type Shares = Readonly<Record<string, number>>;
/** What of a conversation says where it is counted. */
export type Place = Pick<Part, "flow" | "version" | "started">;

/** A conversation's share of every count. */
export function sharesOf(part: Part): Shares {
  const shares: Record<string, number> = { ...part.counts, "status begun": 1, [`status ${part.status}`]: 1 };
  for (const name of Object.keys(part.values)) shares[`value ${name}`] = 1;
  if (part.status === "ended") return shares;
  const at = part.waits ?? part.step;
  if (at !== undefined) shares[`stopped ${at}`] = 1;
  if (part.status === "waiting" && part.waits !== undefined) shares[`waiting ${part.waits}`] = 1;
  return shares;
}

type Change = { times: number; conversations: number };

/** The day on which conversations of a version began, and what changes there, by kind and name. */
type Day = {
  readonly at: readonly [flow: string, version: number, day: number];
  readonly changes: Map<string, Change>;
};

/** Changes of counts, gathered over a transaction: rows of one day share most of them. */
export class Changes {
  readonly #days = new Map<string, Day>();

  add({ flow, version, started }: Place, after: Shares, before: Shares): void {
    const { changes } = this.#day(flow, version, Math.floor(Date.parse(started) / DAY));
    for (const key in after) add(changes, key, after[key]!, before[key] ?? 0);
    for (const key in before) if (after[key] === undefined) add(changes, key, 0, before[key]!);
  }

  #day(flow: string, version: number, day: number): Day {
    const key = `${flow} ${version} ${day}`;
    const known = this.#days.get(key);
    if (known) return known;
    const fresh: Day = { at: [flow, version, day], changes: new Map() };
    this.#days.set(key, fresh);
    return fresh;
  }

  get days(): Iterable<Day> {
    return this.#days.values();
  }
}

function add(changes: Map<string, Change>, key: string, now: number, then: number): void {
  if (now === then) return;
  const change = changes.get(key) ?? { times: 0, conversations: 0 };
  change.times += now - then;
  change.conversations += Math.sign(now) - Math.sign(then);
  changes.set(key, change);
}

const MORE = "times = times + excluded.times, conversations = conversations + excluded.conversations";

/** The tables of counts: by the day on which conversations began, and of all time. */
export class CountTables {
  readonly #count: Database.Statement<unknown[]>;
  readonly #total: Database.Statement<unknown[]>;
  readonly #goneCount: Database.Statement<unknown[]>;
  readonly #goneTotal: Database.Statement<unknown[]>;

  constructor(db: Database.Database) {
    this.#count = db.prepare(`INSERT INTO count VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${MORE}`);
    this.#total = db.prepare(`INSERT INTO total VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${MORE}`);
    this.#goneCount = db.prepare(
      "DELETE FROM count WHERE flow = ? AND version = ? AND day = ? AND kind = ? AND name = ? AND times = 0",
    );
    this.#goneTotal = db.prepare(
      "DELETE FROM total WHERE flow = ? AND version = ? AND kind = ? AND name = ? AND times = 0",
    );
  }

  /** Adds the changes, within a transaction of the caller. */
  write({ days }: Changes): void {
    for (const { at, changes } of days) {
      const [flow, version, day] = at;
      for (const [key, { times, conversations }] of changes) {
        const space = key.indexOf(" ");
        const [kind, name] = [key.slice(0, space), key.slice(space + 1)];
        this.#count.run(flow, version, day, kind, name, times, conversations);
        this.#total.run(flow, version, kind, name, times, conversations);
        if (times >= 0) continue;
        this.#goneCount.run(flow, version, day, kind, name);
        this.#goneTotal.run(flow, version, kind, name);
      }
    }
  }
}

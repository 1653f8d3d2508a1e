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

/** Changes of counts, gathered over a transaction: rows of one day share most of them. */
export class Changes {
  readonly #changes = new Map<string, { times: number; conversations: number }>();

  add({ flow, version, started }: Place, after: Shares, before: Shares): void {
    const day = Math.floor(Date.parse(started) / DAY);
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const [now = 0, then = 0] = [after[key], before[key]];
      if (now === then) continue;
      const place = JSON.stringify([flow, version, day, key]);
      const change = this.#changes.get(place) ?? { times: 0, conversations: 0 };
      change.times += now - then;
      change.conversations += Math.sign(now) - Math.sign(then);
      this.#changes.set(place, change);
    }
  }

  write(db: Database.Database): void {
    const more = "times = times + excluded.times, conversations = conversations + excluded.conversations";
    const count = db.prepare(`INSERT INTO count VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${more}`);
    const total = db.prepare(`INSERT INTO total VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${more}`);
    const goneCount = db.prepare(
      "DELETE FROM count WHERE flow = ? AND version = ? AND day = ? AND kind = ? AND name = ? AND times = 0",
    );
    const goneTotal = db.prepare(
      "DELETE FROM total WHERE flow = ? AND version = ? AND kind = ? AND name = ? AND times = 0",
    );
    for (const [place, { times, conversations }] of this.#changes) {
      const [flow, version, day, key] = JSON.parse(place) as [string, number, number, string];
      const space = key.indexOf(" ");
      const [kind, name] = [key.slice(0, space), key.slice(space + 1)];
      count.run(flow, version, day, kind, name, times, conversations);
      total.run(flow, version, kind, name, times, conversations);
      if (times >= 0) continue;
      goneCount.run(flow, version, day, kind, name);
      goneTotal.run(flow, version, kind, name);
    }
  }
}

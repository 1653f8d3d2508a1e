import { setImmediate as nextTurn } from "node:timers/promises";
import { MESSAGE_BITS, type ProjectionStore } from "./store.js";
import { queries } from "./words.js";

/** Messages looked at in one go: a few ms, which is what others wait for. */
const SLICE = 5_000;
const MESSAGES = 2 ** MESSAGE_BITS;

/**
 * The conversations in which each of the typed words stands. A word that stands in all of them has millions of hits, so
 * they are taken a slice at a time, with everybody else's turn in between. No reading stays open over a turn: nothing
 * that is written, erased or closed meanwhile has to wait for a search.
 */
export async function hitsOf({ db }: Pick<ProjectionStore, "db">, typed: string): Promise<ReadonlySet<number>> {
  const slice = db
    .prepare<[string, number], number>(
      `SELECT rowid FROM said WHERE said MATCH ? AND rowid > ? ORDER BY rowid LIMIT ${SLICE}`,
    )
    .pluck();
  let hits: ReadonlySet<number> | undefined;
  for (const query of queries(typed) ?? []) {
    const found = new Set<number>();
    for (let last = 0; ; await nextTurn()) {
      const messages = slice.all(query, last);
      for (const message of messages) {
        const no = Math.floor(message / MESSAGES);
        if (!hits || hits.has(no)) found.add(no);
      }
      if (messages.length < SLICE) break;
      last = messages.at(-1)!;
    }
    hits = found;
    if (hits.size === 0) break;
  }
  return hits ?? new Set();
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { MESSAGE_BITS, type ProjectionStore } from "./store.js";
import { queries } from "./words.js";

/** Messages looked at in one go: a few ms, which is what others wait for. */
const SLICE = 5_000;
const MESSAGES = 2 ** MESSAGE_BITS;

/**
 * The conversations in which each of the typed words stands. A word that stands in all of them has millions of hits, so
 * they are taken one after the other from a connection of their own, with everybody else's turn in between.
 */
export async function hitsOf({ db, searches }: ProjectionStore, typed: string): Promise<ReadonlySet<number>> {
  let hits: ReadonlySet<number> | undefined;
  for (const query of queries(typed) ?? []) {
    const look = (searches ?? db).prepare<[string], number>("SELECT rowid FROM said WHERE said MATCH ?").pluck();
    const found = new Set<number>();
    let n = 0;
    // Where there is no other connection nothing can be written while one reads: it is read at once.
    for (const at of searches ? look.iterate(query) : look.all(query)) {
      const no = Math.floor(at / MESSAGES);
      if (!hits || hits.has(no)) found.add(no);
      if (++n % SLICE === 0 && searches) await nextTurn();
    }
    hits = found;
    if (hits.size === 0) break;
  }
  return hits ?? new Set();
}

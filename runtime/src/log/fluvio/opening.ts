import type { Place } from "./cursor.js";

/**
 * Where a stream is opened: `index` records behind the first that is left. What it brings has no offsets: the first one
 * is the record of number `first`, and has to have the id `known` where that is known.
 */
export type Opening = {
  readonly index: number;
  readonly first: number;
  readonly known?: string;
};

/** @param read how far the partition was read @param base how many records retention took */
export function opening(read: Place, base: number): Opening {
  // Retention took what follows the place: reading goes on where it lets the partition begin.
  if (read.count < base) return { index: 0, first: base + 1 };
  // With the last record that was read: by its id it is known that the counting is right.
  if (read.count > base && read.id !== "") return { index: read.count - 1 - base, first: read.count, known: read.id };
  return { index: read.count - base, first: read.count + 1 };
}

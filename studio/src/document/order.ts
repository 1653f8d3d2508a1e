/** Moves one name before another, or to the end. */
export type Move = { readonly name: string; readonly before?: string };

/**
 * The fewest moves that bring names into another order; both lists hold the same names, each once.
 * Carried out from first to last.
 */
export function movesBetween(from: readonly string[], to: readonly string[]): Move[] {
  const place = new Map(from.map((name, index) => [name, index]));
  const stays = longestRising(to.map((name) => place.get(name)!));
  const moves: Move[] = [];
  for (let i = to.length - 1; i >= 0; i--) {
    if (stays.has(i)) continue;
    const before = to[i + 1];
    moves.push({ name: to[i]!, ...(before !== undefined && { before }) });
  }
  return moves;
}

/** The indexes of a longest rising subsequence. */
function longestRising(numbers: readonly number[]): Set<number> {
  /** The index of the smallest last number of a rising run of each length. */
  const ends: number[] = [];
  const previous = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]!]! < numbers[i]!) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = i;
  }
  const found = new Set<number>();
  for (let i = ends.at(-1) ?? -1; i >= 0; i = previous[i]!) found.add(i);
  return found;
}

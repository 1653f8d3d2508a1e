/** So many steps of comparing in all: past them there are no suggestions, so that no flow makes check slow. */
const BUDGET = 2_000_000;
const SEARCHES = 20;
/** Longer than this no name of the format is. */
const LONGEST = 200;

/** Finds the name meant by a misspelt one, for the first 20 that ask. */
export class NearestName {
  readonly #names: readonly string[];
  #marks: Int32Array | undefined;
  #searches = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /**
   * The nearest name by added, missing, wrong and swapped characters; undefined when none is near.
   * @param not a name that cannot be meant
   */
  find(wanted: string, not: string): string | undefined {
    if (this.#searches++ >= SEARCHES || wanted.length > LONGEST) return undefined;
    this.#marks ??= Int32Array.from(this.#names, mark);
    let steps = BUDGET / SEARCHES;
    let limit = Math.min(3, Math.floor(wanted.length / 3));
    let best: string | undefined;
    const own = mark(wanted);
    for (let i = 0; i < this.#names.length && limit > 0 && steps > 0; i++) {
      const name = this.#names[i]!;
      // Each edit changes at most two bits of the mark.
      if (Math.abs(name.length - wanted.length) > limit || bits(own ^ this.#marks[i]!) > 2 * limit) continue;
      if (name === not) continue;
      // The ends that are alike are passed over quickly; what is between them is compared in a band.
      steps -= 20 + name.length * (2 * limit + 1);
      const found = distance(wanted, name, limit);
      if (found > limit) continue;
      best = name;
      limit = found - 1;
    }
    return best;
  }
}

/** Which characters a name holds, folded into 32 bits. */
function mark(name: string): number {
  let found = 0;
  for (let i = 0; i < name.length; i++) found |= 1 << (name.charCodeAt(i) & 31);
  return found;
}

function bits(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The Damerau-Levenshtein distance (each part edited once), or more than `limit` when it is beyond. */
export function distance(a: string, b: string, limit: number): number {
  let from = 0;
  while (from < a.length && from < b.length && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  let endA = a.length;
  let endB = b.length;
  while (endA > from && endB > from && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const width = endB - from;
  if (Math.abs(endA - endB) > limit) return limit + 1;
  // Three rows of the table; of each only the band around the diagonal is worked on, and outside of it is too far.
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, j) => j);
  let row: number[] = [];
  for (let i = 1; i <= endA - from; i++) {
    const first = Math.max(1, i - limit);
    const end = Math.min(width, i + limit);
    row[first - 1] = first === 1 ? i : limit + 1;
    row[end + 1] = limit + 1;
    let least = row[first - 1]!;
    for (let j = first; j <= end; j++) {
      const same = a.charCodeAt(from + i - 1) === b.charCodeAt(from + j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(from + i - 1) === b.charCodeAt(from + j - 2) &&
        a.charCodeAt(from + i - 2) === b.charCodeAt(from + j - 1);
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return last[width]!;
}

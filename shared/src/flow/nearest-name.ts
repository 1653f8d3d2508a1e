/** So many steps of comparing in all: past them there are no suggestions, so that no flow makes check slow. */
const BUDGET = 2_000_000;
const SEARCHES = 20;

/** Finds the name meant by a misspelt one, for the first 20 that ask. */
export class NearestName {
  readonly #names: readonly string[];
  #marks: Int32Array | undefined;
  #searches = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** The nearest name by added, missing, wrong and swapped characters; undefined when none is near. */
  find(wanted: string): string | undefined {
    if (this.#searches++ >= SEARCHES) return undefined;
    this.#marks ??= Int32Array.from(this.#names, mark);
    let steps = BUDGET / SEARCHES;
    let limit = Math.min(3, Math.floor(wanted.length / 3));
    let best: string | undefined;
    const own = mark(wanted);
    for (let i = 0; i < this.#names.length && limit > 0 && steps > 0; i++) {
      const name = this.#names[i]!;
      // Each edit changes at most two bits of the mark.
      if (Math.abs(name.length - wanted.length) > limit || bits(own ^ this.#marks[i]!) > 2 * limit) continue;
      steps -= 20 + name.length;
      const found = distance(wanted, name, limit);
      if (found > limit) {
        steps -= name.length * (2 * limit + 1);
        continue;
      }
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
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= endA - from; i++) {
    const row = new Array<number>(width + 1).fill(limit + 1);
    row[0] = i;
    let least = i;
    for (let j = Math.max(1, i - limit); j <= Math.min(width, i + limit); j++) {
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
    before = last;
    last = row;
  }
  return last[width]!;
}

/** A part of a text that another takes the place of, by offsets in the old text. */
export type TextChange = { readonly from: number; readonly to: number; readonly insert: string };

/**
 * What makes one text of another, line by line: what stays the same is not touched, so a caret in it stays where it is.
 * Lines that stand once in both hold the texts together; linear.
 */
export function textChanges(from: string, to: string): TextChange[] {
  if (from === to) return [];
  const old = linesOf(from);
  const now = linesOf(to);
  const pairs = [...anchors(old, now), [old.length, now.length] as const];
  const changes: TextChange[] = [];
  let [at, here, there] = [0, 0, 0];
  for (const [left, right] of pairs) {
    const change = between(old.slice(here, left), now.slice(there, right), at);
    if (change !== undefined) changes.push(change);
    at += length(old.slice(here, left)) + (old[left]?.length ?? 0);
    [here, there] = [left + 1, right + 1];
  }
  return changes;
}

/** Lines with what ends them. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const length = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);

/** Lines that are the same in both, in the same order. */
function anchors(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const places = once(old);
  const others = once(now);
  const found: (readonly [number, number])[] = [];
  let last = -1;
  for (const [index, line] of now.entries()) {
    const at = places.get(line);
    if (at === undefined || at <= last || others.get(line) !== index) continue;
    found.push([at, index]);
    last = at;
  }
  return found;
}

/** The place of each line that stands once. */
function once(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const again = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (places.has(line)) again.add(line);
    places.set(line, index);
  }
  for (const line of again) places.delete(line);
  return places;
}

/** One change between two stretches, without what they begin and end with. */
function between(old: readonly string[], now: readonly string[], at: number): TextChange | undefined {
  const before = old.join("");
  const after = now.join("");
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { from: at + head, to: at + before.length - tail, insert: after.slice(head, after.length - tail) };
}

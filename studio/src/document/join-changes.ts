import { sameJson } from "@parley/shared/flow/json";
import type { Change, ChangeOf } from "./change.js";

/**
 * Two lists of changes as one with the same effect. Of changes to one field or setting, or to where one thing is drawn, only the
 * last stays: a burst of typing or a drag is then as small as a single change.
 */
export function joinChanges(first: readonly Change[], second: readonly Change[]): readonly Change[] {
  const all: Change[] = [];
  const drawn = new Map<string, number>();
  for (const change of [...first, ...second]) {
    const last = all.at(-1);
    const key = drawnKey(change);
    const before = key === undefined ? undefined : drawn.get(key);
    if (before !== undefined && isThere(all[before]!) && isThere(change)) all[before] = inOrderOf(change, all[before]!);
    else if (change.kind === "set" && last?.kind === "set" && isThere(last) && sameField(last, change)) {
      all[all.length - 1] = inOrderOf(change, last);
    } else {
      if (key !== undefined) drawn.set(key, all.length);
      else if (change.kind !== "set") drawn.clear();
      all.push(change);
    }
  }
  return all;
}

/** A choice whose id may have changed is not found by its place a second time. */
const sameField = (first: ChangeOf<"set">, second: ChangeOf<"set">): boolean =>
  sameJson(first.at, second.at) && typeof first.at.at(-1) === "string" && first.at.at(-1) !== "itemId";

/** What is drawn, and what is set, is changed apart from everything else. */
function drawnKey(change: Change): string | undefined {
  if (change.kind === "place") return `place ${change.name}`;
  if (change.kind === "setting") return `setting ${change.key}`;
  return change.kind === "note" || change.kind === "group" ? `${change.kind} ${change.id}` : undefined;
}

/** It is set, and not taken away. */
function isThere(change: Change): boolean {
  switch (change.kind) {
    case "place":
      return change.to !== undefined;
    case "note":
      return change.note !== undefined;
    case "group":
      return change.group !== undefined;
    case "setting":
      return change.value !== undefined;
    default:
      return change.kind === "set" && change.value !== undefined;
  }
}

/** Where a new key goes, the first change of it says. */
function inOrderOf<Kind extends Change & { readonly before?: string }>(change: Kind, first: Change): Kind {
  const { before: _, ...rest } = change;
  const before = "before" in first ? first.before : undefined;
  return { ...rest, ...(before !== undefined && { before }) } as Kind;
}

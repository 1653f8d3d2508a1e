import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import type { Draft } from "./draft.js";
import { joinChanges } from "./join-changes.js";

/** One step of undo. */
export type Entry = {
  readonly label: string;
  readonly changes: readonly Change[];
  readonly inverse: readonly Change[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Entries with the same key, within a second, are one: typing, drags. */
  readonly merge?: string;
  /** The text beside the draft that this did away with: it is there again when this is undone. */
  readonly text?: string;
};
/** The newest entry of each is the last. */
export type History = { readonly past: readonly Entry[]; readonly future: readonly Entry[] };

export const MAX_ENTRIES = 500;
/** So long after the last one a change with the same merge key still joins it, in milliseconds. */
const MERGE_WITHIN = 1000;
export const NO_HISTORY: History = { past: [], future: [] };

/** A new draft and history, and what was changed: for autosave and rebase. Without changes all is as before. */
export type Moved = {
  readonly history: History;
  readonly draft: Draft;
  readonly changes: readonly Change[];
  readonly label?: string;
};

/** Applies changes as one entry. Changes that change nothing leave everything as it was, unless a text goes with them. */
export function commit(
  history: History,
  draft: Draft,
  changes: readonly Change[],
  entry: { readonly label: string; readonly at: number; readonly merge?: string; readonly text?: string },
): Moved {
  const applied = applyAll(draft, changes);
  if (applied.inverse.length === 0 && entry.text === undefined) return { history, draft, changes: [] };
  const last = history.past.at(-1);
  const joins = entry.merge !== undefined && last?.merge === entry.merge && entry.at - last.at <= MERGE_WITHIN;
  // After an undo the entry before is not what was done last.
  const past =
    last && joins && history.future.length === 0
      ? history.past.with(-1, { ...joined(last, changes, applied.inverse), at: entry.at })
      : [...history.past, { ...entry, changes, inverse: applied.inverse }].slice(-MAX_ENTRIES);
  return { history: { past, future: [] }, draft: applied.draft, changes, label: entry.label };
}

/** Applies changes as part of the newest entry, whenever that was: names that follow what was typed. */
export function amend(history: History, draft: Draft, changes: readonly Change[]): Moved {
  const applied = applyAll(draft, changes);
  if (applied.inverse.length === 0) return { history, draft, changes: [] };
  const last = history.past.at(-1);
  const past = last ? history.past.with(-1, joined(last, changes, applied.inverse)) : [];
  return { history: { past, future: [] }, draft: applied.draft, changes };
}

export function undo(history: History, draft: Draft): Moved {
  const entry = history.past.at(-1);
  if (!entry) return { history, draft, changes: [] };
  const next = { past: history.past.slice(0, -1), future: [...history.future, entry] };
  return { history: next, draft: applyAll(draft, entry.inverse).draft, changes: entry.inverse, label: entry.label };
}

export function redo(history: History, draft: Draft): Moved {
  const entry = history.future.at(-1);
  if (!entry) return { history, draft, changes: [] };
  const applied = applyAll(draft, entry.changes);
  const { merge: _, ...done } = { ...entry, inverse: applied.inverse };
  const next = { past: [...history.past, done], future: history.future.slice(0, -1) };
  return { history: next, draft: applied.draft, changes: entry.changes, label: entry.label };
}

const joined = (last: Entry, changes: readonly Change[], inverse: readonly Change[]): Entry => ({
  ...last,
  changes: joinChanges(last.changes, changes),
  inverse: joinChanges(inverse, last.inverse),
});

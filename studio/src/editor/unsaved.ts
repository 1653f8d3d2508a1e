import type { Change } from "../document/change.js";
import type { Conflict } from "../document/conflict.js";
import { type Draft, isObject } from "../document/draft.js";

/** What one tab has changed and the server has not taken: the draft it began with, and the changes since. */
type Unsaved = {
  readonly base: Draft;
  readonly changes: readonly Change[];
  /** What was changed by somebody else too, by the names of `base`, while one has not chosen. */
  readonly conflicts: readonly Conflict[];
  /** The text of the JSON view that does not parse. */
  readonly text?: string;
};

/** The part of `localStorage` that is used. */
export type Storage = {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** Keeps what is unsaved of one flow on this machine: each tab its own. */
export type UnsavedStorage = {
  /** What tabs left behind that are closed, the oldest first; from now on it is this tab's to keep. */
  takeOver(): Unsaved[];
  /** @param leaving the tab may be closed in this moment */
  keep(unsaved: Unsaved, leaving: boolean): void;
  clear(): void;
};

/** A tab that lives and is offline keeps its changes anew with every try, so one that did not for so long is closed. */
const CLOSED_AFTER = 120_000;

/**
 * @param tab this tab's name, asked for when it is needed first
 * @param now milliseconds since 1970
 */
export function unsavedStorage(
  storage: Storage | undefined,
  flowId: string,
  tab: () => string,
  now: () => number,
): UnsavedStorage {
  const prefix = `parley.unsaved.${flowId}/`;
  let own: string | undefined;
  return {
    takeOver() {
      const found: { readonly at: number; readonly unsaved: Unsaved }[] = [];
      for (const key of keysOf(storage, prefix)) {
        const kept = read(storage?.getItem(key) ?? null);
        if (kept && !kept.left && now() - kept.at < CLOSED_AFTER) continue;
        // Also what this version cannot read, now or later.
        storage?.removeItem(key);
        if (kept) found.push(kept);
      }
      return found.sort((a, b) => a.at - b.at).map(({ unsaved }) => unsaved);
    },
    keep(unsaved, leaving) {
      own ??= prefix + tab();
      try {
        storage?.setItem(own, JSON.stringify({ at: now(), left: leaving, unsaved }));
      } catch {
        // The storage is full or closed to this page: the draft is still in the tab, and saving goes on.
      }
    },
    clear() {
      if (own !== undefined) storage?.removeItem(own);
    },
  };
}

function keysOf(storage: Storage | undefined, prefix: string): string[] {
  const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? "");
  return keys.filter((key) => key.startsWith(prefix));
}

/** Undefined: it is not what this version wrote. */
function read(text: string | null): { at: number; left: boolean; unsaved: Unsaved } | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
  if (!isObject(kept) || typeof kept.at !== "number" || !isObject(kept.unsaved)) return undefined;
  const { base, changes, conflicts = [], text: written } = kept.unsaved;
  const isDraft = isObject(base) && isObject(base.flow) && isObject(base.layout) && isObject(base.settings);
  const areChanges =
    Array.isArray(changes) && changes.every((change) => isObject(change) && typeof change.kind === "string");
  const areConflicts =
    Array.isArray(conflicts) &&
    conflicts.every((one) => isObject(one) && Array.isArray(one.changes) && Array.isArray(one.place));
  const isText = written === undefined || typeof written === "string";
  if (!isDraft || !areChanges || !areConflicts || !isText) return undefined;
  return { at: kept.at, left: kept.left === true, unsaved: { ...kept.unsaved, conflicts } as unknown as Unsaved };
}

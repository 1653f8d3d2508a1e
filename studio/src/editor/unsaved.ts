import type { Change } from "../document/change.js";
import { type Draft, isObject } from "../document/draft.js";

/** What one tab has changed and the server has not taken: the draft it began with, and the changes since. */
type Unsaved = {
  readonly base: Draft;
  readonly changes: readonly Change[];
  /** The text of the JSON view that does not parse. */
  readonly text?: string;
};

/** The part of `localStorage` that is used. */
export type Storage = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** Keeps what is unsaved of one flow on this machine. */
export type UnsavedStorage = {
  read(): Unsaved | undefined;
  keep(unsaved: Unsaved): void;
  clear(): void;
};

export function unsavedStorage(storage: Storage | undefined, flowId: string): UnsavedStorage {
  const key = `parley.unsaved.${flowId}`;
  return {
    read: () => readUnsaved(storage?.getItem(key) ?? null),
    keep(unsaved) {
      try {
        storage?.setItem(key, JSON.stringify(unsaved));
      } catch {
        // The storage is full or closed to this page: the draft is still in the tab, and saving goes on.
      }
    },
    clear: () => storage?.removeItem(key),
  };
}

/** Undefined: nothing is kept, or not what this version wrote. */
function readUnsaved(text: string | null): Unsaved | undefined {
  if (text === null) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { base, changes } = value;
  const isDraft = isObject(base) && isObject(base.flow) && isObject(base.layout) && isObject(base.settings);
  const areChanges =
    Array.isArray(changes) && changes.every((change) => isObject(change) && typeof change.kind === "string");
  const isText = value.text === undefined || typeof value.text === "string";
  return isDraft && areChanges && isText ? (value as unknown as Unsaved) : undefined;
}

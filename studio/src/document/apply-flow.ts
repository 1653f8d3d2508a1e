import { itemId } from "@parley/shared/flow/references";
import type { Change, ChangeOf } from "./change.js";
import { type Json, type Place, SCHEMA_KEY } from "./draft.js";
import { addTo, type ListChange, moveIn, removeFrom } from "./list.js";
import { setAt, valueAt } from "./place.js";
import type { Work } from "./work.js";

export function addState({ flow }: Work, { name, state, before }: ChangeOf<"addState">): Change[] {
  if (name === SCHEMA_KEY || flow.has(name)) return [];
  flow.set(name, state, before);
  return [{ kind: "removeState", name }];
}

export function removeState({ flow }: Work, { name }: ChangeOf<"removeState">): Change[] {
  const state = flow.get(name);
  if (name === SCHEMA_KEY || state === undefined) return [];
  const before = flow.after(name);
  flow.remove(name);
  return [{ kind: "addState", name, state, ...(before !== undefined && { before }) }];
}

export function moveState({ flow }: Work, { name, before }: ChangeOf<"moveState">): Change[] {
  const gone = before !== undefined && !flow.has(before);
  if (name === SCHEMA_KEY || name === before || !flow.has(name) || gone) return [];
  const old = flow.after(name);
  flow.move(name, before);
  if (flow.after(name) === old) return [];
  return [{ kind: "moveState", name, ...(old !== undefined && { before: old }) }];
}

/** Sets a field inside a state, or the state as a whole. */
export function edit(work: Work, { at, value, before }: ChangeOf<"set">): Change[] {
  const [name, ...path] = at;
  if (typeof name !== "string") return [];
  const state = work.flow.get(name);
  if (state === undefined) return [];
  if (path.length === 0 && value === undefined) return removeState(work, { kind: "removeState", name });
  const edited = setAt(state, path, value, before);
  if (!edited) return [];
  work.flow.set(name, edited.value);
  const { path: undo, ...old } = edited.undo;
  return [{ kind: "set", at: [name, ...undo], ...old }];
}

/** Adds, takes away or moves a choice. */
export function editList({ flow }: Work, change: ChangeOf<"addItem" | "removeItem" | "moveItem">): Change[] {
  const { at } = change;
  const [name, ...path] = at;
  const state = typeof name === "string" ? flow.get(name) : undefined;
  const list = valueAt(state, path);
  if (typeof name !== "string" || state === undefined || !Array.isArray(list)) return [];
  const changed = listChange(list, change);
  const edited = changed && setAt(state, path, changed.list);
  if (!edited) return [];
  flow.set(name, edited.value);
  return [undoOf(at, changed.undo)];
}

function listChange(list: readonly Json[], change: ChangeOf<"addItem" | "removeItem" | "moveItem">) {
  switch (change.kind) {
    case "addItem":
      return addTo(list, change.item, change.before, itemId);
    case "removeItem":
      return removeFrom(list, change.item, itemId);
    case "moveItem":
      return moveIn(list, change.item, change.before, itemId);
  }
}

function undoOf(at: Place, undo: ListChange<Json>["undo"]): Change {
  if ("remove" in undo) return { kind: "removeItem", at, item: undo.remove };
  if ("list" in undo) return { kind: "set", at, value: undo.list };
  const before = undo.before !== undefined && { before: undo.before };
  if ("move" in undo) return { kind: "moveItem", at, item: undo.move, ...before };
  return { kind: "addItem", at, item: undo.put, ...before };
}

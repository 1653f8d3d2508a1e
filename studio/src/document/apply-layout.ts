import type { Group, Layout, Note } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";
import type { Change, ChangeOf } from "./change.js";
import type { Json } from "./draft.js";
import { addTo, type ListChange, removeFrom, replaceIn } from "./list.js";
import type { Work } from "./work.js";

/** Takes the part away again that a change had to make. */
const unmake = (key: keyof Layout): Change => ({ kind: "layout", key, ifEmpty: true });

export function placeState(work: Work, { name, to, before }: ChangeOf<"place">): Change[] {
  const old = work.positions?.get(name);
  if (to === undefined) {
    if (!work.positions || old === undefined) return [];
    const next = work.positions.after(name);
    work.positions.remove(name);
    return [{ kind: "place", name, to: old, ...(next !== undefined && { before: next }) }];
  }
  if (old && old.x === to.x && old.y === to.y) return [];
  const isNew = !work.positions;
  if (!work.positions) {
    work.layout.set("positions", {});
    work.layoutChanged();
  }
  work.positions!.set(name, to, before);
  const undo: Change = { kind: "place", name, ...(old && { to: old }) };
  return isNew ? [undo, unmake("positions")] : [undo];
}

export const setNote = (work: Work, { id, note, before }: ChangeOf<"note">): Change[] =>
  setElement<Note>(work, "notes", id, note, before, (id, note, before) => ({
    kind: "note",
    id,
    ...(note && { note }),
    ...(before !== undefined && { before }),
  }));

export const setGroup = (work: Work, { id, group, before }: ChangeOf<"group">): Change[] =>
  setElement<Group>(work, "groups", id, group, before, (id, group, before) => ({
    kind: "group",
    id,
    ...(group && { group }),
    ...(before !== undefined && { before }),
  }));

function setElement<Element extends Note | Group>(
  work: Work,
  part: "notes" | "groups",
  id: string,
  element: Element | undefined,
  before: string | undefined,
  change: (id: string, element: Element | undefined, before: string | undefined) => Change,
): Change[] {
  if (element && element.id !== id) return [];
  const found = work.list(part) as Element[] | undefined;
  const list = found ?? [];
  const changed = element
    ? (replaceIn(list, element, id, idOf) ?? addTo(list, element, before, idOf))
    : removeFrom(list, id, idOf);
  if (!changed) return [];
  work.setList(part, [...changed.list] as Layout["notes"] & Layout["groups"]);
  const undo = undoOf(part, changed.undo, change);
  return found ? [undo] : [undo, unmake(part)];
}

function undoOf<Element>(
  part: "notes" | "groups",
  undo: ListChange<Element>["undo"],
  change: (id: string, element: Element | undefined, before: string | undefined) => Change,
): Change {
  if ("remove" in undo) return change(undo.remove, undefined, undefined);
  if ("put" in undo) return change(undo.id, undo.put, undo.before);
  return { kind: "layout", key: part, value: ("list" in undo ? undo.list : []) as Json };
}

const idOf = (element: Note | Group): string => element.id;

/** Sets a whole part of the layout, or takes it away. */
export function setLayoutPart(work: Work, { key, value, before, ifEmpty }: ChangeOf<"layout">): Change[] {
  const { layout } = work;
  const old = layout.get(key);
  if (old === value || (ifEmpty && isFilled(old))) return [];
  const next = layout.after(key);
  if (value === undefined) layout.remove(key);
  else layout.set(key, value as Layout[keyof Layout], before);
  work.layoutChanged();
  if (old === undefined) return [{ kind: "layout", key }];
  const back = value === undefined && next !== undefined && { before: next };
  return [{ kind: "layout", key, value: old as Json, ...back }];
}

const isFilled = (part: Layout[keyof Layout]): boolean =>
  typeof part === "object" ? Object.keys(part).length > 0 : part !== undefined;

export function setSetting({ settings }: Work, { key, value, before, follows }: ChangeOf<"setting">): Change[] {
  const old = settings.get(key) as Json | undefined;
  if (old === value) return [];
  const next = settings.after(key);
  if (value === undefined) settings.remove(key);
  else settings.set(key, value as Settings[keyof Settings], before);
  const by = follows !== undefined && { follows };
  if (old === undefined) return [{ kind: "setting", key, ...by }];
  const back = value === undefined && next !== undefined && { before: next };
  return [{ kind: "setting", key, value: old, ...back, ...by }];
}

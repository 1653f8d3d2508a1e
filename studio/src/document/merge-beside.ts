import { sameJson } from "@parley/shared/flow/json";
import type { Group, Note } from "@parley/shared/flow/layout";
import type { Change, ChangeOf } from "./change.js";
import type { Conflict } from "./conflict.js";
import type { Draft, Json } from "./draft.js";
import { mergeFields } from "./merge-fields.js";

/** What comes of a change of mine on a newer draft. */
export type Merge = { readonly change?: Change; readonly conflict?: Conflict };
/** My draft before the change, and the newer one with what I did before. */
type Sides = { readonly mine: Draft; readonly theirs: Draft };

/** Where and how large a note is drawn, who wrote last, whether it was seen to: one side's is as good as the other's. */
const DRAWN = new Set(["x", "y", "width", "height", "author", "at", "state", "resolved"]);

/** Merges a note field by field. One that a side deleted is missed only if the other wrote in it. */
export function mergeNote(change: ChangeOf<"note">, sides: Sides, nameOf: (state: string) => string): Merge {
  const find = ({ layout }: Draft) => layout.notes?.find(({ id }) => id === change.id);
  const named = (note: Note | undefined) => (note?.state === undefined ? note : { ...note, state: nameOf(note.state) });
  const mine = named(change.note);
  const was = named(find(sides.mine));
  const theirs = find(sides.theirs);
  const conflict = (kind: Conflict["kind"]): Conflict => ({ kind, changes: [change], place: [] });
  if (!mine) return !theirs || theirs.text === was?.text ? { change } : { conflict: conflict("kept") };
  if (was && !theirs) return mine.text === was.text ? {} : { conflict: conflict("deleted") };
  const merged = mergeFields(was as Json | undefined, mine, theirs as Json | undefined, DRAWN);
  return {
    change: { ...change, note: merged.value as Note },
    ...(merged.conflict && { conflict: conflict("field") }),
  };
}

/** Merges a group: who is in it one by one. One that they took away stays away: its steps are still there. */
export function mergeGroup(change: ChangeOf<"group">, sides: Sides, nameOf: (state: string) => string): Merge {
  const find = ({ layout }: Draft) => layout.groups?.find(({ id }) => id === change.id);
  const named = (group: Group | undefined) => group && { ...group, states: group.states.map(nameOf) };
  const was = named(find(sides.mine));
  const mine = named(change.group);
  const theirs = find(sides.theirs);
  if (!mine) return { change };
  if (was && !theirs) return {};
  return { change: { ...change, group: was && theirs ? mergeGroups(was, mine, theirs) : mine } };
}

function mergeGroups(was: Group, mine: Group, theirs: Group): Group {
  if (sameJson(was, theirs)) return mine;
  const before = new Set(was.states);
  const now = new Set(mine.states);
  const stay = theirs.states.filter((name) => now.has(name) || !before.has(name));
  const come = mine.states.filter((name) => !before.has(name) && !theirs.states.includes(name));
  return { ...mine, title: was.title === mine.title ? theirs.title : mine.title, states: [...stay, ...come] };
}

export function mergeSetting(change: ChangeOf<"setting">, sides: Sides): Merge {
  const find = ({ settings }: Draft) => settings[change.key as keyof typeof settings] as Json | undefined;
  const { value: mine, ...set } = change;
  const theirs = find(sides.theirs);
  const merged = mergeFields(find(sides.mine), mine, theirs);
  const conflict: Conflict = {
    kind: "field",
    changes: [change],
    ...(theirs !== undefined && { theirs }),
    ...(mine !== undefined && { mine }),
    place: [],
  };
  return {
    change: { ...set, ...(merged.value !== undefined && { value: merged.value }) },
    // What follows the words gives way to what somebody has written.
    ...(merged.conflict && !change.follows && { conflict }),
  };
}

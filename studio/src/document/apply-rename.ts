import type { Group, Note } from "@parley/shared/flow/layout";
import { idOf, itemId, type Renaming, renameReferences } from "@parley/shared/flow/references";
import type { Change, ChangeOf, PlaceChange } from "./change.js";
import { isObject, type Json, own, SCHEMA_KEY } from "./draft.js";
import { type Fields, isIndex } from "./fields.js";
import { changesOf } from "./state-diff.js";
import type { Work } from "./work.js";

/*
 * What undoes a renaming is the renaming back, and repairs where that would change more or less than was changed: a
 * `next` that led to the new name before anything had it, an id that was a number.
 */

export function renameState(work: Work, { from, to }: ChangeOf<"renameState">): Change[] {
  const { flow } = work;
  if (from === SCHEMA_KEY || to === SCHEMA_KEY || from === to || !flow.has(from) || flow.has(to)) return [];
  const before = flow.after(from);
  flow.rename(from, to);
  const repairs = renameEverywhere(flow, { state: swap(from, to) }, { state: swap(to, from) });
  return [
    { kind: "renameState", from: to, to: from },
    // The way back has given the state its old name.
    ...repairs.map(
      (change): Change => ({ ...change, at: change.at[0] === to ? [from, ...change.at.slice(1)] : change.at }),
    ),
    ...(movesAway(from, to)
      ? [{ kind: "moveState", name: from, ...(before !== undefined && { before }) } as const]
      : []),
    ...renamePosition(work, from, to),
    ...renameInGroups(work, from, to),
    ...renameInNotes(work, from, to),
  ];
}

/** JavaScript moves a name like a number to the front, and the way back does not know where it was. */
const movesAway = (from: string, to: string): boolean => isIndex(to) && !isIndex(from);

function renamePosition({ positions }: Work, from: string, to: string): Change[] {
  if (!positions) return [];
  const repairs: Change[] = [];
  const next = positions.after(from);
  const point = positions.get(from);
  const stale = positions.get(to);
  if (point && movesAway(from, to)) {
    repairs.push({ kind: "place", name: from });
    repairs.push({ kind: "place", name: from, to: point, ...(next !== undefined && { before: next }) });
  }
  if (stale) {
    const before = positions.after(to);
    positions.remove(to);
    repairs.push({ kind: "place", name: to, to: stale, ...(before !== undefined && { before }) });
  }
  if (point) positions.rename(from, to);
  return repairs;
}

function renameInGroups(work: Work, from: string, to: string): Change[] {
  const groups = work.list("groups");
  if (!groups?.some(({ states }) => states.includes(from) || states.includes(to))) return [];
  const renamed = groups.map((group): Group => {
    const states = group.states.filter((name) => name !== to).map((name) => (name === from ? to : name));
    return group.states.includes(from) || group.states.includes(to) ? { ...group, states } : group;
  });
  work.setList("groups", renamed);
  const stale = groups.some(({ states }) => states.includes(to));
  return stale ? [{ kind: "layout", key: "groups", value: groups }] : [];
}

/** A note that named a state before there was one of that name has to be put right on the way back. */
function renameInNotes(work: Work, from: string, to: string): Change[] {
  const notes = work.list("notes") ?? [];
  if (notes.some(({ state }) => state === from)) {
    const renamed = notes.map((note): Note => (note.state === from ? { ...note, state: to } : note));
    work.setList("notes", renamed);
  }
  const stale = notes.some(({ state }) => state === to);
  return stale ? [{ kind: "layout", key: "notes", value: notes }] : [];
}

/** Renames a `groupId`, `sessionId` (with `handOffId`, of one room of names) or `itemId` in every state. */
export function renameId({ flow }: Work, change: ChangeOf<"renameGroup" | "renameChat" | "renameItem">): Change[] {
  const { from, to } = change;
  const used = usedIds(flow, change);
  if (from === to || idOf(to) === undefined || !used.has(from) || used.has(to)) return [];
  const back = { ...change, from: to, to: from };
  return [back, ...renameEverywhere(flow, renaming(flow, change), renaming(flow, back))];
}

function renaming(flow: Fields<Json>, change: ChangeOf<"renameGroup" | "renameChat" | "renameItem">): Renaming {
  const rename = swap(change.from, change.to);
  switch (change.kind) {
    case "renameItem":
      return { item: (group, id) => (group === change.group ? rename(id) : id) };
    case "renameGroup": {
      // `{{id}}` of a question and a text question with one id stays with the text question.
      const shared = usedIds(flow, { kind: "renameChat" }).has(change.from);
      return { group: rename, ...(!shared && { answer: rename }) };
    }
    case "renameChat":
      return { chat: rename, answer: rename };
  }
}

const swap =
  (from: string, to: string) =>
  (name: string): string =>
    name === from ? to : name;

type Ids =
  | { readonly kind: "renameGroup" }
  | { readonly kind: "renameChat" }
  | { readonly kind: "renameItem"; readonly group: string };

/** The ids of one kind that requests and matches have. */
function usedIds(flow: Fields<Json>, ids: Ids): Set<string> {
  const used = new Set<string>();
  const add = (id: string | undefined) => id !== undefined && used.add(id);
  for (const name of flow.keys()) {
    const state = flow.get(name)!;
    if (!isObject(state)) continue;
    for (const part of [own(state, "sendRequest"), own(state, "matchResponse")]) {
      if (!isObject(part)) continue;
      if (ids.kind === "renameGroup") add(idOf(own(part, "groupId")));
      else if (ids.kind === "renameChat") {
        add(idOf(own(part, "sessionId")));
        add(idOf(own(part, "handOffId")));
      } else if (idOf(own(part, "groupId")) === ids.group) {
        add(idOf(own(part, "itemId")));
        const choices = own(part, "choices");
        if (Array.isArray(choices)) for (const choice of choices) add(itemId(choice));
      }
    }
  }
  return used;
}

/** Renames in every state. Returns what is left to set after the way back. */
function renameEverywhere(flow: Fields<Json>, forth: Renaming, back: Renaming): PlaceChange[] {
  const repairs: PlaceChange[] = [];
  for (const name of flow.keys()) {
    const old = flow.get(name)!;
    const renamed = renameReferences(old, forth);
    if (renamed !== old) flow.set(name, renamed);
    repairs.push(...changesOf([name], renameReferences(renamed, back), old));
  }
  return repairs;
}

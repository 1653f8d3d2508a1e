import { sameJson } from "@parley/shared/flow/json";
import { renameReferences } from "@parley/shared/flow/references";
import { factsOf } from "@parley/shared/flow/state-facts";
import type { Change } from "./change.js";
import type { Conflicts } from "./conflict.js";
import type { Draft, Place } from "./draft.js";
import type { Drift } from "./drift.js";
import { indexFlow, matchesOfItem } from "./flow-index.js";
import { groupOf, type NameMap } from "./name-map.js";
import { valueAt } from "./place.js";
import { readSteps, type Step } from "./steps.js";

/** An answer that I deleted and they changed, by the names of the draft. */
export type KeptItem = { readonly group: string; readonly item: string; readonly at: Place };

/**
 * The states that stay though I deleted them, since they changed something of the same step, or the answer.
 * @param gone the states that I deleted, by the names of the newer draft, as all here
 */
export function keptStates(drift: Drift, gone: ReadonlySet<string>, items: readonly KeptItem[]): Set<string> {
  const kept = new Set<string>();
  if (gone.size === 0) return kept;
  const before = readSteps(drift.base);
  const now = readSteps(drift.newer);
  const changed = (state: string) => drift.is([state]) !== undefined && drift.changed([state]);
  for (const name of gone) {
    // A state of a step that stays as a whole goes by itself.
    const states = before.byId.get(name)?.states ?? [name];
    const grew = now.byId.get(name)?.states.some((state) => !states.includes(state)) ?? false;
    if (!grew && !states.some(changed)) continue;
    for (const state of states) if (gone.has(state)) kept.add(state);
  }
  const index = indexFlow(drift.base.flow);
  for (const { group, item } of items) {
    for (const match of matchesOfItem(index, group, item)) if (gone.has(match)) kept.add(match);
  }
  return kept;
}

/**
 * Of what they deleted and I changed: each step, with what would bring it back.
 * @param lost the places (states, choices) in my draft
 */
export function addDeleted(
  conflicts: Conflicts,
  { lost, mine, draft, names }: { lost: readonly Place[]; mine: Draft; draft: Draft; names: NameMap },
): void {
  if (lost.length === 0) return;
  const { stepOf, byId } = readSteps(mine);
  const bySteps = new Map<string, Place[]>();
  for (const at of lost) {
    const step = stepOf.get(at[0] as string);
    if (step !== undefined) bySteps.set(step, [...(bySteps.get(step) ?? []), at]);
  }
  for (const [id, places] of bySteps) {
    const step = byId.get(id)!;
    const changes = [...lostItems(step, places, mine, draft, names), ...lostStates(step, mine, draft, names)];
    const place = [names.state(id)];
    const state = renameReferences(mine.flow[id]!, names.renaming);
    if (changes.length > 0) conflicts.set(place, { kind: "deleted", changes, mine: state, place });
  }
}

function lostStates({ states }: Step, mine: Draft, draft: Draft, names: NameMap): Change[] {
  return states.flatMap((state): Change[] => {
    const name = names.state(state);
    if (Object.hasOwn(draft.flow, name)) return [];
    return [{ kind: "addState", name, state: renameReferences(mine.flow[state]!, names.renaming) }];
  });
}

/** Answers of a question that is still there. */
function lostItems({ id, ports }: Step, lost: readonly Place[], mine: Draft, draft: Draft, names: NameMap): Change[] {
  if (!Object.hasOwn(draft.flow, names.state(id))) return [];
  const group = groupOf(mine.flow[id]);
  return ports.flatMap(({ item, state }): Change[] => {
    if (item === undefined) return [];
    const at: Place = [id, "sendRequest", "choices", { item }];
    if (!lost.some((place) => place[0] === state || sameJson(place, at))) return [];
    const value = names.value(at, valueAt(mine.flow, at)!, group);
    return [{ kind: "addItem", at: names.place(at.slice(0, -1), group), item: value }];
  });
}

/**
 * Of what I deleted and they changed: each step, with what would take it away.
 * @param states those that stay, by the names of the draft
 */
export function addKept(
  conflicts: Conflicts,
  { states, items, draft }: { states: readonly string[]; items: readonly KeptItem[]; draft: Draft },
): void {
  if (states.length === 0) return;
  const { stepOf } = readSteps(draft);
  const removing = new Map<string, Change[]>();
  for (const name of states) {
    const remove: Change = { kind: "removeState", name };
    const { ref, item } = factsOf(draft.flow[name]!);
    const answer = items.find((kept) => kept.group === ref && kept.item === item);
    const conflict = answer && conflicts.get(answer.at);
    const step = stepOf.get(name)!;
    if (conflict) conflicts.set(answer.at, { ...conflict, changes: [...conflict.changes, remove] });
    else removing.set(step, [...(removing.get(step) ?? []), remove]);
  }
  for (const [step, changes] of removing) {
    conflicts.set([step], { kind: "kept", changes, theirs: draft.flow[step]!, place: [step] });
  }
}

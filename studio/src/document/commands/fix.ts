import { applyChanges, type FlowChange } from "@parley/shared/flow/change";
import type { Fix } from "@parley/shared/flow/finding";
import { fromPointer } from "@parley/shared/flow/pointer";
import { itemId } from "@parley/shared/flow/references";
import { type Draft, type FlowJson, isObject, type Json, type Place, type PlaceStep } from "../draft.js";
import { itemIndex } from "../place.js";
import { changesOf } from "../state-diff.js";
import { type CommandResult, refuse } from "./command.js";
import { Plan } from "./plan.js";

/** The fix of a finding as changes of the draft. */
export function applyFix(draft: Draft, { fix }: { readonly fix: Fix }): CommandResult {
  const plan = new Plan(draft);
  for (const change of fix.changes) applyChange(plan, change);
  if (plan.changes.length === 0) return refuse("This has changed since it was found.");
  const select = [...new Set(fix.changes.map(stateOf))].filter((name) => plan.has(name));
  return { changes: plan.changes, select: [...new Set(select.map((name) => plan.steps.stepOf.get(name)!))] };
}

function applyChange(plan: Plan, change: FlowChange): void {
  const { flow } = plan.draft;
  switch (change.kind) {
    case "renameState":
      return plan.do(change);
    case "addState":
      return plan.addState(change.name, change.state, change.after);
    case "set": {
      const at = placeOf(flow, fromPointer(change.pointer));
      return at ? plan.do({ kind: "set", at, value: change.value }) : applyToState(plan, change);
    }
    case "remove": {
      const at = placeOf(flow, fromPointer(change.pointer));
      const last = at?.at(-1);
      if (at && isObject(last)) return plan.do({ kind: "removeItem", at: at.slice(0, -1), item: last.item as string });
      return at ? plan.do({ kind: "set", at }) : applyToState(plan, change);
    }
  }
}

/** For a place inside a list whose elements no id tells apart. */
function applyToState(plan: Plan, change: FlowChange): void {
  const changed = applyChanges(plan.draft.flow, [change]) as FlowJson;
  const name = stateOf(change);
  if (plan.has(name) && Object.hasOwn(changed, name)) {
    plan.do(...changesOf([name], plan.draft.flow[name]!, changed[name]!));
  }
}

/** A pointer as the place that changes use; undefined when an element of a list has no id of its own. */
function placeOf(flow: FlowJson, path: readonly string[]): Place | undefined {
  const place: PlaceStep[] = [];
  let value: Json | undefined = flow;
  for (const step of path) {
    if (Array.isArray(value)) {
      const element: Json | undefined = value[Number(step)];
      const item = itemId(element);
      if (item === undefined || itemIndex(value, item) !== Number(step)) return undefined;
      place.push({ item });
      value = element;
    } else {
      place.push(step);
      value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    }
  }
  return place;
}

const stateOf = (change: FlowChange): string => {
  if (change.kind === "renameState") return change.to;
  return change.kind === "addState" ? change.name : (fromPointer(change.pointer)[0] ?? "");
};

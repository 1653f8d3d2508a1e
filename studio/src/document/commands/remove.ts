import type { Change } from "../change.js";
import type { Draft } from "../draft.js";
import { indexFlow } from "../flow-index.js";
import { type Step, waits } from "../steps.js";
import { type CommandResult, itemOf, refuse } from "./command.js";
import { moveToFront } from "./connect.js";
import { Plan } from "./plan.js";

/**
 * Takes steps, notes and groups (by their keys) away, with the states that only they needed. `reconnect`: what led to
 * them leads to what followed.
 */
export function remove(
  draft: Draft,
  { items, reconnect = false }: { readonly items: readonly string[]; readonly reconnect?: boolean },
): CommandResult {
  const plan = new Plan(draft);
  const steps: string[] = [];
  for (const key of items) {
    const { kind, id } = itemOf(draft, key);
    if (kind === "step") steps.push(id);
    else plan.do({ kind, id });
  }
  const says = removeSteps(
    plan,
    steps.filter((id) => plan.has(id)),
    reconnect,
  );
  if (plan.changes.length === 0) return refuse("Nothing here can be deleted.");
  return { changes: plan.changes, select: [], ...(says !== "" && { says }) };
}

/** Whether `reconnect` would change anything: something leads to the steps, and one way leads on from them. */
export function canReconnect(draft: Draft, items: readonly string[]): boolean {
  const plan = new Plan(draft);
  const removed = removal(
    plan,
    items.filter((id) => plan.has(id)),
  ).states;
  const { facts } = indexFlow(draft.flow);
  for (const [name, { next }] of facts) {
    if (removed.has(name) || next === undefined || !removed.has(next)) continue;
    if (following(plan, removed, next) !== undefined) return true;
  }
  return false;
}

function removeSteps(plan: Plan, steps: readonly string[], reconnect: boolean): string {
  if (steps.length === 0) return "";
  const { states: removed, besides } = removal(plan, steps);
  const start = plan.firstState()!;
  const startGoes = removed.has(start);
  const nextStart = startGoes ? startAfter(plan, removed, start) : undefined;
  const changes: Change[] = [];
  for (const [name, { next }] of indexFlow(plan.draft.flow).facts) {
    if (removed.has(name) || next === undefined || !removed.has(next)) continue;
    const value = reconnect ? following(plan, removed, next) : undefined;
    changes.push({ kind: "set", at: [name, "next"], ...(value !== undefined && { value }) });
  }
  changes.push(...withoutDrawing(plan.draft, removed));
  // From the last on, so that undoing puts each before one that is there.
  for (const name of Object.keys(plan.draft.flow).reverse()) {
    if (removed.has(name)) changes.push({ kind: "removeState", name });
  }
  plan.do(...changes);
  if (nextStart !== undefined) moveToFront(plan, nextStart);
  const says = [];
  if (besides > 0) says.push(`Also deleted ${besides === 1 ? "an answer" : `${besides} answers`} of it.`);
  const now = startGoes ? plan.firstState() : undefined;
  if (now !== undefined) says.push(`The conversation now begins with ‘${plan.steps.byId.get(now)?.title ?? now}’.`);
  return says.join(" ");
}

type Removal = {
  readonly states: ReadonlySet<string>;
  /** States that were not on the cards. */
  readonly besides: number;
};

function removal(plan: Plan, steps: readonly string[]): Removal {
  const { steps: all, byId } = plan.steps;
  const states = new Set<string>();
  for (const id of steps) for (const state of byId.get(id)?.states ?? [id]) states.add(state);
  const shown = states.size;
  // What an unfolded question asks, no other question may ask.
  for (const id of steps) {
    const step = byId.get(id);
    if (!step || step.folded || !waits(step.kind)) continue;
    const others = all.some((other) => other.kind === step.kind && other.ref === step.ref && !states.has(other.id));
    if (!others) for (const match of answersOf(step)) states.add(match);
  }
  return { states, besides: states.size - shown };
}

const answersOf = (step: Step): string[] =>
  step.ports.flatMap((port) => (port.kind === "then" || port.to === undefined ? [] : [port.to, ...(port.more ?? [])]));

/** Where the one way on from removed states leads. */
function following(plan: Plan, removed: ReadonlySet<string>, from: string): string | undefined {
  const found = new Set<string>();
  const seen = new Set<string>();
  const todo = [from];
  while (todo.length > 0 && found.size < 2) {
    const name = todo.pop()!;
    if (!removed.has(name)) found.add(name);
    else if (!seen.has(name)) {
      seen.add(name);
      todo.push(...waysOn(plan, name));
    }
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** Where a state leads: its `next`, or the ways out of the step that it is the request of. */
function waysOn(plan: Plan, name: string): string[] {
  const ports = plan.steps.byId.get(name)?.ports;
  if (!ports) return [plan.facts(name).next].filter((next) => next !== undefined);
  return ports.flatMap(({ to }) => (to === undefined ? [] : [to]));
}

/** The step that the conversation begins with when its start is gone: the one that followed, else the first that can. */
function startAfter(plan: Plan, removed: ReadonlySet<string>, start: string): string | undefined {
  const next = following(plan, removed, start);
  const canStart = ({ id, kind }: Step) => !removed.has(id) && kind !== "answer" && kind !== "end-text";
  const { steps, byId } = plan.steps;
  const step = next === undefined ? undefined : byId.get(next);
  return step && canStart(step) ? step.id : (steps.find(canStart)?.id ?? steps.find(({ id }) => !removed.has(id))?.id);
}

/** Takes states out of the layout; a group of which nothing is left goes as well. */
export function withoutDrawing({ layout }: Draft, states: ReadonlySet<string>): Change[] {
  const changes: Change[] = [];
  for (const name of Object.keys(layout.positions ?? {}).reverse()) {
    if (states.has(name)) changes.push({ kind: "place", name });
  }
  for (const group of layout.groups ?? []) {
    const left = group.states.filter((name) => !states.has(name));
    if (left.length === group.states.length) continue;
    changes.push({ kind: "group", id: group.id, ...(left.length > 0 && { group: { ...group, states: left } }) });
  }
  return changes;
}

import type { Draft } from "../draft.js";
import { type CommandResult, type PortRef, refuse } from "./command.js";
import { Plan } from "./plan.js";

const NO_PORT = "There is no such way out any more.";
const NO_STEP = "This step is not there any more.";

/** Leads a port to a step. */
export function connect(draft: Draft, { from, to }: { readonly from: PortRef; readonly to: string }): CommandResult {
  const plan = new Plan(draft);
  const why = whyNoTarget(plan, to);
  if (why) return refuse(why);
  if (plan.target(from) === to) return { changes: [] };
  const holder = plan.wayOut(from);
  if (holder === undefined) return refuse(NO_PORT);
  plan.setNext(holder, to);
  return { changes: plan.changes };
}

/** The ways out of a step that lead nowhere yet lead where this one does. */
export function leadRest(draft: Draft, { from }: { readonly from: PortRef }): CommandResult {
  const plan = new Plan(draft);
  const to = plan.target(from);
  if (to === undefined) return refuse("It leads nowhere yet itself.");
  const { free } = leadFree(plan, from.step, to);
  if (free === 0) return refuse("All its answers lead somewhere already.");
  return { changes: plan.changes, says: free === 1 ? "One more leads there." : `${free} more lead there.` };
}

/** Takes away where a port leads. */
export function disconnect(draft: Draft, { from }: { readonly from: PortRef }): CommandResult {
  const plan = new Plan(draft);
  if (plan.target(from) === undefined) return { changes: [] };
  const holder = plan.wayOut(from);
  if (holder === undefined) return refuse(NO_PORT);
  plan.setNext(holder, undefined);
  return { changes: plan.changes };
}

/** Puts a step on an edge: the port leads to it, and its ways out that lead nowhere lead on. */
export function splice(draft: Draft, { step, edge }: { readonly step: string; readonly edge: PortRef }): CommandResult {
  const plan = new Plan(draft);
  const why = whyNoTarget(plan, step);
  if (why) return refuse(why);
  const onward = plan.target(edge);
  if (edge.step === step || onward === step) return { changes: [] };
  const holder = plan.wayOut(edge);
  if (holder === undefined) return refuse(NO_PORT);
  plan.setNext(holder, step);
  return { changes: plan.changes, select: [step], ...leadOn(plan, step, onward) };
}

/** The conversation begins with this step: it becomes the first of the file. */
export function setStart(draft: Draft, { step }: { readonly step: string }): CommandResult {
  const plan = new Plan(draft);
  const why = whyNoTarget(plan, step);
  if (why) return refuse(why);
  moveToFront(plan, step);
  return { changes: plan.changes, select: [step] };
}

/** Puts a step on the edge of the start flag: it becomes the start and leads to the start of before. */
export function spliceStart(draft: Draft, { step }: { readonly step: string }): CommandResult {
  const plan = new Plan(draft);
  const why = whyNoTarget(plan, step);
  if (why) return refuse(why);
  const onward = plan.firstState();
  if (onward === step) return { changes: [] };
  moveToFront(plan, step);
  return { changes: plan.changes, select: [step], ...leadOn(plan, step, onward) };
}

/** Its ways out that lead nowhere lead to `to`. */
function leadOn(plan: Plan, id: string, to: string | undefined): { says?: string } {
  if (to === undefined || leadFree(plan, id, to).free > 0) return {};
  return { says: "It leads where it led before; connect it to what should follow." };
}

/** @returns how many there were */
function leadFree(plan: Plan, id: string, to: string): { readonly free: number } {
  const ports = plan.steps.byId.get(id)?.ports ?? [];
  const free = ports.filter((port) => plan.target({ step: id, port: port.id }) === undefined);
  for (const port of free) {
    const holder = plan.wayOut({ step: id, port: port.id });
    if (holder !== undefined) plan.setNext(holder, to);
  }
  return { free: free.length };
}

/** Moves a step to the front of the file, its first state first. */
export function moveToFront(plan: Plan, id: string): void {
  const first = plan.firstState();
  if (first === undefined || first === id) return;
  const others = (plan.steps.byId.get(id)?.states ?? []).filter((state) => state !== id);
  const moving = new Set([id, ...others]);
  // Where they go before: the first state that is not moved itself.
  const before = Object.keys(plan.draft.flow).find((name) => name !== "$schema" && !moving.has(name));
  if (before === undefined) plan.do({ kind: "moveState", name: id, before: first });
  else plan.do(...[id, ...others].map((name) => ({ kind: "moveState", name, before }) as const));
}

/** Why nothing can lead to a step, in a sentence. */
function whyNoTarget(plan: Plan, step: string): string | undefined {
  if (!plan.has(step)) return NO_STEP;
  const { is } = plan.facts(step);
  const isAnswer = is === "choice-match" || is === "text-match";
  return isAnswer ? "An answer follows its question by itself; nothing else can lead to it." : undefined;
}

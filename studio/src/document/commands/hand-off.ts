import { MAX_WAIT_SECONDS } from "@parley/shared/message";
import type { Draft } from "../draft.js";
import { type CommandResult, refuse } from "./command.js";
import { Plan } from "./plan.js";
import { withoutDrawing } from "./remove.js";

const GONE = "This step is not there any more.";

/** Whose work a hand-off is; empty: the queue without a name. */
export function setQueue(
  draft: Draft,
  { step, queue }: { readonly step: string; readonly queue: string },
): CommandResult {
  const plan = new Plan(draft);
  if (plan.steps.byId.get(step)?.kind !== "hand-off") return refuse(GONE);
  const name = queue.trim();
  plan.do({ kind: "set", at: [step, "sendRequest", "queue"], ...(name && { value: name }), before: "content" });
  return { changes: plan.changes, select: [step] };
}

/**
 * How long a visitor waits for a person at most, in seconds; without, until somebody comes. With it comes what follows
 * when nobody has, and without it that goes.
 */
export function setWait(
  draft: Draft,
  { step: id, seconds }: { readonly step: string; readonly seconds: number | undefined },
): CommandResult {
  const plan = new Plan(draft);
  const step = plan.steps.byId.get(id);
  if (step?.kind !== "hand-off" || step.ref === undefined) return refuse(GONE);
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_WAIT_SECONDS)) {
    return refuse("A visitor waits from one second to 24 hours.");
  }
  plan.do({ kind: "set", at: [id, "sendRequest", "timeout"], ...(seconds !== undefined && { value: seconds }) });
  const late = step.ports.find((port) => port.id === "outcome:timeout");
  if (seconds !== undefined && late === undefined) plan.takeOutcome(step.ref, "timeout", plan.lastStateOf(id));
  if (seconds === undefined && late?.state !== undefined) {
    plan.do(...withoutDrawing(draft, new Set([late.state])), { kind: "removeState", name: late.state });
  }
  return { changes: plan.changes, select: [id] };
}

import type { Draft } from "../draft.js";
import { readStates, readSteps, type View } from "../steps.js";
import { type CommandResult, refuse } from "./command.js";

/** Moves a step with its states before another step (absent: to the end): their order in the file. The first is the start. */
export function moveInOrder(
  draft: Draft,
  args: { readonly step: string; readonly before?: string; readonly view?: View },
): CommandResult {
  const { byId } = args.view === "states" ? readStates(draft) : readSteps(draft);
  const step = byId.get(args.step);
  if (!step || step.id === args.before) return refuse("This step is not there any more.");
  const target = args.before === undefined ? undefined : byId.get(args.before);
  if (args.before !== undefined && !target) return refuse("This step is not there any more.");
  // The first that is not moved itself: states of one step need not stand together.
  const before = target?.states[0];
  const changes = step.states.map(
    (name) => ({ kind: "moveState", name, ...(before !== undefined && { before }) }) as const,
  );
  return { changes, select: [step.id] };
}

import { isBlank } from "@parley/shared/flow/blank";
import type { Point } from "@parley/shared/flow/layout";
import type { Change } from "../change.js";
import { type Draft, type FlowJson, stateNames } from "../draft.js";
import { idsOf } from "../names.js";
import { readSteps } from "../steps.js";
import type { CommandResult } from "./command.js";

/** The names and ids that a flow must not have which is put in: those that are there, but for what goes with that. */
export const takenFor = (draft: Draft): { readonly states: ReadonlySet<string>; readonly ids: ReadonlySet<string> } => {
  const flow = isBlank(draft.flow) ? {} : draft.flow;
  return { states: new Set(Object.keys(flow)), ids: idsOf({ ...draft, flow }) };
};

/**
 * Puts a whole flow in, behind what is there; where nothing is written yet it becomes the flow, its first step the start.
 * @param args.flow none of its names and ids are taken (see `takenFor`)
 * @param args.positions where its steps are drawn
 */
export function putFlow(
  draft: Draft,
  { flow, positions }: { readonly flow: FlowJson; readonly positions: ReadonlyMap<string, Point> },
): CommandResult {
  const gone = isBlank(draft.flow) ? stateNames(draft.flow) : [];
  const changes: Change[] = [
    ...gone.map((name): Change => ({ kind: "place", name })),
    ...gone.map((name): Change => ({ kind: "removeState", name })),
    ...stateNames(flow).map((name): Change => ({ kind: "addState", name, state: flow[name]! })),
    ...[...positions].map(([name, { x, y }]): Change => ({ kind: "place", name, to: { x, y } })),
  ];
  const { steps } = readSteps({ flow, layout: {}, settings: {} });
  return { changes, select: steps.map(({ id }) => id) };
}

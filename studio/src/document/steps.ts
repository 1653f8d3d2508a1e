import type { Finding } from "@parley/shared/flow/finding";
import { fromPointer } from "@parley/shared/flow/pointer";
import type { Draft, FlowJson } from "./draft.js";
import { type Reading, readGraph } from "./read-graph.js";
import { rereadGraph } from "./reread-graph.js";
import type { StepGraph, View } from "./step-graph.js";

export { type Edge, type Port, type Step, type StepGraph, type StepKind, type View, waits } from "./step-graph.js";

/**
 * Folds the states of a draft to the steps of a designer. Only the plain shape is folded; every state is in exactly one
 * step, whatever the draft holds. Never throws; linear.
 * @param previous the graph of the draft before: steps and edges that did not change are the same objects again, and
 *   while somebody types or connects, only the steps concerned are read.
 */
export const readSteps = (draft: Draft, previous?: StepGraph): StepGraph => read(draft.flow, "steps", previous);

/** The States view in the same shapes: every state is a step of its own, and what a request opens are its edges. */
export const readStates = (draft: Draft, previous?: StepGraph): StepGraph => read(draft.flow, "states", previous);

/** Flows are never changed: whoever asks again gets the graph that was read. */
const known = { steps: new WeakMap<FlowJson, StepGraph>(), states: new WeakMap<FlowJson, StepGraph>() };
const readings = new WeakMap<StepGraph, Reading>();

function read(flow: FlowJson, view: View, previous: StepGraph | undefined): StepGraph {
  const there = known[view].get(flow);
  if (there) return there;
  const before = previous?.view === view ? readings.get(previous) : undefined;
  const reading = (before && rereadGraph(flow, before)) ?? readGraph(flow, view, before?.graph);
  known[view].set(flow, reading.graph);
  readings.set(reading.graph, reading);
  return reading.graph;
}

/** The step and port that a finding is about; undefined: the flow as a whole. */
export function placeOfFinding(graph: StepGraph, finding: Finding): { step: string; port?: string } | undefined {
  const id = finding.state === undefined ? undefined : graph.stepOf.get(finding.state);
  const step = id === undefined ? undefined : graph.byId.get(id);
  if (!step) return undefined;
  const [, part, field, index] = fromPointer(finding.pointer);
  const isChoice = finding.state === step.id && part === "sendRequest" && field === "choices" && index !== undefined;
  const port = isChoice ? step.ports[Number(index)] : step.ports.find(({ state }) => state === finding.state);
  return { step: step.id, ...(port && { port: port.id }) };
}

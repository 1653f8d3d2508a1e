import { Cards } from "./cards.js";
import type { FlowJson } from "./draft.js";
import { type FlowIndex, indexFlow } from "./flow-index.js";
import { type Folded, fold, type NotFolded } from "./fold.js";
import { edgesOf } from "./step-edges.js";
import type { Step, StepGraph, View } from "./step-graph.js";

export type Folding = {
  /** Each question and text question. In the States view there is none. */
  readonly questions: ReadonlyMap<string, Folded | NotFolded>;
  /** The step of each state. */
  readonly stepOf: ReadonlyMap<string, string>;
};
/** A graph, and what it was made of. */
export type Reading = {
  readonly flow: FlowJson;
  readonly index: FlowIndex;
  readonly folding: Folding;
  readonly graph: StepGraph;
};

/** Reads a flow from the first state to the last. Steps that are as they were in `previous` are the same objects. */
export function readGraph(flow: FlowJson, view: View, previous: StepGraph | undefined): Reading {
  const index = indexFlow(flow);
  const folding = foldAll(index, view);
  const { stepOf } = folding;
  const cards = new Cards(index, folding);
  const steps: Step[] = [];
  for (const name of index.names) {
    if (stepOf.get(name) === name) steps.push(cards.step(name, previous?.byId.get(name)));
  }
  const start = index.names[0] === undefined ? undefined : stepOf.get(index.names[0]);
  const graph: StepGraph = {
    view,
    steps,
    edges: steps.flatMap(edgesOf),
    byId: new Map(steps.map((step) => [step.id, step])),
    stepOf,
    ...(start !== undefined && { start }),
  };
  return { flow, index, folding, graph };
}

function foldAll(index: FlowIndex, view: View): Folding {
  const questions = new Map<string, Folded | NotFolded>();
  const stepOf = new Map<string, string>();
  for (const name of index.names) stepOf.set(name, name);
  for (const name of view === "steps" ? index.names : []) {
    const { is } = index.facts.get(name)!;
    if (is !== "question" && is !== "text" && is !== "hand-off") continue;
    const folded = fold(index, name);
    questions.set(name, folded);
    if ("why" in folded) continue;
    for (const match of folded.matches.values()) stepOf.set(match, name);
    for (const end of folded.ends.values()) stepOf.set(end, name);
  }
  return { questions, stepOf };
}

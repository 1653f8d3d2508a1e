import type { Step } from "../document/steps.js";
import type { CanvasEdge, CanvasNode, Projected, Projection } from "./project.js";
import { sizeOf } from "./size.js";

/** How what depends on one step alone is drawn. */
type Drawing = {
  readonly node: (step: Step, old: CanvasNode) => CanvasNode;
  readonly edge: (old: CanvasEdge) => CanvasEdge;
};

/**
 * The drawing of before, with the steps drawn anew that say something else: while somebody types, that is one of
 * thousands.
 * @param from what `previous` was made of
 * @returns undefined when more is another than what steps say, and everything has to be drawn
 */
export function patch(given: Projected, from: Projected, previous: Projection, draw: Drawing): Projection | undefined {
  const { graph, layout, places } = given;
  if (layout !== from.layout || places !== from.places || graph.edges !== from.graph.edges) return undefined;
  if (graph.steps.length !== from.graph.steps.length || graph.start !== from.graph.start) return undefined;
  const changed = changedSteps(given, from);
  if (changed === undefined) return undefined;
  const nodes = [...previous.nodes];
  const at = indexOf(previous);
  for (const step of changed) {
    const index = at.nodes.get(step.id);
    if (index !== undefined) nodes[index] = draw.node(step, nodes[index]!);
  }
  const edges = [...previous.edges];
  for (const { id } of changed) for (const index of at.edges.get(id) ?? []) edges[index] = draw.edge(edges[index]!);
  const sameEdges = edges.every((edge, index) => edge === previous.edges[index]);
  return {
    nodes: changed.length === 0 ? previous.nodes : nodes,
    edges: sameEdges ? previous.edges : edges,
    boxes: previous.boxes,
  };
}

/** The steps that are other objects, or have other marks; undefined when one has another size, or there are others. */
function changedSteps({ graph, marks }: Projected, from: Projected): Step[] | undefined {
  const changed: Step[] = [];
  for (const [index, step] of graph.steps.entries()) {
    const old = from.graph.steps[index]!;
    if (step !== old && (step.id !== old.id || step.kind !== old.kind || sizeOf(step).height !== sizeOf(old).height))
      return undefined;
    if (step !== old || marks.get(step.id) !== from.marks.get(step.id)) changed.push(step);
  }
  return changed;
}

type Index = { readonly nodes: ReadonlyMap<string, number>; readonly edges: ReadonlyMap<string, readonly number[]> };
const known = new WeakMap<Projection["boxes"], Index>();

/** Where the node of a step is, and the edges at it: the same for as long as only words change. */
function indexOf({ nodes, edges, boxes }: Projection): Index {
  let index = known.get(boxes);
  if (index === undefined) {
    const byStep = new Map<string, number[]>();
    for (const [at, { data }] of edges.entries()) {
      for (const step of new Set([data?.edge?.from, data?.edge?.to])) {
        if (step === undefined) continue;
        const list = byStep.get(step);
        if (list) list.push(at);
        else byStep.set(step, [at]);
      }
    }
    index = { nodes: new Map(nodes.map(({ data }, at) => [data.item, at])), edges: byStep };
    known.set(boxes, index);
  }
  return index;
}

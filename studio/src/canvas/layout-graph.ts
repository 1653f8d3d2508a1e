import type { Point } from "@parley/shared/flow/layout";
import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { Edge, Step, StepGraph } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { entryY, portY, sizeOf } from "./size.js";

/** What is laid out: some steps of a graph, and the edges among them. */
export type LayoutTask = { readonly steps: readonly Step[]; readonly edges: readonly Edge[]; readonly first?: string };

export function layoutTask(graph: StepGraph, only?: ReadonlySet<string>): LayoutTask {
  const steps = only === undefined ? graph.steps : graph.steps.filter(({ id }) => only.has(id));
  const within = new Set(steps.map(({ id }) => id));
  const edges = graph.edges.filter(({ from, to }) => within.has(from) && within.has(to));
  return { steps, edges, ...(graph.start !== undefined && within.has(graph.start) && { first: graph.start }) };
}

/**
 * The task as a graph for ELK's layered layout, left to right. What closes a loop is left out, so that every other edge
 * goes forward; the first step stands in the first layer.
 */
export function elkGraph({ steps, edges, first }: LayoutTask): ElkNode {
  const closing = loopEdges(steps, edges, first);
  const numbers = new Map(steps.map(({ id }, index) => [id, index]));
  return {
    id: "flow",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.separateConnectedComponents": "false",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.layered.crossingMinimization.strategy": "LAYER_SWEEP",
      "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
      "elk.layered.nodePlacement.favorStraightEdges": "true",
      "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP.across),
      "elk.spacing.nodeNode": String(GAP.down),
      "elk.layered.spacing.edgeNodeBetweenLayers": "20",
      "elk.spacing.edgeNode": "16",
      "elk.spacing.edgeEdge": "10",
    },
    children: steps.map((step, index) => ({
      id: String(index),
      ...sizeOf(step),
      layoutOptions: {
        "elk.portConstraints": "FIXED_POS",
        ...(step.id === first && { "elk.layered.layering.layerConstraint": "FIRST" }),
      },
      ports: [
        { id: `${index}<`, x: 0, y: entryY(step), width: 0, height: 0, layoutOptions: { "elk.port.side": "WEST" } },
        ...outgoing(step).map((port, order) => ({
          id: `${index}>${order}`,
          x: CARD.width,
          y: portY(step, port),
          width: 0,
          height: 0,
          layoutOptions: { "elk.port.side": "EAST" },
        })),
      ],
    })),
    edges: edges.flatMap((edge, index) => {
      const from = numbers.get(edge.from)!;
      const to = numbers.get(edge.to)!;
      // What closes a loop says nothing about what comes before what, and is drawn below the cards.
      if (closing.has(edge)) return [];
      const order = Math.max(0, outgoing(steps[from]!).indexOf(edge.port));
      return [{ id: `e${index}`, sources: [`${from}>${order}`], targets: [`${to}<`] }];
    }),
  };
}

/** Ports of a step from top to bottom; a step without one has a port for what is implied. */
const outgoing = (step: Step): string[] => (step.ports.length > 0 ? step.ports.map(({ id }) => id) : ["then"]);

/** Positions by step, with the top left corner of all (or the first step) at the origin. */
export function positionsOf({ steps, first }: LayoutTask, laidOut: ElkNode): Map<string, Point> {
  const children = laidOut.children ?? [];
  const places = steps.map((step, index): [string, Point] => {
    const { x = 0, y = 0 } = children[index] ?? {};
    return [step.id, { x: Math.round(x), y: Math.round(y) }];
  });
  const origin = places.find(([id]) => id === first)?.[1] ?? {
    x: Math.min(...places.map(([, { x }]) => x)),
    y: Math.min(...places.map(([, { y }]) => y)),
  };
  return new Map(places.map(([id, { x, y }]) => [id, { x: x - origin.x, y: y - origin.y }]));
}

/** The edges that lead back to a step that is on the way: without them the graph has no loop. Depth first, no recursion. */
export function loopEdges(steps: readonly Step[], edges: readonly Edge[], first?: string): ReadonlySet<Edge> {
  const out = new Map<string, Edge[]>(steps.map(({ id }) => [id, []]));
  for (const edge of edges) out.get(edge.from)?.push(edge);
  const closing = new Set<Edge>();
  const state = new Map<string, "open" | "done">();
  const roots = first === undefined ? [] : [first];
  for (const root of [...roots, ...steps.map(({ id }) => id)]) {
    if (state.has(root)) continue;
    const way = [{ id: root, next: 0 }];
    state.set(root, "open");
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const edge = out.get(here.id)?.[here.next++];
      if (edge === undefined) {
        state.set(here.id, "done");
        way.pop();
      } else if (state.get(edge.to) === "open") closing.add(edge);
      else if (!state.has(edge.to)) {
        state.set(edge.to, "open");
        way.push({ id: edge.to, next: 0 });
      }
    }
  }
  return closing;
}

import type { Group, Layout, Note, Point } from "@parley/shared/flow/layout";
import type { Edge as FlowEdge, Node } from "@xyflow/react";
import type { Marks } from "../app/editor/shown-findings.js";
import type { Edge, Step, StepGraph } from "../document/steps.js";
import { START } from "./node-ids.js";
import { noteNodes } from "./note-nodes.js";
import { patch } from "./patch.js";
import { groupNode, rectOf, startFlag, stepNode, wayEdge } from "./project-parts.js";
import type { Rect } from "./size.js";

/**
 * Between the document and React Flow: only this file and its parts (project-parts.ts) know both. Nodes and edges of what did not change are the same
 * objects again, so nothing of them is drawn again.
 */

export type StepData = { readonly item: string; readonly step: Step; readonly marks: Marks | undefined };
export type NoteData = { readonly item: string; readonly note: Note };
export type GroupData = { readonly item: string; readonly group: Group; readonly members: readonly string[] };
type StartData = { readonly item: typeof START; readonly step: string };
export type CanvasNode =
  | Node<StepData, "card">
  | Node<StepData, "pill">
  | Node<NoteData, "note">
  | Node<GroupData, "group">
  | Node<StartData, "start">;
type EdgeData = {
  /** Absent: the edge of the start flag. */
  readonly edge: Edge | undefined;
  readonly from?: Step;
  readonly to?: Step;
  readonly label: string;
  readonly fromDepth: number;
  readonly toDepth: number;
};
export type CanvasEdge = FlowEdge<EdgeData, "way">;

export type Projection = {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly CanvasEdge[];
  /** Nodes for whoever draws their boxes only: the same list while nothing but words changes. */
  readonly boxes: readonly CanvasNode[];
};
export type Projected = {
  readonly graph: StepGraph;
  readonly layout: Layout;
  readonly places: ReadonlyMap<string, Point>;
  readonly marks: ReadonlyMap<string, Marks>;
};

/** With more steps than this no loop looks for a free way: it would cost more than it shows. */
const MANY = 400;
/** What each drawing was made of. */
const madeOf = new WeakMap<Projection, Projected>();

/** Draws a graph. `previous` is what it was before. */
export function project(given: Projected, previous?: Projection): Projection {
  const from = previous && madeOf.get(previous);
  const drawing = (from && patch(given, from, previous, drawingOf(given))) ?? projectAll(given, previous);
  madeOf.set(drawing, given);
  return drawing;
}

/** How one node or edge is drawn anew where it is. */
function drawingOf(given: Projected) {
  const { graph, places, marks } = given;
  return {
    node: (step: Step, old: CanvasNode) => stepNode(step, old.position, marks.get(step.id), old),
    edge: (old: CanvasEdge): CanvasEdge => {
      const edge = old.data?.edge;
      const from = edge && graph.byId.get(edge.from);
      const to = edge && graph.byId.get(edge.to);
      const made = from && to && wayEdge(edge, from, to, given, cardsOf(graph, places));
      return made === undefined || sameEdge(old, made) ? old : made;
    },
  };
}

function projectAll(given: Projected, previous: Projection | undefined): Projection {
  const { graph, layout } = given;
  const before = finder(previous?.nodes ?? [], ({ data }) => data.item);
  const kept = <Kept extends CanvasNode>(made: Kept): Kept => {
    const old = before(made.data.item, nodes.length);
    return old !== undefined && sameNode(old, made) ? (old as Kept) : made;
  };
  const nodes: CanvasNode[] = [];
  for (const group of layout.groups ?? []) {
    const node = groupNode(group, given);
    if (node !== undefined) nodes.push(kept(node));
  }
  for (const node of noteNodes(given, cardsOf(graph, given.places))) nodes.push(kept(node));
  for (const step of graph.steps) {
    const place = given.places.get(step.id);
    if (place === undefined) continue;
    nodes.push(stepNode(step, place, given.marks.get(step.id), before(step.id, nodes.length)));
  }
  const edges = projectEdges(given, previous);
  const start = startFlag(given);
  if (start !== undefined) {
    nodes.push(kept(start.node));
    const old = previous?.edges.at(-1);
    edges.push(old?.id === start.edge.id && old.target === start.edge.target ? old : start.edge);
  }
  const drawn = sameList(nodes, previous?.nodes);
  const boxes = previous !== undefined && drawn === previous.nodes ? previous.boxes : drawn;
  return { nodes: drawn, edges: sameList(edges, previous?.edges), boxes };
}

/** The cards that a loop goes round. */
const cardsOf = (graph: StepGraph, places: ReadonlyMap<string, Point>): readonly Rect[] =>
  graph.steps.length > MANY ? [] : graph.steps.flatMap(({ id }) => rectOf(id, graph, places) ?? []);

function projectEdges(given: Projected, previous: Projection | undefined): CanvasEdge[] {
  const { graph, places } = given;
  const before = finder(previous?.edges ?? [], ({ data }) => data?.edge);
  const cards = cardsOf(graph, places);
  const edges: CanvasEdge[] = [];
  for (const edge of graph.edges) {
    const from = graph.byId.get(edge.from);
    const to = graph.byId.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const old = before(edge, edges.length);
    // Where no loop looks for a free way, an edge depends on its two steps and on nothing else.
    const same = cards.length === 0 && old?.data?.from === from && old.data.to === to;
    const made = same ? old : wayEdge(edge, from, to, given, cards);
    if (made !== undefined) edges.push(old !== undefined && (same || sameEdge(old, made)) ? old : made);
  }
  return edges;
}

/** Finds things of a list by their key: at once where they are at their places still, as they are while somebody types. */
function finder<Item, Key>(list: readonly Item[], keyOf: (item: Item) => Key) {
  let byKey: Map<Key, Item> | undefined;
  return (key: Key, index: number): Item | undefined => {
    const there = list[index];
    if (there !== undefined && keyOf(there) === key) return there;
    byKey ??= new Map(list.map((item) => [keyOf(item), item]));
    return byKey.get(key);
  };
}

/** The list of before, when it has the same things in it: React Flow reads a new list from end to end. */
function sameList<Item>(list: readonly Item[], before: readonly Item[] | undefined): readonly Item[] {
  return before?.length === list.length && list.every((item, index) => item === before[index]) ? before : list;
}

function sameNode(a: CanvasNode, b: CanvasNode): boolean {
  if (a.position.x !== b.position.x || a.position.y !== b.position.y) return false;
  if (a.width !== b.width || a.height !== b.height) return false;
  if ("note" in a.data && "note" in b.data) return a.data.note === b.data.note;
  if ("group" in a.data && "group" in b.data) {
    // The steps it is around may be called otherwise, and the group be as it was.
    return a.data.group === b.data.group && sameList(a.data.members, b.data.members) === b.data.members;
  }
  return a.data.item === START && "step" in a.data && "step" in b.data && a.data.step === b.data.step;
}

function sameEdge(a: CanvasEdge, b: CanvasEdge): boolean {
  return (
    a.data?.edge === b.data?.edge &&
    a.data?.label === b.data?.label &&
    a.data?.fromDepth === b.data?.fromDepth &&
    a.data?.toDepth === b.data?.toDepth &&
    a.sourceHandle === b.sourceHandle
  );
}

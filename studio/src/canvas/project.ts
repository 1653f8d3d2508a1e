import type { Group, Layout, Note, Point } from "@parley/shared/flow/layout";
import { type Edge as FlowEdge, type Node, type NodeHandle, Position } from "@xyflow/react";
import type { Marks } from "../app/editor/shown-findings.js";
import { itemKey } from "../document/commands/command.js";
import type { Edge, Step, StepGraph } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { clearance } from "./curve.js";
import { patch } from "./patch.js";
import { around, entryY, portY, type Rect, sizeOf } from "./size.js";

/**
 * Between the document and React Flow: the one file that knows both. Nodes and edges of what did not change are the same
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

/** The item of the start flag: no state has this name. */
export const START = "\u0000start";

/** React Flow looks ids up by selectors, so what would end a string in one is written otherwise. */
export const nodeId = (item: string): string =>
  `n-${item.replace(/[^\p{L}\p{N}_-]/gu, (c) => `.${c.codePointAt(0)}.`)}`;
export const handleId = (port: string): string => port.replace(/["\\\n\r\f]/g, (c) => `%${c.codePointAt(0)}`);
/** The id of a card's element, for `aria-activedescendant`. */
export const elementId = (item: string, port?: string): string =>
  port === undefined ? `step-${nodeId(item)}` : `step-${nodeId(item)}-${nodeId(port)}`;
export const ENTRY = "in";
/** With more steps than this no loop looks for a free way: it would cost more than it shows. */
const MANY = 400;
/** What an edge says is said by the step it begins at. */
const HIDDEN = { "aria-hidden": true } as const;
const BARE = { "aria-roledescription": undefined } as const;

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
  for (const note of layout.notes ?? []) nodes.push(kept(noteNode(note)));
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

function stepNode(step: Step, position: Point, marks: Marks | undefined, old: CanvasNode | undefined): CanvasNode {
  if (old !== undefined && "marks" in old.data && old.data.step === step && old.data.marks === marks) {
    if (old.position.x === position.x && old.position.y === position.y) return old;
  }
  const size = sizeOf(step);
  return {
    id: nodeId(step.id),
    type: step.kind === "answer" ? "pill" : "card",
    position,
    ...size,
    measured: size,
    handles: handlesOf(step),
    data: { item: step.id, step, marks },
    ariaRole: "presentation",
    domAttributes: BARE,
  };
}

/**
 * Where edges begin and end on a card. React Flow measures cards that are on the screen: what it finds there is this, so
 * no edge moves when its card comes into view.
 */
function handlesOf(step: Step): NodeHandle[] {
  const ports = step.ports.length > 0 ? step.ports.map(({ id }) => id) : ["open"];
  return [
    handle("target", ENTRY, 0, entryY(step), 1),
    ...ports.map((port) => handle("source", handleId(port), CARD.width, portY(step, port), CARD.dot)),
  ];
}

/** A handle by its middle. */
function handle(type: NodeHandle["type"], id: string, x: number, y: number, size: number): NodeHandle {
  const position = type === "source" ? Position.Right : Position.Left;
  return { id, type, position, x: x - size / 2, y: y - size / 2, width: size, height: size };
}

function noteNode(note: Note): CanvasNode {
  const size = { width: note.width ?? CARD.noteWidth, height: note.height ?? CARD.noteHeight };
  const item = itemKey("note", note.id);
  return {
    id: nodeId(item),
    type: "note",
    position: { x: note.x, y: note.y },
    ...size,
    measured: size,
    handles: [],
    data: { item, note },
    ariaRole: "presentation",
    domAttributes: BARE,
  };
}

/** A group's frame follows from where its steps are. */
function groupNode(group: Group, { graph, places }: Projected): CanvasNode | undefined {
  const members = [...new Set(group.states.flatMap((state) => graph.stepOf.get(state) ?? []))];
  const frame = around(members.flatMap((id) => rectOf(id, graph, places) ?? []));
  if (frame === undefined) return undefined;
  const size = { width: frame.width + 2 * GAP.group, height: frame.height + 2 * GAP.group + GAP.groupHead };
  const item = itemKey("group", group.id);
  return {
    id: nodeId(item),
    type: "group",
    position: { x: frame.x - GAP.group, y: frame.y - GAP.group - GAP.groupHead },
    ...size,
    measured: size,
    handles: [],
    zIndex: -1,
    // Only its title is met by the pointer: what lies behind the frame stays in reach.
    style: { pointerEvents: "none" },
    data: { item, group, members },
    dragHandle: ".parley-group-head",
    ariaRole: "presentation",
    domAttributes: BARE,
  };
}

function startFlag({ graph, places }: Projected): { node: CanvasNode; edge: CanvasEdge } | undefined {
  const step = graph.start === undefined ? undefined : graph.byId.get(graph.start);
  const place = step && places.get(step.id);
  if (step === undefined || place === undefined) return undefined;
  const size = { width: CARD.flagWidth, height: CARD.flagHeight };
  const y = entryY(step);
  return {
    node: {
      id: nodeId(START),
      type: "start",
      position: { x: place.x - size.width - GAP.down, y: place.y + y - size.height / 2 },
      ...size,
      measured: size,
      handles: [handle("source", "out", size.width, size.height / 2, 1)],
      selectable: false,
      data: { item: START, step: step.id },
      ariaRole: "presentation",
      domAttributes: BARE,
    },
    edge: {
      id: nodeId(START),
      type: "way",
      source: nodeId(START),
      sourceHandle: "out",
      target: nodeId(step.id),
      targetHandle: ENTRY,
      selectable: false,
      data: { edge: undefined, label: "Start", fromDepth: 0, toDepth: 0 },
      ariaRole: "presentation",
      domAttributes: HIDDEN,
    },
  };
}

function wayEdge(
  edge: Edge,
  from: Step,
  to: Step,
  { places }: Projected,
  cards: readonly Rect[],
): CanvasEdge | undefined {
  const source = places.get(edge.from);
  const target = places.get(edge.to);
  if (source === undefined || target === undefined) return undefined;
  const ends = {
    from: { x: source.x + CARD.width, y: source.y + portY(from, edge.port) },
    to: { x: target.x, y: target.y + entryY(to) },
    fromDepth: sizeOf(from).height - portY(from, edge.port),
    toDepth: sizeOf(to).height - entryY(to),
  };
  return {
    id: `e-${nodeId(edge.id)}`,
    type: "way",
    source: nodeId(edge.from),
    sourceHandle: from.ports.length > 0 ? handleId(edge.port) : "open",
    target: nodeId(edge.to),
    targetHandle: ENTRY,
    selectable: edge.kind === "next",
    data: {
      edge,
      from,
      to,
      label: portLabel(from, edge.port),
      fromDepth: ends.fromDepth + clearance(ends, cards),
      toDepth: ends.toDepth,
    },
    ariaRole: "presentation",
    domAttributes: HIDDEN,
  };
}

/** What a way out is called, in words. */
export function portLabel(step: Step, port: string): string {
  const found = step.ports.find(({ id }) => id === port);
  if (found === undefined || found.kind === "then") return "Then";
  return found.kind === "other-text" ? "Anything else" : found.label;
}

export function rectOf(id: string, graph: StepGraph, places: ReadonlyMap<string, Point>): Rect | undefined {
  const step = graph.byId.get(id);
  const place = places.get(id);
  return step && place && { ...place, ...sizeOf(step) };
}

function sameNode(a: CanvasNode, b: CanvasNode): boolean {
  if (a.position.x !== b.position.x || a.position.y !== b.position.y) return false;
  if (a.width !== b.width || a.height !== b.height) return false;
  if ("note" in a.data && "note" in b.data) return a.data.note === b.data.note;
  if ("group" in a.data && "group" in b.data) return a.data.group === b.data.group;
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

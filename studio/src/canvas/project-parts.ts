import type { Group, Point } from "@parley/shared/flow/layout";
import { type NodeHandle, Position } from "@xyflow/react";
import type { Marks } from "../app/editor/shown-findings.js";
import { itemKey } from "../document/commands/command.js";
import type { Edge, Step, StepGraph } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { clearance } from "./curve.js";
import { ENTRY, handleId, nodeId, START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode, Projected } from "./project.js";
import { around, entryY, portY, type Rect, sizeOf } from "./size.js";

/** What an edge says is said by the step it begins at. */
const HIDDEN = { "aria-hidden": true } as const;
export const BARE = { "aria-roledescription": undefined } as const;

export function stepNode(
  step: Step,
  position: Point,
  marks: Marks | undefined,
  old: CanvasNode | undefined,
): CanvasNode {
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

/** A group's frame follows from where its steps are. */
export function groupNode(group: Group, { graph, places }: Projected): CanvasNode | undefined {
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

export function startFlag({ graph, places }: Projected): { node: CanvasNode; edge: CanvasEdge } | undefined {
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

export function wayEdge(
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

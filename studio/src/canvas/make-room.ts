import type { Point } from "@parley/shared/flow/layout";
import type { PortRef } from "../document/commands/command.js";
import type { StepGraph } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { rectOf } from "./project-parts.js";
import { entryY, portY, type Size } from "./size.js";

export type Room = {
  /** Where the card that comes in between goes. */
  readonly at: Point;
  /** What has to move aside for it: all that follows and stands further right. */
  readonly moved: ReadonlyMap<string, Point>;
};

/** Room for a card between a way out and where it leads, so that both edges go forward. */
export function makeRoom(
  graph: StepGraph,
  places: ReadonlyMap<string, Point>,
  edge: PortRef,
  size: Size,
): Room | undefined {
  const step = graph.byId.get(edge.step);
  const to = graph.edges.find(({ from, port }) => from === edge.step && port === edge.port)?.to;
  const source = rectOf(edge.step, graph, places);
  const target = to === undefined ? undefined : rectOf(to, graph, places);
  const next = to === undefined ? undefined : graph.byId.get(to);
  if (step === undefined || next === undefined || source === undefined || target === undefined) return undefined;
  const y = source.y + portY(step, edge.port) - entryY(step);
  const gap = target.x - source.x - source.width;
  // A way back: the card stands behind where it comes from.
  if (gap < 0) return { at: { x: source.x + source.width + GAP.across, y }, moved: new Map() };
  const wanted = 2 * GAP.across + size.width;
  if (gap >= size.width + GAP.across)
    return { at: { x: source.x + source.width + (gap - size.width) / 2, y: (y + target.y) / 2 }, moved: new Map() };
  const moved = new Map<string, Point>();
  for (const id of following(graph, next.id)) {
    const place = places.get(id);
    if (place !== undefined && place.x >= target.x && id !== edge.step)
      moved.set(id, { x: place.x + wanted - gap, y: place.y });
  }
  return { at: { x: source.x + CARD.width + GAP.across, y }, moved };
}

/** A step and all that can come after it. */
function following(graph: StepGraph, from: string): ReadonlySet<string> {
  const out = targetsOf(graph);
  const seen = new Set([from]);
  for (const id of seen) for (const to of out.get(id) ?? []) seen.add(to);
  return seen;
}

function targetsOf({ edges }: StepGraph): ReadonlyMap<string, string[]> {
  const out = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const targets = out.get(from);
    if (targets === undefined) out.set(from, [to]);
    else targets.push(to);
  }
  return out;
}

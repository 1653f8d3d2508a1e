import type { StepGraph } from "../document/steps.js";
import { type Rect, rowsOf } from "./size.js";

export type Direction = "left" | "right" | "up" | "down";
/** Where the keyboard is: a step, note or group, or a way out of a step. */
export type Spot = { readonly item: string; readonly port?: string | undefined };

/**
 * Where an arrow key leads: right and left along edges, up and down among the ways out of a step, and from step to step
 * among those that follow the same one. Where no edge leads, to what lies nearest that way.
 * @param cameFrom the step walked over last: the way back to it is taken first
 */
export function walk(
  graph: StepGraph,
  rects: ReadonlyMap<string, Rect>,
  from: Spot,
  direction: Direction,
  cameFrom?: string,
): Spot | undefined {
  const step = graph.byId.get(from.item);
  if (step === undefined) return nearest(rects, from.item, direction);
  const rows = rowsOf(step);
  const row = rows.findIndex(({ id }) => id === from.port);
  if (row >= 0) {
    if (direction === "left") return { item: step.id };
    if (direction === "right") return rows[row]!.to === undefined ? undefined : { item: rows[row]!.to! };
    const next = rows[row + (direction === "down" ? 1 : -1)];
    if (next !== undefined) return { item: step.id, port: next.id };
    return direction === "up" ? { item: step.id } : nearest(rects, step.id, direction);
  }
  switch (direction) {
    case "right": {
      if (rows[0] !== undefined) return { item: step.id, port: rows[0].id };
      const edge = graph.edges.find((edge) => edge.from === step.id);
      return edge === undefined ? nearest(rects, step.id, direction) : { item: edge.to };
    }
    case "left":
      return back(graph, step.id, cameFrom) ?? nearest(rects, step.id, direction);
    default:
      return sibling(graph, rects, step.id, direction) ?? nearest(rects, step.id, direction);
  }
}

function back(graph: StepGraph, step: string, cameFrom: string | undefined): Spot | undefined {
  const incoming = graph.edges.filter((edge) => edge.to === step);
  const edge = incoming.find(({ from }) => from === cameFrom) ?? incoming[0];
  const before = edge && graph.byId.get(edge.from);
  if (edge === undefined || before === undefined) return undefined;
  return rowsOf(before).some(({ id }) => id === edge.port) ? { item: before.id, port: edge.port } : { item: before.id };
}

/** The next, from top to bottom, of the steps that follow the same step. */
function sibling(
  graph: StepGraph,
  rects: ReadonlyMap<string, Rect>,
  step: string,
  direction: "up" | "down",
): Spot | undefined {
  const parents = new Set(graph.edges.filter(({ to }) => to === step).map(({ from }) => from));
  const siblings = new Set(graph.edges.filter(({ from }) => parents.has(from)).map(({ to }) => to));
  const here = rects.get(step);
  if (here === undefined) return undefined;
  const sign = direction === "down" ? 1 : -1;
  let best: { item: string; distance: number } | undefined;
  for (const item of siblings) {
    const rect = rects.get(item);
    // What stands in another column is not next to it, whatever leads there.
    if (item === step || rect === undefined || Math.abs(rect.x - here.x) > here.width) continue;
    const distance = (rect.y - here.y) * sign;
    if (distance > 0 && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { item, distance };
  }
  return best && { item: best.item };
}

/** What lies nearest in a direction: what is straight ahead counts as nearer than what is aside. */
export function nearest(rects: ReadonlyMap<string, Rect>, from: string, direction: Direction): Spot | undefined {
  const here = rects.get(from);
  if (here === undefined) return undefined;
  const middle = center(here);
  let best: { item: string; cost: number } | undefined;
  for (const [item, rect] of rects) {
    if (item === from) continue;
    const there = center(rect);
    const [ahead, aside] =
      direction === "left" || direction === "right"
        ? [(there.x - middle.x) * (direction === "right" ? 1 : -1), Math.abs(there.y - middle.y)]
        : [(there.y - middle.y) * (direction === "down" ? 1 : -1), Math.abs(there.x - middle.x)];
    if (ahead <= 0) continue;
    const cost = ahead + 2.5 * aside;
    if (cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { item, cost };
  }
  return best && { item: best.item };
}

const center = ({ x, y, width, height }: Rect) => ({ x: x + width / 2, y: y + height / 2 });

import type { Point } from "@parley/shared/flow/layout";
import type { Edge, Step } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { type LayoutTask, loopEdges } from "./layout-graph.js";
import { entryY, portY, sizeOf } from "./size.js";

/** Sweeps over the columns that bring a card near to what it belongs to. */
const SWEEPS = 4;

/** The columns of a task: a step stands one further than the furthest that leads to it, what closes a loop left out. */
type Columns = { readonly columnOf: ReadonlyMap<string, number>; readonly forward: readonly Edge[] };

function columnsOf({ steps, edges, first }: LayoutTask): Columns {
  const closing = loopEdges(steps, edges, first);
  // What leads to the first step from elsewhere would push it from the left edge.
  const forward = edges.filter((edge) => !closing.has(edge) && edge.to !== first);
  const waiting = new Map(steps.map(({ id }) => [id, 0]));
  const out = new Map<string, Edge[]>(steps.map(({ id }) => [id, []]));
  for (const edge of forward) {
    waiting.set(edge.to, waiting.get(edge.to)! + 1);
    out.get(edge.from)!.push(edge);
  }
  const columnOf = new Map(steps.map(({ id }) => [id, 0]));
  const ready = steps.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  for (const id of ready) {
    for (const { to } of out.get(id)!) {
      columnOf.set(to, Math.max(columnOf.get(to)!, columnOf.get(id)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  return { columnOf, forward };
}

/** How much work a layered layout has: every edge counts once for each column that it crosses. */
export function weightOf(task: LayoutTask): number {
  const { columnOf, forward } = columnsOf(task);
  return forward.reduce((sum, { from, to }) => sum + columnOf.get(to)! - columnOf.get(from)!, task.steps.length);
}

/**
 * Lays out a flow that is too large for the layered layout: in columns, each card as near as there is room to what leads
 * to it. Linear but for the sorting.
 */
export function layOutColumns(task: LayoutTask): Map<string, Point> {
  const { columnOf, forward } = columnsOf(task);
  const columns: Step[][] = [];
  for (const step of task.steps) {
    const column = columnOf.get(step.id)!;
    columns[column] ??= [];
    columns[column].push(step);
  }
  const y = new Map<string, number>();
  for (const column of columns) stack(column, () => undefined, y);
  const links = linksOf(task.steps, forward);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    const order = down ? columns : columns.toReversed();
    for (const column of order) stack(column, (step) => wantedY(links.get(step.id)![down ? "before" : "after"], y), y);
  }
  const left = new Map(columns.flatMap((column, index) => column.map(({ id }) => [id, index] as const)));
  const origin = task.first === undefined ? Math.min(0, ...y.values()) : y.get(task.first)!;
  return new Map(
    task.steps.map(({ id }) => [
      id,
      { x: left.get(id)! * (CARD.width + GAP.across), y: Math.round(y.get(id)! - origin) },
    ]),
  );
}

/** A link of a card: the other card, and how much higher this card is for the edge to be level. */
type Link = { readonly other: string; readonly shift: number };

function linksOf(steps: readonly Step[], edges: readonly Edge[]) {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const links = new Map(steps.map(({ id }) => [id, { before: [] as Link[], after: [] as Link[] }]));
  for (const { from, to, port } of edges) {
    const shift = portY(byId.get(from)!, port) - entryY(byId.get(to)!);
    links.get(to)!.before.push({ other: from, shift });
    links.get(from)!.after.push({ other: to, shift: -shift });
  }
  return links;
}

const wantedY = (links: readonly Link[], y: ReadonlyMap<string, number>): number | undefined =>
  links.length === 0
    ? undefined
    : links.reduce((sum, { other, shift }) => sum + y.get(other)! + shift, 0) / links.length;

/** Puts the cards of a column below each other, each as near as it can be to where it is wanted. */
function stack(column: Step[], wanted: (step: Step) => number | undefined, y: Map<string, number>): void {
  const wishes = new Map(column.map((step) => [step.id, wanted(step) ?? y.get(step.id)]));
  column.sort((a, b) => (wishes.get(a.id) ?? 0) - (wishes.get(b.id) ?? 0));
  let free = Number.NEGATIVE_INFINITY;
  let shift = 0;
  for (const { id, ...step } of column) {
    const wish = wishes.get(id) ?? (free === Number.NEGATIVE_INFINITY ? 0 : free);
    const top = Math.max(wish, free);
    shift += wish - top;
    y.set(id, top);
    free = top + sizeOf(step).height + GAP.down;
  }
  // Those that did not fit were pushed down: the column as a whole goes up by as much, on average.
  const up = shift / Math.max(1, column.length);
  for (const { id } of column) y.set(id, y.get(id)! + up);
}

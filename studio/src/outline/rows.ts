import type { Port, StepGraph } from "../document/steps.js";
import { type Links, type Region, readRegion } from "./dominators.js";

/** A row of the outline: a step, or one of its ways out. */
export type Row = {
  readonly key: string;
  readonly step: string;
  readonly port?: string;
  /** From 1, as `aria-level`. */
  readonly level: number;
  /** From 1, among the rows of the same parent. */
  readonly place: number;
  /** How many rows the parent has. */
  readonly count: number;
  readonly parent?: string;
  /** It has rows below it. */
  readonly opens: boolean;
};
export type Order = "conversation" | "file";

export const rowKey = (step: string, port?: string): string => (port === undefined ? step : `${step}\n${port}`);

/**
 * All steps as rows. `file`: in the order of the file, each with its ways out. `conversation`: as a tree: below an answer
 * stands what only that answer leads to, and behind a question what follows several of its answers. What nothing leads
 * to comes last. Linear but for loops.
 */
export function outlineRows(graph: StepGraph, order: Order): Row[] {
  const found = order === "file" ? inFile(graph) : inConversation(graph);
  const counts = new Map<string | undefined, number>();
  const placed = found.map((row) => {
    const place = (counts.get(row.parent) ?? 0) + 1;
    counts.set(row.parent, place);
    return { ...row, place };
  });
  return placed.map((row, index) => ({
    ...row,
    count: counts.get(row.parent)!,
    opens: (placed[index + 1]?.level ?? 0) > row.level,
  }));
}

/** Rows that did not change as the objects that they were. */
export function sameRows(rows: readonly Row[], before: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return rows.map((row) => {
    const old = known.get(row.key);
    return old !== undefined &&
      old.level === row.level &&
      old.place === row.place &&
      old.count === row.count &&
      old.parent === row.parent &&
      old.opens === row.opens
      ? old
      : row;
  });
}

/** Without what is below a row that is closed. */
export function openRows(rows: readonly Row[], closed: ReadonlySet<string>): readonly Row[] {
  if (closed.size === 0) return rows;
  let hidden = Number.POSITIVE_INFINITY;
  return rows.filter(({ key, level }) => {
    if (level > hidden) return false;
    hidden = closed.has(key) ? level : Number.POSITIVE_INFINITY;
    return true;
  });
}

type Found = Pick<Row, "key" | "step" | "level"> & { port?: string; parent?: string };

/** A way out that has a row: an answer that another step takes is that step's row. */
const isRow = ({ kind, state, to }: Port): boolean => kind !== "then" && (state !== undefined || to === undefined);

function inFile({ steps }: StepGraph): Found[] {
  return steps.flatMap((step): Found[] => [
    { key: rowKey(step.id), step: step.id, level: 1 },
    ...step.ports.filter(isRow).map((port) => portRow(step.id, port.id, 1, rowKey(step.id))),
  ]);
}

const portRow = (step: string, port: string, level: number, parent: string): Found => ({
  key: rowKey(step, port),
  step,
  port,
  level: level + 1,
  parent,
});

/** What a number of the graph stands for. `row`: whether it is drawn; what is below an undrawn way out moves up. */
type Node = { readonly step: string; readonly port?: string; readonly row: boolean };

function inConversation(graph: StepGraph): Found[] {
  const { nodes, next, first } = numbered(graph);
  const taken = new Set<number>();
  const rows: Found[] = [];
  for (const root of first) {
    if (!taken.has(root)) rows.push(...rowsOf(nodes, readRegion(next, root, taken), root));
  }
  return rows;
}

/** The steps and their ways out as numbers, and where to begin: with the start, then with what nothing leads to. */
function numbered(graph: StepGraph): { nodes: Node[]; next: Links; first: number[] } {
  const { steps } = graph;
  const number = new Map(steps.map(({ id }, index) => [id, index]));
  const nodes: Node[] = steps.map(({ id }) => ({ step: id, row: true }));
  const next: number[][] = steps.map(() => []);
  const reached = new Set<number>();
  const link = (from: number, to: string | undefined) => {
    const at = to === undefined ? undefined : number.get(to);
    if (at === undefined) return;
    next[from]!.push(at);
    if (from !== at) reached.add(at);
  };
  const taken = lonelyAnswers(graph);
  for (const [from, step] of steps.entries()) {
    if (taken.has(step.id)) continue;
    // Where only one way out leads on, what follows it follows the step.
    const single = step.ports.filter(({ to }) => to !== undefined).length === 1;
    for (const port of step.ports) {
      const row = isRow(port);
      if (port.kind === "then") {
        link(from, port.to);
        continue;
      }
      const at = nodes.length;
      nodes.push({ step: step.id, port: port.id, row });
      next.push([]);
      next[from]!.push(at);
      link(single && row ? from : at, port.to);
      for (const also of port.more ?? []) link(at, also);
      if (!row && single && port.to !== undefined && taken.has(port.to)) {
        for (const { to } of graph.byId.get(port.to)!.ports) link(from, to);
      }
    }
  }
  const start = graph.start === undefined ? [] : [number.get(graph.start)!];
  const all = steps.keys();
  return { nodes, next, first: [...start, ...[...all].filter((at) => !reached.has(at)), ...steps.keys()] };
}

/** Answers that stand alone and are all that their question can take: what follows them follows the question. */
function lonelyAnswers({ steps, byId, edges }: StepGraph): Set<string> {
  const sources = new Map<string, number>();
  for (const { to } of edges) sources.set(to, (sources.get(to) ?? 0) + 1);
  const lonely = new Set<string>();
  for (const { ports } of steps) {
    const [only, ...more] = ports.filter(({ to }) => to !== undefined);
    if (only === undefined || more.length > 0 || only.kind === "then" || isRow(only) || only.more) continue;
    if (byId.get(only.to!)?.kind === "answer" && sources.get(only.to!) === 1) lonely.add(only.to!);
  }
  return lonely;
}

function rowsOf(nodes: readonly Node[], { order, above }: Region, root: number): Found[] {
  const below = new Map<number, number[]>();
  for (const node of order) {
    if (node === root) continue;
    const over = above.get(node)!;
    const list = below.get(over);
    if (list) list.push(node);
    else below.set(over, [node]);
  }
  const rows: Found[] = [];
  /** Still to be drawn, the next one last: a node, its level, and the row above it. */
  const todo: { node: number; level: number; parent: string | undefined }[] = [
    { node: root, level: 1, parent: undefined },
  ];
  for (let now = todo.pop(); now !== undefined; now = todo.pop()) {
    const { node, level, parent } = now;
    const { step, port, row } = nodes[node]!;
    const key = rowKey(step, port);
    if (row)
      rows.push({ key, step, level, ...(port !== undefined && { port }), ...(parent !== undefined && { parent }) });
    const children = below.get(node) ?? [];
    const inside = (child: number) => (port === undefined ? nodes[child]!.port !== undefined : true);
    const place = (child: number) => {
      if (!inside(child)) return { node: child, level, parent };
      // What an undrawn way out leads to takes its place.
      return row ? { node: child, level: level + 1, parent: key } : { node: child, level, parent };
    };
    // First the ways out with all below them, then what follows.
    const sorted = [...children.filter(inside), ...children.filter((child) => !inside(child))];
    for (const child of sorted.reverse()) todo.push(place(child));
  }
  return rows;
}

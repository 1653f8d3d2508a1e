import { type Links, type Region, readRegion } from "@parley/shared/flow/dominators";
import type { Port, StepGraph } from "../document/steps.js";

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

/** Without what follows a row that is closed. */
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

/** What a number of the graph stands for. `row`: whether it is drawn; what follows an undrawn way out moves up. */
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
function numbered({ steps, start }: StepGraph): { nodes: Node[]; next: Links; first: number[] } {
  const number = new Map(steps.map(({ id }, index) => [id, index]));
  const nodes: Node[] = steps.map(({ id }) => ({ step: id, row: true }));
  const next: number[][] = steps.map(() => []);
  const reached = new Set<number>();
  const link = (from: number, step: number, to: string | undefined) => {
    const at = to === undefined ? undefined : number.get(to);
    if (at === undefined) return;
    next[from]!.push(at);
    if (step !== at) reached.add(at);
  };
  for (const [from, step] of steps.entries()) {
    for (const port of step.ports) {
      if (port.kind === "then") {
        link(from, from, port.to);
        continue;
      }
      const at = nodes.length;
      nodes.push({ step: step.id, port: port.id, row: isRow(port) });
      next.push([]);
      next[from]!.push(at);
      for (const to of [port.to, ...(port.more ?? [])]) link(at, from, to);
    }
  }
  const begin = start === undefined ? [] : [number.get(start)!];
  const all = [...steps.keys()];
  return { nodes, next, first: [...begin, ...all.filter((at) => !reached.has(at)), ...all] };
}

/** A way out, or the answer that takes it, and what follows it and nowhere else. */
type Lane = { readonly node: number; readonly below: readonly number[] };

function rowsOf(nodes: readonly Node[], { order, above }: Region, root: number): Found[] {
  const below = new Map<number, number[]>();
  for (const node of order) {
    if (node === root) continue;
    const over = above.get(node)!;
    const list = below.get(over);
    if (list) list.push(node);
    else below.set(over, [node]);
  }
  const under = (node: number): readonly number[] => below.get(node) ?? [];
  const rows: Found[] = [];
  /** Still to be drawn, the next one last. */
  const todo: { node: number; level: number; parent: string | undefined; alone: boolean }[] = [
    { node: root, level: 1, parent: undefined, alone: false },
  ];
  for (let now = todo.pop(); now !== undefined; now = todo.pop()) {
    const { node, level, parent, alone } = now;
    const { step, port } = nodes[node]!;
    const key = rowKey(step, port);
    rows.push({ key, step, level, ...(port !== undefined && { port }), ...(parent !== undefined && { parent }) });
    if (alone) continue;
    const ways = under(node).filter((child) => nodes[child]!.port !== undefined);
    const lanes = ways.flatMap((way): Lane[] =>
      nodes[way]!.row
        ? [{ node: way, below: under(way) }]
        : under(way).map((answer) => ({ node: answer, below: under(answer) })),
    );
    const follows = under(node).filter((child) => nodes[child]!.port === undefined);
    // Where all goes on by one way out, it goes on at the same level.
    const leading = lanes.filter(({ below }) => below.length > 0);
    const lifted = follows.length === 0 && leading.length === 1 ? leading[0] : undefined;
    const next = lanes.flatMap((lane) => [
      { node: lane.node, level: level + 1, parent: key, alone: true },
      ...(lane === lifted ? [] : lane.below).map((child) => {
        const { step, port } = nodes[lane.node]!;
        const inside = port !== undefined;
        return {
          node: child,
          level: level + (inside ? 2 : 1),
          parent: inside ? rowKey(step, port) : key,
          alone: false,
        };
      }),
    ]);
    for (const child of [...(lifted?.below ?? []), ...follows])
      next.push({ node: child, level, parent: parent!, alone: false });
    todo.push(...next.reverse());
  }
  return rows;
}

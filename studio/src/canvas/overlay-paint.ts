import type { Edge, Port, Step, StepGraph } from "../document/steps.js";
import type { Count, Overlay } from "./overlay.js";

/** What is painted on one way out of a step. */
export type PortPaint = {
  /** The conversation went this way. */
  readonly taken: boolean;
  /** Whether a test goes this way; undefined: nobody asked. */
  readonly tested: boolean | undefined;
  /** Conversations that went this way. */
  readonly came: number | undefined;
};
/** What is painted on one step. */
export type StepPaint = {
  /** It waits for an answer. */
  readonly waiting: boolean;
  /** The conversation came by it. */
  readonly onPath: boolean;
  readonly tested: boolean | undefined;
  readonly count: Count | undefined;
  readonly ports: ReadonlyMap<string, PortPaint>;
};
export type Paint = {
  readonly steps: ReadonlyMap<string, StepPaint>;
  /** The ids of the edges that the conversation took. */
  readonly edges: ReadonlySet<string>;
};

export const NO_PAINT: Paint = { steps: new Map(), edges: new Set() };
const NOBODY: Count = { came: 0, stopped: 0 };

/** The paint of an overlay on a drawing, in either view. Pure; what is as in `previous` is the same object. */
export function paint(overlay: Overlay, graph: StepGraph, previous: Paint = NO_PAINT): Paint {
  const { waiting, path = [], tested, counts } = overlay;
  if (!waiting?.size && path.length === 0 && !tested && !counts) return NO_PAINT;
  const wholly = tested !== undefined || counts !== undefined;
  const came = new Set(path);
  const waits = new Set(waiting ? [...waiting].map((state) => graph.stepOf.get(state)) : []);
  const touched = new Set([...path, ...waits].map((state) => graph.stepOf.get(state!)));
  const steps = new Map<string, StepPaint>();
  for (const step of wholly ? graph.steps : [...touched].flatMap((id) => graph.byId.get(id ?? "") ?? [])) {
    const made: StepPaint = {
      waiting: waits.has(step.id),
      onPath: came.has(step.id),
      tested: tested?.has(step.id),
      count: counts && (counts.get(step.id) ?? NOBODY),
      ports: portsOf(step, came, overlay),
    };
    const before = previous.steps.get(step.id);
    steps.set(step.id, before && samePaint(before, made) ? before : made);
  }
  const edges = edgesOf(path, graph);
  const sameEdges = edges.size === previous.edges.size && [...edges].every((id) => previous.edges.has(id));
  return { steps, edges: sameEdges ? previous.edges : edges };
}

function portsOf(step: Step, path: ReadonlySet<string>, { tested, counts }: Overlay): ReadonlyMap<string, PortPaint> {
  const ports = new Map<string, PortPaint>();
  for (const port of step.ports) {
    const taker = takerOf(port);
    if (taker === undefined) continue;
    ports.set(port.id, {
      taken: path.has(taker),
      tested: tested?.has(taker),
      came: counts && (counts.get(taker)?.came ?? 0),
    });
  }
  return ports;
}

/** The state that takes an answer, folded into its question or not. */
const takerOf = (port: Port): string | undefined =>
  port.state ?? (port.kind === "then" || port.missing !== undefined ? undefined : port.to);

/** The edges between what follows on each other. */
function edgesOf(path: readonly string[], graph: StepGraph): Set<string> {
  const found = new Set<string>();
  if (path.length < 2) return found;
  const from = outOf(graph.edges);
  /** The last step on the way that has such an edge: an answer may come long after what asked for it. */
  const back = (i: number, to: string): Edge | undefined => {
    for (let k = i - 1; k >= 0; k--) {
      const edge = from.get(graph.stepOf.get(path[k]!)!)?.find((one) => one.kind === "open" && one.to === to);
      if (edge) return edge;
    }
    return undefined;
  };
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1]!, path[i]!];
    const [step, to] = [graph.byId.get(graph.stepOf.get(a) ?? ""), graph.stepOf.get(b)];
    if (step === undefined || to === undefined) continue;
    const edge = from.get(step.id)?.find((one) => one.to === to && leavesBy(step, one, a)) ?? back(i, to);
    if (edge) found.add(edge.id);
  }
  return found;
}

const known = new WeakMap<readonly Edge[], ReadonlyMap<string, readonly Edge[]>>();

/** The edges out of each step: the same for as long as only words change. */
function outOf(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const there = known.get(edges);
  if (there !== undefined) return there;
  const from = new Map<string, Edge[]>();
  for (const edge of edges) {
    const list = from.get(edge.from);
    if (list) list.push(edge);
    else from.set(edge.from, [edge]);
  }
  known.set(edges, from);
  return from;
}

/** Whether whoever leaves the state `a` of a step goes along this edge. */
function leavesBy(step: Step, edge: Edge, a: string): boolean {
  if (edge.kind === "open") return false; // Taken by an answer, which `back` looks for.
  const port = step.ports.find(({ id }) => id === edge.port);
  if (port === undefined) return false;
  // Of a folded question: by the way out that the answer belongs to; by `then` only from the question itself.
  return port.kind === "then" ? a === step.id : port.state === a || port.end === a;
}

function samePaint(a: StepPaint, b: StepPaint): boolean {
  return (
    a.waiting === b.waiting &&
    a.onPath === b.onPath &&
    a.tested === b.tested &&
    a.count?.came === b.count?.came &&
    a.count?.stopped === b.count?.stopped &&
    a.ports.size === b.ports.size &&
    [...a.ports].every(([id, port]) => {
      const other = b.ports.get(id);
      return other?.taken === port.taken && other.tested === port.tested && other.came === port.came;
    })
  );
}

/** The paint of a step in words, for whoever hears its card. */
export function paintWords({ waiting, onPath, tested, count }: StepPaint): string[] {
  return [
    ...(waiting ? ["waits for an answer"] : onPath ? ["on the way of the conversation"] : []),
    ...(tested === undefined ? [] : [tested ? "tested" : "not tested"]),
    ...(count === undefined ? [] : [countWords(count)]),
  ];
}

/** A count as a sentence. */
export function countWords({ came, stopped }: Count): string {
  const conversations = `${came} ${came === 1 ? "conversation" : "conversations"}`;
  return stopped === 0 ? conversations : `${conversations}, ${stopped} stopped here (${share(stopped, came)})`;
}

/** `a` of `b` as whole percent. */
export const share = (a: number, b: number): string => `${b === 0 ? 0 : Math.round((100 * a) / b)} %`;

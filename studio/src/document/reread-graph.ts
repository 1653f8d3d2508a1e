import { factsOf } from "@parley/shared/flow/state-facts";
import { Cards } from "./cards.js";
import { type FlowJson, stateNames } from "./draft.js";
import { keysOf, keysSetSince } from "./fields.js";
import { type FlowIndex, withFacts } from "./flow-index.js";
import { type Folded, fold, type NotFolded } from "./fold.js";
import { patched } from "./patched-map.js";
import type { Folding, Reading } from "./read-graph.js";
import { edgesOf } from "./step-edges.js";

/** With more changed states than this, reading everything is as fast. */
const MAX_CHANGED = 50;

/**
 * Reads the flow that was made of another by typing or connecting: only the steps that show something of what changed.
 * @returns undefined when states were added, moved, folded or unfolded, or became something else
 */
export function rereadGraph(flow: FlowJson, before: Reading): Reading | undefined {
  const changed = changedStates(before, flow);
  if (!changed) return undefined;
  const index = withFacts(before.index, new Map(changed.map((name) => [name, factsOf(flow[name]!)])));
  const folding = refold(index, before, changed);
  if (!folding) return undefined;
  const { stepOf } = folding;
  const cards = new Cards(index, folding);
  const redrawn = new Set(changed.flatMap((name) => showing(index, name)).map((name) => stepOf.get(name)!));
  const old = before.graph.byId;
  const byId = patched(old, new Map([...redrawn].map((id) => [id, cards.step(id, old.get(id))])));
  const steps = before.graph.steps.map((step) => (redrawn.has(step.id) ? byId.get(step.id)! : step));
  const leads = changed.some((name) => before.index.facts.get(name)!.next !== index.facts.get(name)!.next);
  const edges = leads || hasOtherPorts(before, redrawn, byId) ? steps.flatMap(edgesOf) : before.graph.edges;
  return { flow, index, folding, graph: { ...before.graph, steps, byId, edges } };
}

/** The states that are others, if the flow has the same states in the same order and each is of the same kind and id. */
function changedStates({ flow: before, index }: Reading, flow: FlowJson): string[] | undefined {
  const others = keysSetSince(flow, before) ?? differing(before, flow, index.names);
  // What is set may be no state at all, such as a `$schema`.
  const changed = others?.filter((name) => index.facts.has(name) && flow[name] !== before[name]);
  if (changed === undefined || changed.length > MAX_CHANGED) return undefined;
  const isAsBefore = (name: string) => {
    const old = index.facts.get(name)!;
    const now = factsOf(flow[name]!);
    return old.is === now.is && old.ref === now.ref;
  };
  return changed.every(isAsBefore) ? changed : undefined;
}

/** The states that are other objects; undefined when there are others, or in another order. */
function differing(before: FlowJson, flow: FlowJson, names: readonly string[]): string[] | undefined {
  const now = keysOf(flow) === keysOf(before) ? names : stateNames(flow);
  if (now.length !== names.length || now.some((name, i) => name !== names[i])) return undefined;
  return names.filter((name) => flow[name] !== before[name]);
}

/** Folds again what the changed states belong to, and what they led or lead to. Undefined: other states are folded. */
function refold(index: FlowIndex, before: Reading, changed: readonly string[]): Folding | undefined {
  const { questions } = before.folding;
  if (before.graph.view === "states") return before.folding;
  const concerned = new Set<string>();
  for (const name of changed) {
    for (const next of [name, before.index.facts.get(name)!.next, index.facts.get(name)!.next]) {
      if (next === undefined || !index.facts.has(next)) continue;
      for (const opener of usesOf(index, next)?.openers ?? []) concerned.add(opener);
    }
  }
  if (concerned.size === 0) return before.folding;
  const refolded = new Map(questions);
  for (const name of concerned) {
    const now = fold(index, name);
    if (!sameFold(now, questions.get(name)!)) return undefined;
    refolded.set(name, now);
  }
  return { ...before.folding, questions: refolded };
}

/** Whether the same states are shown as one, each for the same answer. */
function sameFold(a: Folded | NotFolded, b: Folded | NotFolded): boolean {
  if ("why" in a || "why" in b) return "why" in a && "why" in b && a.why === b.why;
  const states = ({ matches, ends }: Folded) => new Set([...matches.values(), ...ends.values()]);
  const old = states(b);
  const now = states(a);
  return old.size === now.size && [...now].every((state) => old.has(state));
}

/** The states that show something of a state: itself, and all with its id. */
function showing(index: FlowIndex, name: string): string[] {
  const uses = usesOf(index, name);
  return uses ? [name, ...uses.openers, ...uses.matches, ...uses.ends] : [name];
}

function usesOf(index: FlowIndex, name: string) {
  const { is, ref } = index.facts.get(name)!;
  if (ref === undefined) return undefined;
  return (is === "question" || is === "choice-match" ? index.groups : index.chats).get(ref);
}

/** Whether a step has other ways out than before. */
function hasOtherPorts({ graph }: Reading, ids: Iterable<string>, byId: Reading["graph"]["byId"]): boolean {
  for (const id of ids) {
    const old = edgesOf(graph.byId.get(id)!);
    const now = edgesOf(byId.get(id)!);
    if (old.length !== now.length || old.some(({ id, to }, i) => id !== now[i]!.id || to !== now[i]!.to)) return true;
  }
  return false;
}

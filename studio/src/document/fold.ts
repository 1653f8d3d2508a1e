import type { StateFacts } from "@parley/shared/flow/state-facts";
import type { FlowIndex, Uses } from "./flow-index.js";

/** A question, text question or hand-off whose states are shown as one step. */
export type Folded = {
  /** Its match state of each item, of each expected text (`undefined`: of any other text), or of each outcome. */
  readonly matches: ReadonlyMap<string | undefined, string>;
  /** The end of a text question behind a match state. */
  readonly ends: ReadonlyMap<string, string>;
};
/** Why a question is shown as its states, in a sentence for its designer. */
export type NotFolded = { readonly why: string };

/** Folds a question or text question if it has the plain shape. Linear in its own states, but for a shared id. */
export function fold(index: FlowIndex, name: string): Folded | NotFolded {
  const facts = index.facts.get(name)!;
  const uses = (facts.is === "question" ? index.groups : index.chats).get(facts.ref!)!;
  if (uses.openers.length > 1)
    return { why: "Another step has the same ID in the file, so its answers are shown on their own." };
  if (!facts.plain)
    return { why: "It is written in the file in an unusual way, so its answers are shown on their own." };
  if (facts.next !== undefined)
    return { why: "It leads on without waiting for an answer, so its answers are shown on their own." };
  if (facts.is === "hand-off") return foldHandOff(index, uses);
  return facts.is === "question" ? foldQuestion(index, facts, uses) : foldText(index, facts, uses);
}

function foldHandOff(index: FlowIndex, uses: Uses): Folded | NotFolded {
  const matches = new Map<string | undefined, string>();
  for (const name of uses.matches) {
    const { outcome } = index.facts.get(name)!;
    // What is typed to a person no step takes: such a state stands alone, with its own finding.
    if (outcome === undefined) continue;
    const why = whyApart(index, name) ?? (matches.has(outcome) ? TWICE : undefined);
    if (why) return { why };
    matches.set(outcome, name);
  }
  return { matches, ends: NO_ENDS };
}

function foldQuestion(index: FlowIndex, { items }: StateFacts, uses: Uses): Folded | NotFolded {
  const offered = new Set(items.map((item) => item.id));
  if (offered.size < items.length) return { why: "Two of its answers have the same ID in the file." };
  const matches = new Map<string | undefined, string>();
  for (const name of uses.matches) {
    const { item } = index.facts.get(name)!;
    // What the question does not offer stands alone, with its own finding.
    if (!offered.has(item)) continue;
    const why = whyApart(index, name) ?? (matches.has(item) ? TWICE : undefined);
    if (why) return { why };
    matches.set(item, name);
  }
  return { matches, ends: NO_ENDS };
}

function foldText(index: FlowIndex, { ref }: StateFacts, uses: Uses): Folded | NotFolded {
  const matches = new Map<string | undefined, string>();
  for (const name of uses.matches) {
    const { expected, is } = index.facts.get(name)!;
    if (is !== "text-match") continue;
    const why = whyApart(index, name) ?? (matches.has(expected) ? TWICE : undefined);
    if (why) return { why };
    matches.set(expected, name);
  }
  const own = new Set(uses.matches);
  const ends = new Map<string, string>();
  const ours = new Map<string, boolean>();
  for (const name of uses.matches) {
    const end = index.facts.get(name)!.next;
    if (end === undefined) continue;
    if (!ours.has(end)) ours.set(end, isOwnEnd(index, end, ref, own));
    if (ours.get(end)) ends.set(name, end);
  }
  return { matches, ends };
}

/** An end that something else leads to, too, stays a step that an edge can lead to. */
function isOwnEnd(index: FlowIndex, end: string, chat: string | undefined, matches: ReadonlySet<string>): boolean {
  const facts = index.facts.get(end);
  if (facts?.is !== "end-text" || facts.ref !== chat || !facts.plain || end === index.names[0]) return false;
  return index.leads.get(end)!.every((from) => matches.has(from));
}

const NO_ENDS: ReadonlyMap<string, string> = new Map();
const TWICE = "Two steps take the same answer, so they are shown on their own.";

/** Why a match state must be seen by itself. */
function whyApart(index: FlowIndex, name: string): string | undefined {
  if (name === index.names[0])
    return "The conversation begins with one of its answers, so they are shown on their own.";
  if (index.leads.has(name))
    return "Another step leads straight to one of its answers, so they are shown on their own.";
  const { plain } = index.facts.get(name)!;
  return plain ? undefined : "One of its answers is written in the file in an unusual way.";
}

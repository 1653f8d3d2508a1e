import type { Step, StepGraph } from "../document/steps.js";

/** What may be put in place of what was typed: the answer to a question, or an emoji. */
export type Suggestion = {
  readonly id: string;
  readonly label: string;
  /** What is put in: `{{id}}`, or a sign. */
  readonly insert: string;
};
/** What was typed before the caret, and what it asks for. */
export type Asked = { readonly kind: "answer" | "emoji"; readonly words: string; readonly length: number };

/** So many are offered: one types more to find the others. */
export const MOST_OFFERED = 8;

/** What the text before the caret asks for: `{{` and words for the answer to a question. */
export function askedAnswer(before: string): Asked | undefined {
  const answer = /\{\{([^{}\n]{0,60})$/u.exec(before);
  return answer ? { kind: "answer", words: answer[1]!, length: answer[0].length } : undefined;
}

/**
 * Questions by their words: those that were asked before this step, the last first, then the others in the order of the
 * file, then what the page says.
 * @param own the step that is written: it knows no answer of its own yet
 */
export function answersFor(words: string, graph: StepGraph, variables: readonly string[], own: string): Suggestion[] {
  const wanted = words.trim().toLocaleLowerCase();
  const found = new Map<string, Suggestion>();
  for (const { id, kind, ref } of new Set([...stepsBefore(graph, own), ...graph.steps])) {
    if ((kind !== "question" && kind !== "text") || ref === undefined || id === own || found.has(ref)) continue;
    found.set(ref, { id: ref, label: wordsOfAnswer(graph, ref), insert: `{{${ref}}}` });
  }
  for (const name of variables) if (!found.has(name)) found.set(name, { id: name, label: name, insert: `{{${name}}}` });
  return [...found.values()].filter(({ label }) => label.toLocaleLowerCase().includes(wanted)).slice(0, MOST_OFFERED);
}

/** The steps that lead to a step, the nearest first; of those that are as near, the last in the file. Linear. */
function stepsBefore({ edges, byId }: StepGraph, own: string): Step[] {
  const from = new Map<string, string[]>();
  for (const edge of edges) {
    const known = from.get(edge.to);
    if (known) known.push(edge.from);
    else from.set(edge.to, [edge.from]);
  }
  const found = new Set([own]);
  for (const step of found) for (const before of (from.get(step) ?? []).toReversed()) found.add(before);
  found.delete(own);
  return [...found].flatMap((id) => byId.get(id) ?? []);
}

/** What stands for an answer: the words of the question that has the id, with `…` for answers in them; else the id. */
export const wordsOfAnswer = (graph: StepGraph, id: string): string => askingSteps(graph).get(id)?.title ?? id;

const asking = new WeakMap<StepGraph, ReadonlyMap<string, Step>>();

/** The first step that asks for each id. Graphs are never changed: each is read once. */
function askingSteps(graph: StepGraph): ReadonlyMap<string, Step> {
  const known = asking.get(graph);
  if (known) return known;
  const found = new Map<string, Step>();
  for (const step of graph.steps) {
    const { kind, ref } = step;
    if ((kind === "question" || kind === "text") && ref !== undefined && !found.has(ref)) found.set(ref, step);
  }
  asking.set(graph, found);
  return found;
}

/** A text cut at the answers in it: what stands between them, and for each the words that stand for it. */
export function answersIn(text: string, graph: StepGraph): { readonly text: string; readonly isAnswer: boolean }[] {
  if (!text.includes("{{")) return [{ text, isAnswer: false }];
  return text.split(/\{\{([^{}|]*)(?:\|[^{}]*)?\}\}/).map((part, at) => {
    const isAnswer = at % 2 === 1;
    return { text: isAnswer ? wordsOfAnswer(graph, part.trim()) : part, isAnswer };
  });
}

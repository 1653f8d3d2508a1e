import { type Comparison, compareFlows, type Difference } from "@parley/shared/flow/compare";
import { plainText } from "@parley/shared/flow/rich-text";
import { factsOf } from "@parley/shared/flow/state-facts";
import { type FlowJson, own } from "../document/draft.js";
import { readSteps, type Step, type StepGraph, type StepKind } from "../document/steps.js";

/** One thing that is another about a step, in words; `from` and `to` are texts to be shown beside each other. */
export type DiffLine = { readonly words: string; readonly from?: string; readonly to?: string };
/** What became of a step, as a designer sees it. */
export type StepDiff = {
  readonly is: "added" | "changed" | "removed" | "renamed";
  /** In the newer flow; of a removed one, in the older. */
  readonly step: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly lines: readonly DiffLine[];
};
export type FlowDiff = {
  readonly comparison: Comparison;
  readonly steps: readonly StepDiff[];
  /** In words: "Bot says “Bye”", the steps behind which the conversation ends now and did not. */
  readonly newEnds: readonly string[];
  /** Where the conversation begins now, when that is another step. */
  readonly start: string | undefined;
};

type Side = { readonly flow: FlowJson; readonly graph: StepGraph };
type Mutable = { is: StepDiff["is"]; readonly step: Step; readonly lines: DiffLine[] };

/** Two flows compared by step, in the words of the studio. */
export function diffSteps(fromFlow: FlowJson, toFlow: FlowJson): FlowDiff {
  const from: Side = { flow: fromFlow, graph: graphOf(fromFlow) };
  const to: Side = { flow: toFlow, graph: graphOf(toFlow) };
  const comparison = compareFlows(fromFlow, toFlow);
  const found = new Map<string, Mutable>();
  const put = (key: string, step: Step, is: StepDiff["is"], lines: readonly DiffLine[]) => {
    const known = found.get(key);
    // Of a step with several states: what happened to the first of them is what happened to it.
    if (known) known.lines.push(...lines);
    else found.set(key, { is, step, lines: [...lines] });
  };
  const added = new Set(comparison.states.flatMap((one) => (one.kind === "added" ? [one.state] : [])));
  const removed = new Set(comparison.states.flatMap((one) => (one.kind === "removed" ? [one.state] : [])));
  for (const change of comparison.states) {
    const { state } = change;
    const side = change.kind === "removed" ? from : to;
    const step = side.graph.byId.get(side.graph.stepOf.get(state) ?? "");
    if (!step) continue;
    if (change.kind === "removed") {
      // An answer of a question that stays is told there.
      if (step.id === state) put(`removed ${step.id}`, step, "removed", []);
      else if (!removed.has(step.id)) expectedGone(state, step);
    } else if (change.kind === "added") {
      if (step.id === state) put(step.id, step, "added", []);
      else if (!added.has(step.id)) put(step.id, step, "changed", expectedNew(state));
    } else if (change.kind === "renamed") {
      if (step.id === state) put(step.id, step, "renamed", []);
    } else if (change.kind === "changed" && !added.has(step.id)) {
      put(step.id, step, "changed", linesOf(change.differences, state, step, from, to));
    }
  }
  const steps = [...found.values()]
    .filter(({ is, lines }) => is !== "changed" || lines.length > 0)
    .map(({ is, step, lines }): StepDiff => ({ is, step: step.id, kind: step.kind, title: step.title, lines }));
  const starts = comparison.start?.to;
  return {
    comparison,
    steps,
    newEnds: comparison.newEnds.map((state) => endWords(state, to)),
    start: starts === undefined ? undefined : titleOf(starts, to),
  };

  function expectedNew(state: string): DiffLine[] {
    const { is, expected, title } = factsOf(toFlow[state]!);
    if (is !== "text-match") return [];
    return [{ words: expected === undefined ? "Takes any other text" : `Expects “${title}” as well` }];
  }

  function expectedGone(state: string, step: Step): void {
    const { is, expected, title } = factsOf(fromFlow[state]!);
    const now = to.graph.byId.get(
      comparison.renames.find((r) => r.kind === "renameState" && r.from === step.id)?.to ?? step.id,
    );
    if (is !== "text-match" || !now) return;
    put(now.id, now, "changed", [
      { words: expected === undefined ? "Takes no other text" : `No longer expects “${title}”` },
    ]);
  }
}

const graphOf = (flow: FlowJson): StepGraph => readSteps({ flow, layout: {}, settings: {} });

const plain = (text: string): string => plainText(text).trim();
const answer = (text: string): string => plainText(text, "choice").trim();

function linesOf(differences: readonly Difference[], state: string, step: Step, from: Side, to: Side): DiffLine[] {
  return differences.map((difference) =>
    difference.what === "next" ? { words: leadsWords(difference, state, step, from, to) } : lineOf(difference),
  );
}

function lineOf(difference: Exclude<Difference, { what: "next" }>): DiffLine {
  switch (difference.what) {
    case "text":
      return { words: "Text", from: plain(difference.from), to: plain(difference.to) };
    case "placeholder":
      return { words: "Placeholder", from: difference.from, to: difference.to };
    case "expected":
      return { words: "Expected text", from: difference.from, to: difference.to };
    case "queue":
      return { words: "Queue", from: difference.from || "General", to: difference.to || "General" };
    case "wait":
      return { words: "Waits", from: waitWords(difference.from), to: waitWords(difference.to) };
    case "id":
      return { words: "ID in the file", from: difference.from, to: difference.to };
    case "answer-added":
      return { words: `Answer “${answer(difference.content)}” added` };
    case "answer-removed":
      return { words: `Answer “${answer(difference.content)}” removed` };
    case "answer-text":
      return { words: "Answer", from: answer(difference.from), to: answer(difference.to) };
    case "answer-id":
      return { words: "ID of an answer in the file", from: difference.from, to: difference.to };
    case "answers-moved":
      return { words: "Answers in another order" };
    case "kind":
      return { words: "Is another kind of step" };
    case "rest":
      return { words: "Differs in the text of the file only" };
  }
}

const waitWords = (seconds: string): string =>
  seconds === "" ? "without an end" : `at most ${seconds} ${seconds === "1" ? "second" : "seconds"}`;

/** "Then “Bye” instead of “Hello”", for an answer "After “Yes”: …". */
function leadsWords(
  { from: old, to: now }: Extract<Difference, { what: "next" }>,
  state: string,
  step: Step,
  from: Side,
  to: Side,
): string {
  const port = step.ports.find((port) => port.state === state || port.end === state);
  const behind = port && port.kind !== "then" ? `After “${port.label || "anything else"}”: ` : "";
  // The old way may lead to a step that is gone.
  const was = old === undefined ? undefined : Object.hasOwn(to.flow, old) ? titleOf(old, to) : titleOf(old, from);
  const is = now === undefined ? undefined : titleOf(now, to);
  const words =
    is === undefined
      ? `ends here, led to “${was}”`
      : was === undefined
        ? `then “${is}”, ended here`
        : `then “${is}” instead of “${was}”`;
  return behind === "" ? words[0]!.toUpperCase() + words.slice(1) : behind + words;
}

function titleOf(state: string, { flow, graph }: Side): string {
  const step = graph.byId.get(graph.stepOf.get(state) ?? state);
  return step?.title ?? (own(flow, state) === undefined ? state : factsOf(flow[state]!).title || state);
}

function endWords(state: string, side: Side): string {
  const step = side.graph.byId.get(side.graph.stepOf.get(state) ?? state);
  const port = step?.ports.find((port) => port.state === state || port.end === state);
  const title = titleOf(state, side);
  return port && port.kind !== "then" ? `“${port.label || "anything else"}” of “${title}”` : `“${title}”`;
}

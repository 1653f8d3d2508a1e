import type { PreviewTrace } from "@parley/shared/api/preview";
import type { Finding } from "@parley/shared/flow/finding";
import { plainText } from "@parley/shared/flow/rich-text";
import type { FlowJson } from "../document/draft.js";
import { isObject } from "../document/draft.js";
import type { StepGraph } from "../document/steps.js";

type Parted = NonNullable<PreviewTrace["parted"]>;

/** Where and why the answers that were given do not lead on any more, as a sentence. */
export function partedWords({ why, input, state }: Parted, trace: PreviewTrace, graph: StepGraph): string {
  const step = state === undefined ? undefined : graph.byId.get(graph.stepOf.get(state) ?? "");
  const given = trace.inputs[input];
  const answer = given?.kind === "answer" ? answerWords(given.message) : undefined;
  const theirs = given?.kind === "outcome" ? "The end of the hand-over" : "Your answer";
  const your = answer === undefined ? theirs : `Your answer ${quoted(answer)}`;
  const at = step === undefined ? "" : ` to ${quoted(step.title)}`;
  switch (why) {
    case "state-gone":
      return answer === undefined
        ? "The step it began at is gone: it begins at the first."
        : `${your} has no question any more.`;
    case "not-asked":
      return `${your}${at} is not asked for here any more.`;
    case "answer-gone":
      return `${your}${at} is not offered any more.`;
    case "leads-nowhere":
      return `${your}${at} leads nowhere.`;
    case "text-unexpected":
      return `${your}${at} is not among the texts expected.`;
    case "failed":
      return step === undefined ? "It comes to a problem here." : `It comes to a problem after ${quoted(step.title)}.`;
    case "dead-end":
      return answer === undefined
        ? "The conversation ends here now."
        : `The conversation ends before ${your.toLowerCase()}.`;
  }
}

function answerWords(message: { kind: string; content?: string | undefined; itemId?: string }): string | undefined {
  const words = message.content === undefined ? message.itemId : plainText(message.content).trim();
  return words === "" ? undefined : words;
}

const quoted = (text: string): string => `“${text.length > 48 ? `${text.slice(0, 47)}…` : text}”`;

/** The problems that the conversation has come to: at what waits, at what refused the last answer, behind what it failed. */
export function problemsAt(
  { waiting, failed, refused, path }: PreviewTrace,
  findings: readonly Finding[],
  flow: FlowJson,
): readonly Finding[] {
  const here = new Set<string | undefined>(waiting);
  if (refused) here.add(refused.state);
  if (failed) {
    const last = failed.state ?? path.at(-1);
    here.add(last);
    // What it could not go on to may be there, and be no step that can be read.
    const state = last === undefined ? undefined : flow[last];
    if (isObject(state) && typeof state.next === "string") here.add(state.next);
  }
  return findings.filter(
    ({ severity, state }) => severity === "error" && (state === undefined ? failed !== undefined : here.has(state)),
  );
}

/** Where in time the preview is. */
export function momentWords({ at, inputs, live }: PreviewTrace): string {
  if (live) return inputs.length === 0 ? "No answers yet" : "Now";
  return at === 0
    ? "Before the first answer"
    : `After ${at} of ${inputs.length} ${inputs.length === 1 ? "answer" : "answers"}`;
}

import { plainText } from "@parley/shared/flow/rich-text";
import type { Marks } from "../app/editor/shown-findings.js";
import type { Port, Step, StepGraph } from "../document/steps.js";
import { KINDS } from "./kinds.js";
import { portLabel } from "./project-parts.js";

const count = (number: number, one: string, more = `${one}s`) => `${number} ${number === 1 ? one : more}`;

/** A step as one sentence, for whoever hears it: kind, text, ways out, what is wrong. */
export function stepWords(step: Step, marks: Marks | undefined, graph: StepGraph): string {
  const answers = step.ports.filter(({ kind }) => kind !== "then");
  const only = answers.length === 0 ? step.ports[0] : undefined;
  return [
    `${KINDS[step.kind].label}: ${step.title}`,
    step.start && "the conversation starts here",
    answers.length > 0 &&
      count(answers.length, step.kind === "text" ? "way out" : "answer", step.kind === "text" ? "ways out" : "answers"),
    only && leads(only, graph),
    marks && marks.problems > 0 && count(marks.problems, "problem"),
    marks && marks.hints > 0 && count(marks.hints, "hint"),
    step.why,
  ]
    .filter(Boolean)
    .join(", ");
}

/** A way out as one sentence. */
export function portWords(step: Step, port: Port, graph: StepGraph): string {
  return `${step.kind === "text" ? "Text" : "Answer"}: ${portLabel(step, port.id) || "without words"}, ${leads(port, graph)}`;
}

function leads({ to }: Port, graph: StepGraph): string {
  if (to === undefined) return "ends here";
  return `then ${graph.byId.get(to)?.title ?? to}`;
}

/** A step's text as it is read, with its lines. */
export const stepText = (step: Step): string => plainText(step.text).trim();

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
      (step.kind === "question" ? count(answers.length, "answer") : count(answers.length, "way out", "ways out")),
    step.kind === "hand-off" && handOffWords(step),
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
  return `${portKind(step)}${portLabel(step, port.id) || "without words"}, ${leads(port, graph)}`;
}

/** What a way out is, before its words; that of a hand-over says it itself. */
export const portKind = ({ kind }: Step): string =>
  kind === "hand-off" ? "" : kind === "text" ? "Text: " : "Answer: ";

/** Whose work a hand-over is, and how long the visitor waits at most. */
export function handOffWords({ queue, timeout }: Pick<Step, "queue" | "timeout">): string {
  const wait = timeout === undefined ? "waits without an end" : `waits ${spanWords(timeout)} at most`;
  return `${queue ?? "General"}, ${wait}`;
}

function spanWords(seconds: number): string {
  if (seconds % 60 !== 0 || seconds < 60) return count(seconds, "second");
  const minutes = seconds / 60;
  return minutes % 60 === 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
}

function leads({ to }: Port, graph: StepGraph): string {
  if (to === undefined) return "ends here";
  return `then ${graph.byId.get(to)?.title ?? to}`;
}

/** A step's text as it is read, with its lines. */
export const stepText = (step: Step): string => plainText(step.text).trim();

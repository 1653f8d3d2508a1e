import type { Finding, FindingCode } from "@parley/shared/flow/finding";
import { fromPointer, toPointer } from "@parley/shared/flow/pointer";
import type { TextRef } from "../document/commands/command.js";
import { placeOfText } from "../document/commands/text.js";
import type { Draft, Place } from "../document/draft.js";
import { itemIndex, valueAt } from "../document/place.js";
import { type Port, placeOfFinding, type Step, type StepGraph } from "../document/steps.js";
import type { Field } from "./caret.js";

/** The state whose `next` is where a way out leads; undefined while there is none. */
const holder = (step: string, { kind, end, state, to }: Port): string | undefined =>
  kind === "then" ? step : (end ?? state ?? to);

/** The field of the inspector that edits a place of the flow; undefined when none does. */
export function fieldAt(graph: StepGraph, place: Place): Field | undefined {
  const [name, part, key, choice] = place;
  const id = typeof name === "string" ? graph.stepOf.get(name) : undefined;
  const step = id === undefined ? undefined : graph.byId.get(id);
  if (step === undefined) return undefined;
  if (part === "next")
    return leadField(
      step,
      step.ports.find((port) => holder(step.id, port) === name),
    );
  if (part === "matchResponse" && key === "content") {
    const port = step.ports.find(({ state, kind }) => state === name && kind === "text");
    if (port) return { step: step.id, field: "port", port: port.id };
    return step.takes === "text" ? { step: step.id, field: "text" } : undefined;
  }
  if (part !== "sendRequest" || name !== step.id) return undefined;
  if (key === "choices") {
    const item = typeof choice === "object" ? choice.item : undefined;
    const port = step.ports.find((port) => port.item === item && port.kind === "answer");
    return item === undefined || !port ? undefined : { step: step.id, field: "port", port: port.id };
  }
  if (key === "chatPrompt") return { step: step.id, field: "prompt" };
  return TEXTS.has(key as string) ? { step: step.id, field: "text" } : undefined;
}
const TEXTS = new Set(["content", "question", "chatText"]);

const leadField = ({ id }: Step, port: Port | undefined): Field | undefined =>
  port && { step: id, field: "lead", port: port.id };

/** Findings that are mended by saying what follows. */
const ABOUT_LEADS: ReadonlySet<FindingCode> = new Set([
  "next-missing",
  "dead-end",
  "choice-without-match",
  "chat-without-match",
  "no-other-text",
  "outcome-without-match",
]);

/** The field to which one goes to mend a finding; undefined: it is about no step. */
export function fieldOfFinding(graph: StepGraph, finding: Finding): Field | undefined {
  const place = placeOfFinding(graph, finding);
  const step = place && graph.byId.get(place.step);
  if (!step) return undefined;
  if (finding.code === "bad-name" && finding.state === step.id) return { step: step.id, field: "name" };
  const port = step.ports.find(({ id, end }) => id === place.port || (end !== undefined && end === finding.state));
  if (ABOUT_LEADS.has(finding.code)) {
    const other = step.ports.find(({ kind }) => kind === "other-text");
    const way = port ?? other ?? step.ports.find(({ to }) => to === undefined) ?? step.ports[0];
    if (way) return leadField(step, way);
  }
  if (port && (port.kind === "answer" || port.kind === "text")) return { step: step.id, field: "port", port: port.id };
  return fieldAt(graph, fromPointer(finding.pointer)) ?? leadField(step, port) ?? { step: step.id, field: "text" };
}

/** Tells whether a finding is about the words of a text. */
export function aboutWords(draft: Draft, text: TextRef): (finding: Finding) => boolean {
  const place = placeOfText(draft, text)?.at;
  if (!place) return () => false;
  const path = place.map((step, i) => {
    if (typeof step === "string") return step;
    const list = valueAt(draft.flow, place.slice(0, i));
    return String(Array.isArray(list) ? itemIndex(list, step.item) : -1);
  });
  const pointer = toPointer(path);
  return (finding) => finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`);
}

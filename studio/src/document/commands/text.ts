import { factsOf } from "@parley/shared/flow/state-facts";
import type { Draft, Json, Place } from "../draft.js";
import { valueAt } from "../place.js";
import { readSteps } from "../steps.js";
import { type CommandResult, refuse, type TextRef } from "./command.js";

/** The text as it stands in the file; empty when there is none. */
export function readText(draft: Draft, at: TextRef): string {
  const place = placeOfText(draft, at);
  const text = place && valueAt(draft.flow, place.at);
  return typeof text === "string" ? text : "";
}

/** Sets a text. Names and ids follow it when the step is left. */
export function setText(draft: Draft, args: TextRef & { readonly text: string }): CommandResult {
  const place = placeOfText(draft, args);
  if (!place) return refuse("This text is not there any more.");
  const { at, optional, before } = place;
  const old = valueAt(draft.flow, at);
  // What the format does not need is taken away when it is empty.
  const value: { value?: Json } = args.text === "" && optional ? {} : { value: args.text };
  if (old === value.value) return { changes: [] };
  const change = { kind: "set", at, ...value, ...(before !== undefined && { before }) } as const;
  return { changes: [change], follow: [args.step] };
}

type TextPlace = { readonly at: Place; readonly optional?: boolean; readonly before?: string };

/** Where a text stands in the file. */
export function placeOfText(draft: Draft, { step, field, port }: TextRef): TextPlace | undefined {
  if (field === "port") return placeOfPort(draft, step, port);
  if (!Object.hasOwn(draft.flow, step)) return undefined;
  const facts = factsOf(draft.flow[step]!);
  switch (facts.is) {
    case "message":
      return field === "text" ? { at: [step, "sendRequest", "content"] } : undefined;
    case "question":
      return field === "text" ? { at: [step, "sendRequest", "question"] } : undefined;
    case "text":
      if (field === "prompt") return { at: [step, "sendRequest", "chatPrompt"], optional: true, before: "chatText" };
      return { at: [step, "sendRequest", "chatText"], optional: true };
    case "hand-off":
      return field === "text" ? { at: [step, "sendRequest", "content"], optional: true, before: "timeout" } : undefined;
    case "choice-match": {
      // An answer that stands alone has the words of the question that offers it.
      const asks = ({ kind, ref, ports }: { kind: string; ref?: string; ports: readonly { item?: string }[] }) =>
        kind === "question" && ref === facts.ref && ports.some(({ item }) => item === facts.item);
      const question = readSteps(draft).steps.find(asks);
      return question && facts.item !== undefined ? placeOfItem(question.id, facts.item) : undefined;
    }
    case "text-match":
      return facts.expected === undefined ? undefined : { at: [step, "matchResponse", "content"] };
    default:
      return undefined;
  }
}

function placeOfPort(draft: Draft, step: string, id: string | undefined): TextPlace | undefined {
  const port = readSteps(draft)
    .byId.get(step)
    ?.ports.find((port) => port.id === id);
  if (port?.kind === "answer" && port.item !== undefined) return placeOfItem(step, port.item);
  const state = port?.state ?? port?.to;
  return port?.kind === "text" && state !== undefined ? { at: [state, "matchResponse", "content"] } : undefined;
}

const placeOfItem = (question: string, item: string): TextPlace => ({
  at: [question, "sendRequest", "choices", { item }, "content"],
});

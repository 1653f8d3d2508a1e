import { askingWords, PLAIN_NAMES, slug } from "@parley/shared/flow/naming";
import type { Draft, Json } from "../draft.js";
import { freshItem } from "../names.js";
import { type CommandResult, refuse } from "./command.js";
import { Plan } from "./plan.js";

/**
 * Makes of a message a step that asks: a question with one answer, without words yet, or one that asks for a text. Its
 * words, name and place stay, and what followed the message follows the answer.
 */
export function askInstead(
  draft: Draft,
  { step: id, as }: { readonly step: string; readonly as: "question" | "text" },
): CommandResult {
  const plan = new Plan(draft);
  if (plan.steps.byId.get(id)?.kind !== "message") return refuse("Only a message can be made a question.");
  const { text, next } = plan.facts(id);
  const become = (request: Json) => {
    plan.do({ kind: "set", at: [id, "sendRequest"], value: request });
    plan.setNext(id, undefined);
  };
  if (as === "question") {
    const groupId = plan.names.id(slug(text), PLAIN_NAMES.question);
    const itemId = freshItem(slug("", "choice"), new Set());
    become({ kind: "ChoiceRequest", groupId, question: text, choices: [{ itemId, content: "" }] });
    plan.setNext(plan.takeItem(groupId, itemId, id), next);
    return { changes: plan.changes, select: [id], focus: { step: id, field: "port", port: `answer:${itemId}` } };
  }
  const sessionId = plan.names.id(askingWords({ text }), PLAIN_NAMES.text);
  become({ kind: "StartChatSession", sessionId, ...(text && { chatText: text }) });
  plan.setNext(plan.takeText(sessionId, undefined, id).end, next);
  return { changes: plan.changes, select: [id], focus: { step: id, field: "prompt" } };
}

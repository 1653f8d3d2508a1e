import type { Desk } from "../app/editor/desk.js";
import { addAnswer, moveAnswer, removeAnswer } from "../document/commands/answers.js";
import { askInstead } from "../document/commands/ask.js";
import type { PortRef } from "../document/commands/command.js";
import type { Port, Step } from "../document/steps.js";
import { goToText } from "./gestures.js";
import { pastedAnswers } from "./pasted-answers.js";

/** The answers of a question, or the expected texts of a text question, as the list shows them. */
export const answersOf = ({ ports }: Pick<Step, "ports">): Port[] =>
  ports.filter(({ kind }) => kind === "answer" || kind === "text");

/** An answer as it is now, with its step and its place in the list. */
function find({ editor }: Desk, { step: id, port: portId }: PortRef) {
  const step = editor.getState().steps.byId.get(id);
  const answers = step ? answersOf(step) : [];
  const index = answers.findIndex(({ id }) => id === portId);
  return step && index >= 0 ? { step, answers, index } : undefined;
}

/** Goes to the first answer that is still without words, or makes one more; by its first a message becomes a question. */
export function firstAnswer(desk: Desk, step: Pick<Step, "id" | "kind" | "ports">): void {
  const empty = answersOf(step).find(({ label }) => label === "");
  if (empty) return goToText(desk, { step: step.id, field: "port", port: empty.id });
  const { draft, run } = desk.editor.getState();
  const { id, kind } = step;
  run(
    kind === "message" ? askInstead(draft, { step: id, as: "question" }) : addAnswer(draft, { step: id }),
    "Add an answer",
  );
}

/** Goes to the answer below if that is still without words; else makes one there. After one without words comes none. */
export function nextAnswer(desk: Desk, at: PortRef): void {
  const found = find(desk, at);
  if (found?.answers[found.index]?.label === "") return;
  const below = found?.answers[found.index + 1];
  if (below?.label === "") return goToText(desk, { step: at.step, field: "port", port: below.id });
  const { draft, run } = desk.editor.getState();
  run(addAnswer(draft, { step: at.step, ...(below && { before: below.id }) }), "Add an answer");
}

/** Goes to the answer below; below the last, makes one there. */
export function followingAnswer(desk: Desk, at: PortRef): void {
  const found = find(desk, at);
  const below = found?.answers[found.index + 1];
  if (below !== undefined) return goToText(desk, { step: at.step, field: "port", port: below.id });
  nextAnswer(desk, at);
}

/** Several lines pasted into an answer: each is one. `before` and `after`: what stands around the caret. */
export function pasteAnswers(desk: Desk, at: PortRef, lines: readonly string[], before: string, after: string): void {
  const { draft, run } = desk.editor.getState();
  run(pastedAnswers(draft, { ...at, lines, before, after }), "Paste answers");
}

/** Takes an answer away. @returns the id of the answer that the keyboard goes to: its neighbour, or itself where it stays */
export function dropAnswer(desk: Desk, at: PortRef): string | undefined {
  const found = find(desk, at);
  const { draft, run } = desk.editor.getState();
  const result = removeAnswer(draft, at);
  run(result, "Remove an answer");
  if (found === undefined || result.refused !== undefined) return at.port;
  return (found.answers[found.index - 1] ?? found.answers[found.index + 1])?.id;
}

/** Moves an answer one place. @returns whether it had room to */
export function shiftAnswer(desk: Desk, at: PortRef, by: -1 | 1): boolean {
  const found = find(desk, at);
  if (found === undefined || found.answers[found.index + by] === undefined) return false;
  placeAnswer(desk, at, by < 0 ? found.index - 1 : found.index + 2);
  return true;
}

/** Puts an answer before the one that is at this place of the list now, or behind the last. */
export function placeAnswer(desk: Desk, at: PortRef, place: number): void {
  const found = find(desk, at);
  if (found === undefined || place === found.index || place === found.index + 1) return;
  // Expected texts stand before any other text.
  const before = found.answers[place] ?? found.step.ports.find(({ kind }) => kind === "other-text");
  const { draft, run } = desk.editor.getState();
  run(moveAnswer(draft, { ...at, ...(before && { before: before.id }) }), "Move an answer");
}

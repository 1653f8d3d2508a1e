import type { Desk } from "../app/editor/desk.js";
import type { NewKind } from "../canvas/kinds.js";
import { addMessage, addQuestion, addText } from "../document/commands/add.js";
import { addAnswer, moveAnswer, removeAnswer } from "../document/commands/answers.js";
import type { CommandResult, PortRef, TextRef } from "../document/commands/command.js";
import { connect, disconnect } from "../document/commands/connect.js";
import { setText } from "../document/commands/text.js";
import type { Draft } from "../document/draft.js";
import type { Port, Step } from "../document/steps.js";
import { type LeadOption, leadOf } from "./leads.js";
import { pastedAnswers } from "./pasted-answers.js";

/** What the canvas adds to a command that places something, if there is one on the screen. */
const settled = ({ canvas }: Desk, result: CommandResult): CommandResult => canvas.current?.settled(result) ?? result;

/** Selects a step and brings it into view. */
export function goTo(desk: Desk, step: string): void {
  desk.editor.getState().select([step]);
  desk.canvas.current?.reveal(step);
}

/** The keyboard goes to a text. */
export function goToText(desk: Desk, at: TextRef): void {
  desk.editor.getState().run({ changes: [], select: [at.step], focus: at }, "Edit");
  desk.canvas.current?.reveal(at.step);
}

export function writeText(desk: Desk, at: TextRef, text: string): void {
  const { draft, run } = desk.editor.getState();
  run(setText(draft, { ...at, text }), "Edit the text", `text ${at.step} ${at.field} ${at.port ?? ""}`);
}

/** Leads a way out to what was chosen for it. */
export function lead(desk: Desk, from: PortRef, option: LeadOption): void {
  const { draft, run } = desk.editor.getState();
  if (option.kind === "step") return run(connect(draft, { from, to: option.step.id }), "Connect");
  if (option.kind === "end") return run(disconnect(draft, { from }), "Remove a connection");
  addAfter(desk, from, option.make);
}

function addAfter(desk: Desk, after: PortRef, kind: NewKind): void {
  const { draft, run } = desk.editor.getState();
  const at = desk.canvas.current?.place(kind, after);
  const where = { after, ...(at && { at }) };
  run(settled(desk, ADD[kind](draft, where)), "Add a step");
}
const ADD: Readonly<Record<NewKind, (draft: Draft, where: { after: PortRef }) => CommandResult>> = {
  message: addMessage,
  question: addQuestion,
  text: addText,
};

/** Goes on to what follows: the step that a way out leads to, or a new message there. */
export function openNext(desk: Desk, from: PortRef): void {
  const { steps } = desk.editor.getState();
  const found = leadOf(steps, from);
  if (found?.to !== undefined) return goToText(desk, { step: found.to.id, field: "text" });
  const step = steps.byId.get(from.step);
  // After a step that says nothing yet, nothing follows.
  if (`${step?.text ?? ""}${step?.prompt ?? ""}`.trim() !== "") addAfter(desk, from, "message");
}

/** Goes to the answer below, or makes one there; `port` absent: the first that is still without words, or one more. */
export function nextAnswer(desk: Desk, step: Step, port?: Port): void {
  const { draft, run } = desk.editor.getState();
  const answers = step.ports.filter(({ kind }) => kind !== "then" && kind !== "other-text");
  const below = port ? answers[answers.indexOf(port) + 1] : undefined;
  const empty = port ? (below?.label === "" ? below : undefined) : answers.find(({ label }) => label === "");
  if (empty) return goToText(desk, { step: step.id, field: "port", port: empty.id });
  run(addAnswer(draft, { step: step.id, ...(below && { before: below.id }) }), "Add an answer");
}

/** Several lines pasted into an answer: each is one. `before` and `after`: what stands around the caret. */
export function pasteAnswers(desk: Desk, at: PortRef, lines: readonly string[], before: string, after: string): void {
  const { draft, run } = desk.editor.getState();
  run(pastedAnswers(draft, { ...at, lines, before, after }), "Paste answers");
}

/** Takes an answer away. @returns the answer that the keyboard goes to */
export function dropAnswer(desk: Desk, step: Step, port: Port): Port | undefined {
  const { draft, run } = desk.editor.getState();
  const answers = step.ports.filter(({ kind }) => kind !== "then");
  const index = answers.indexOf(port);
  const result = removeAnswer(draft, { step: step.id, port: port.id });
  run(result, "Remove an answer");
  return result.refused === undefined ? (answers[index - 1] ?? answers[index + 1]) : port;
}

/** Moves an answer one place. @returns whether it had room to */
export function shiftAnswer(desk: Desk, step: Step, port: Port, by: -1 | 1): boolean {
  const answers = step.ports.filter(({ kind }) => kind === port.kind);
  const index = answers.indexOf(port);
  const before = by < 0 ? answers[index - 1] : answers[index + 2];
  if (by < 0 ? index <= 0 : index >= answers.length - 1) return false;
  placeAnswer(desk, step, port, before);
  return true;
}

/** Puts an answer before another of its kind; absent: behind the last. */
export function placeAnswer(desk: Desk, step: Step, port: Port, before: Port | undefined): void {
  const { draft, run } = desk.editor.getState();
  // Expected texts stand before any other text.
  const last = port.kind === "text" ? step.ports.find(({ kind }) => kind === "other-text") : undefined;
  const next = before ?? last;
  run(moveAnswer(draft, { step: step.id, port: port.id, ...(next && { before: next.id }) }), "Move an answer");
}

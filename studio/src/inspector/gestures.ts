import { showPanel } from "../app/editor/bench.js";
import type { Desk } from "../app/editor/desk.js";
import { addNew, type NewKind } from "../document/commands/add.js";
import type { CommandResult, PortRef, TextRef } from "../document/commands/command.js";
import { connect, disconnect } from "../document/commands/connect.js";
import { isOfText } from "../document/conflict.js";
import { caretOf } from "./caret.js";
import { conflictOf } from "./conflict-words.js";
import { type LeadOption, leadOf } from "./leads.js";

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

/** The keyboard goes to the words of a note or group, in the panel where they are edited. */
export function goToWords({ bench, editor }: Desk, item: string): void {
  showPanel(bench, "right", "inspector");
  caretOf(editor).setState({ wanted: { step: item, field: "text" } });
}

export function writeText(desk: Desk, at: TextRef, text: string): void {
  const { conflicts, steps, write, writeMine } = desk.editor.drawn.getState();
  const conflict = conflictOf(conflicts, steps, at);
  // One goes on with one's own text; what came from elsewhere is not typed into.
  if (conflict !== undefined && isOfText(conflict)) return writeMine(conflict, text);
  write(at, text);
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
  run(settled(desk, addNew(draft, kind, where)), "Add a step");
}

/** Goes on to what follows: the step that a way out leads to, or a new message there. */
export function openNext(desk: Desk, from: PortRef): void {
  const { steps } = desk.editor.getState();
  const found = leadOf(steps, from);
  if (found?.to !== undefined) return goToText(desk, { step: found.to.id, field: "text" });
  const step = steps.byId.get(from.step);
  // After a step that says nothing yet, nothing follows.
  if (`${step?.text ?? ""}${step?.prompt ?? ""}`.trim() !== "") addAfter(desk, from, "message");
}

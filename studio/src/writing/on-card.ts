import { type CanvasHandle, type Desk, isReadOnly } from "../app/editor/desk.js";
import type { TextRef } from "../document/commands/command.js";
import { placeOfText, readText } from "../document/commands/text.js";
import type { Step } from "../document/steps.js";
import { firstAnswer, nextAnswer } from "../inspector/answer-gestures.js";
import { caretOf } from "../inspector/caret.js";
import { conflictOf } from "../inspector/conflict-words.js";
import { openNext } from "../inspector/gestures.js";

/** Whether a text is one that is seen on its card, and can be edited there now. */
function isOnCard({ canvas, editor }: Desk, at: TextRef): boolean {
  const { conflicts, draft, steps } = editor.getState();
  const step = steps.byId.get(at.step);
  const isCard = step !== undefined && ["message", "question", "text", "hand-off"].includes(step.kind);
  const isSeen = { text: true, prompt: step?.kind === "text", port: step?.folded === true }[at.field];
  if (canvas.current === undefined || !isCard || !isSeen) return false;
  return placeOfText(draft, at) !== undefined && conflictOf(conflicts, steps, at) === undefined;
}

/** Edits a text where it is read, on its card. @returns false: it is not to be edited there */
export function editOnCard(desk: Desk, at: TextRef): boolean {
  if (isReadOnly(desk) || !isOnCard(desk, at)) return false;
  const { bench, editor, canvas } = desk;
  const { selection, select } = editor.getState();
  if (selection.length !== 1 || selection[0] !== at.step) select([at.step]);
  caretOf(editor).setState({ card: at, onCards: true });
  // What is added next follows the answer that is written.
  const { step, port } = at;
  bench.setState({ edge: undefined, port: port === undefined ? undefined : { step, port } });
  // What is far away is brought near: it is written as it will look.
  if (zoomOf(canvas.current!) < NEAR) canvas.current!.fit([at.step]);
  else canvas.current!.reveal(at.step);
  return true;
}

/** Below this a text is too small to write in. */
const NEAR = 0.6;

/** How large everything is drawn. */
function zoomOf({ toCanvas }: CanvasHandle): number {
  return 100 / (toCanvas({ x: 100, y: 0 }).x - toCanvas({ x: 0, y: 0 }).x);
}

/** The card is left; `at` is what was edited. */
export function leaveCard({ editor }: Desk, at: TextRef): void {
  const caret = caretOf(editor);
  if (caret.getState().card === at) caret.setState({ card: undefined, typing: undefined });
}

/**
 * Goes on from a text on a card: from a message to the next, from a question to its answers; from an answer Enter makes
 * the next one, and Tab goes on to what follows it. From a text that asks for one Tab goes on to its placeholder, and a
 * message that nothing follows becomes a question by Tab.
 */
export function goOn(desk: Desk, step: Step, at: TextRef, key: "Enter" | "Tab"): void {
  const { id, kind, ports } = step;
  const { field, port } = at;
  if (field === "port" && port !== undefined) {
    if (key === "Enter") nextAnswer(desk, { step: id, port });
    else openNext(desk, { step: id, port });
  } else if (kind === "question") firstAnswer(desk, step);
  else if (kind === "text" && field === "text" && key === "Tab") editOnCard(desk, { step: id, field: "prompt" });
  else {
    const way = ports.find(({ kind }) => kind === "other-text" || kind === "then" || kind === "outcome");
    const isLast =
      kind === "message" && way?.to === undefined && readText(desk.editor.getState().draft, at).trim() !== "";
    if (isLast && key === "Tab") firstAnswer(desk, step);
    else if (way) openNext(desk, { step: id, port: way.id });
  }
}

/**
 * Whoever writes on cards goes on there: what a command asks to edit next is edited on its card, until a text of the panel
 * is gone to.
 */
export function keepOnCards(desk: Desk): () => void {
  return desk.editor.subscribe(({ focus, focused }, before) => {
    if (focus === undefined || focus === before.focus || !caretOf(desk.editor).getState().onCards) return;
    if (editOnCard(desk, focus)) focused();
  });
}

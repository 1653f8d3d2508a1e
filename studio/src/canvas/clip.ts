import type { Point } from "@parley/shared/flow/layout";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { copy, isClip, paste } from "../document/clipboard.js";
import { remove } from "../document/commands/remove.js";
import { addPictures, showsPictures } from "../pictures/add-pictures.js";
import { looksLikeScript } from "../script/looks-like-script.js";
import { showPasted } from "../script/pending.js";
import { handStep } from "./hand.js";

/** What was copied last, for a menu that may not read the system's clipboard; other tabs see it too. */
const KEPT = "parley-studio-clip";

/** The selection as text for the clipboard; undefined when nothing is selected. */
export function copySelection({ editor }: Desk): string | undefined {
  const { draft, selection } = editor.getState();
  if (selection.length === 0) return undefined;
  const text = copy(draft, selection);
  try {
    localStorage.setItem(KEPT, text);
  } catch {
    // Full or forbidden: the system's clipboard has it.
  }
  return text;
}

export function cutSelection(desk: Desk): string | undefined {
  const text = copySelection(desk);
  const { draft, selection, run } = desk.editor.getState();
  if (text !== undefined && !isReadOnly(desk)) run(remove(draft, { items: selection }), "Cut");
  return text;
}

/** Puts in what was copied, or shows plain text as the steps it would be: at the pointer, when that is over the canvas, else in the middle of what is seen. */
export function pasteText(desk: Desk, text: string, place?: Point): void {
  const at = place ?? desk.canvas.current?.pointer() ?? desk.canvas.current?.place("message");
  if (isReadOnly(desk)) return;
  if (!isClip(text)) {
    if (looksLikeScript(text)) showPasted(desk, text, desk.canvas.current?.pointer());
    return;
  }
  const { draft, run, newId } = desk.editor.getState();
  const result = paste(draft, { text, ids: newId, ...(at && { at }) });
  run(desk.canvas.current?.settled(result) ?? result, "Paste");
}

/** Puts pictures into the step in hand, or into a message of their own where that holds none. */
export function pastePictures(desk: Desk, pictures: readonly File[]): void {
  const step = handStep(desk);
  const at = desk.canvas.current?.pointer() ?? desk.canvas.current?.place("message");
  if (!isReadOnly(desk)) addPictures(desk, pictures, showsPictures(step) ? { step: step.id } : { at });
}

export const keptClip = (): string | undefined => {
  try {
    return localStorage.getItem(KEPT) ?? undefined;
  } catch {
    return undefined;
  }
};

/** For a menu's "Copy": the browser lets a click write to the clipboard. */
export function writeClipboard(text: string | undefined): void {
  // Where that is refused (no https), the kept text still serves every tab of the studio.
  if (text !== undefined) navigator.clipboard?.writeText(text).catch(() => undefined);
}

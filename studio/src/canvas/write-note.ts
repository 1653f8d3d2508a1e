import type { Point } from "@parley/shared/flow/layout";
import type { Desk } from "../app/editor/desk.js";
import { addNote } from "../document/commands/drawing.js";
import { goToWords } from "../inspector/gestures.js";

/** Puts a new note on the drawing, to be written at once. `at`: its corner, in pixels of the canvas. */
export function writeNote(desk: Desk, at: Point): void {
  const { draft, run, newId, now } = desk.editor.getState();
  const result = addNote(draft, { id: newId(), at, author: desk.author, now: now() });
  run(result, "Add a note");
  for (const note of result.select ?? []) goToWords(desk, note);
}

import type { ClipboardEvent, DragEvent } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import type { Step } from "../document/steps.js";
import { addPictures, showsPictures } from "./add-pictures.js";
import { holdsPictures, picturesOf } from "./picture-files.js";

/** Pictures that are dropped or pasted where a step is edited go into it. */
export function usePictureTarget(step: Pick<Step, "id" | "kind">) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  if (readOnly || !showsPictures(step)) return {};
  const take = (event: ClipboardEvent | DragEvent, files: readonly File[]) => {
    if (files.length === 0) return;
    event.preventDefault();
    addPictures(desk, files, { step: step.id });
  };
  return {
    // Programs that copy a text often add a picture of it.
    onPaste: (event: ClipboardEvent) =>
      event.clipboardData.getData("text/plain") === "" && take(event, picturesOf(event.clipboardData)),
    onDragOver: (event: DragEvent) => holdsPictures(event.dataTransfer) && event.preventDefault(),
    onDrop: (event: DragEvent) => take(event, picturesOf(event.dataTransfer)),
  };
}

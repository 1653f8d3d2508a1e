import { type DragEvent, useState } from "react";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { addAlone, addAt, addOnto } from "../canvas/add-step.js";
import { NEW_KINDS, STEP_DRAG_TYPE } from "../canvas/kinds.js";
import { placeOfRow } from "./row-place.js";
import type { Outline } from "./use-outline.js";

/** The row that takes what is held over it, in pixels of the tree. */
export type Into = { readonly top: number; readonly height: number };

/** Takes steps dragged from a palette: on a row they go behind it, elsewhere they stand alone. */
export function useRowDrop(desk: Desk, { rows, places }: Outline) {
  const [into, setInto] = useState<Into>();
  const elementOf = ({ target }: DragEvent) =>
    target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  const takes = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes(STEP_DRAG_TYPE) && !isReadOnly(desk);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!takes(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      const element = elementOf(event);
      setInto(element === null ? undefined : placeOfRow(element));
    },
    onDragLeave: () => setInto(undefined),
    onDrop: (event: DragEvent) => {
      setInto(undefined);
      const kind = NEW_KINDS.find((known) => known.kind === event.dataTransfer.getData(STEP_DRAG_TYPE))?.kind;
      if (kind === undefined || !takes(event)) return;
      event.preventDefault();
      const row = rows[places.get(elementOf(event)?.dataset.row ?? "") ?? -1];
      const step = row && desk.editor.getState().steps.byId.get(row.step);
      if (row === undefined || step === undefined) return addAlone(desk, kind);
      if (row.port === undefined) return addOnto(desk, kind, step);
      addAt(desk, kind, { step: row.step, port: row.port });
    },
  };
  return { into, handlers };
}

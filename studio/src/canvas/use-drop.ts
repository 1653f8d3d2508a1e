import { type DragEvent, useCallback, useState } from "react";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { addNew, insertOnEdge } from "../document/commands/add.js";
import type { Step } from "../document/steps.js";
import { addPictures, showsPictures } from "../pictures/add-pictures.js";
import { holdsPictures, picturesOf } from "../pictures/picture-files.js";
import { CARD } from "../theme/theme.js";
import { addOnto } from "./add-step.js";
import { byNodeId, cardUnder, edgeUnder } from "./edge-at.js";
import { NEW_KINDS, NOTE_DRAG_TYPE, STEP_DRAG_TYPE } from "./kinds.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { writeNote } from "./write-note.js";

/** How high a new step of a kind is, roughly: it is held by its head. */
const HOLD = { x: CARD.width / 2, y: CARD.head / 2 };
const NONE: ReadonlySet<string> = new Set();

/**
 * Takes steps dragged from a palette: on an edge they go into it, on a card behind it, elsewhere they stand alone.
 */
export function useDrop(desk: Desk, drawn: () => { nodes: readonly CanvasNode[]; edges: readonly CanvasEdge[] }) {
  const [target, setTarget] = useState<string>();
  const find = useCallback(
    (event: DragEvent) => {
      const at = desk.canvas.current?.toCanvas({ x: event.clientX, y: event.clientY }) ?? { x: 0, y: 0 };
      const { nodes, edges } = drawn();
      const card = cardUnder(at.x, at.y, nodes, NONE);
      const around = { x: at.x - HOLD.x / 2, y: at.y - HOLD.y, width: HOLD.x, height: 2 * HOLD.y };
      const edge = card === undefined ? edgeUnder(around, byNodeId(nodes), edges, NONE) : undefined;
      return { at: { x: at.x - HOLD.x, y: at.y - HOLD.y }, card, edge };
    },
    [desk, drawn],
  );
  const onDragOver = useCallback(
    (event: DragEvent) => {
      const { types } = event.dataTransfer;
      const arePictures = holdsPictures(event.dataTransfer);
      const isNote = types.includes(NOTE_DRAG_TYPE);
      if (!(isNote || arePictures || types.includes(STEP_DRAG_TYPE)) || isReadOnly(desk)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      if (isNote) return;
      const { card, edge } = find(event);
      if (arePictures) return setTarget(showsPictures(stepOf(desk, card)) ? card?.id : undefined);
      setTarget(card?.id ?? edge?.id);
    },
    [desk, find],
  );
  const onDrop = useCallback(
    (event: DragEvent) => {
      setTarget(undefined);
      if (event.dataTransfer.types.includes(NOTE_DRAG_TYPE)) return dropNote(desk, event);
      const pictures = picturesOf(event.dataTransfer);
      if (pictures.length > 0 && !isReadOnly(desk)) {
        event.preventDefault();
        const { at, card } = find(event);
        const step = stepOf(desk, card);
        return addPictures(desk, pictures, showsPictures(step) ? { step: step.id } : { at });
      }
      const kind = NEW_KINDS.find((known) => known.kind === event.dataTransfer.getData(STEP_DRAG_TYPE))?.kind;
      const { canvas, editor } = desk;
      if (kind === undefined || canvas.current === undefined || isReadOnly(desk)) return;
      event.preventDefault();
      const { draft, run } = editor.getState();
      const { at, card, edge } = find(event);
      canvas.current.focus();
      const label = "Add a step";
      const way = edge?.data?.edge;
      if (way !== undefined) {
        const from = { step: way.from, port: way.port };
        return run(canvas.current.between(insertOnEdge(draft, { edge: from, kind }), from, undefined), label);
      }
      if (edge !== undefined) {
        return run(canvas.current.settled(addNew(draft, kind, { start: true, insert: true, at })), label);
      }
      const step = stepOf(desk, card);
      if (step !== undefined) return addOnto(desk, kind, step);
      run(canvas.current.settled(addNew(draft, kind, { at })), label);
    },
    [desk, find],
  );
  const onDragLeave = useCallback(() => setTarget(undefined), []);
  return { target, handlers: { onDragOver, onDrop, onDragLeave } };
}

const stepOf = ({ editor }: Desk, card: CanvasNode | undefined): Step | undefined =>
  card && editor.getState().steps.byId.get(card.data.item);

function dropNote(desk: Desk, event: DragEvent): void {
  const { canvas } = desk;
  if (canvas.current === undefined || isReadOnly(desk)) return;
  event.preventDefault();
  const { x, y } = canvas.current.toCanvas({ x: event.clientX, y: event.clientY });
  writeNote(desk, { x: x - CARD.noteWidth / 2, y: y - HOLD.y });
}

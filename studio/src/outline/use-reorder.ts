import { type DragEvent, useState } from "react";
import type { Desk } from "../app/editor/desk.js";
import { moveBefore } from "./move-actions.js";
import { placeOfRow } from "./row-place.js";
import type { Row } from "./rows.js";
import type { Outline } from "./use-outline.js";

/** What a row is dragged as: its step. */
const TYPE = "application/x-parley-order";

/** Where a dragged step would go. */
export type Gap = { readonly top: number; readonly before: string | undefined };

/** Dragging rows puts their steps elsewhere in the file. */
export function useReorder(desk: Desk, { rows, places }: Outline, enabled: boolean) {
  const [gap, setGap] = useState<Gap>();
  const [dragged, setDragged] = useState<string>();
  const rowOf = (event: DragEvent): { row: Row; element: HTMLElement } | undefined => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null;
    const row = element === null ? undefined : rows[places.get(element.dataset.row ?? "") ?? -1];
    return element === null || row === undefined ? undefined : { row, element };
  };
  const stop = () => {
    setGap(undefined);
    setDragged(undefined);
  };
  const handlers = {
    onDragStart: (event: DragEvent) => {
      const found = rowOf(event);
      if (!enabled || found === undefined) return;
      event.dataTransfer.setData(TYPE, found.row.step);
      event.dataTransfer.effectAllowed = "move";
      setDragged(found.row.step);
    },
    onDragOver: (event: DragEvent) => {
      const found = rowOf(event);
      if (dragged === undefined || found === undefined) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      setGap(gapAt(found, event.clientY, rows, places));
    },
    onDrop: (event: DragEvent) => {
      if (dragged === undefined || gap === undefined) return;
      event.preventDefault();
      if (gap.before !== dragged) moveBefore(desk, dragged, gap.before);
      stop();
    },
    onDragEnd: stop,
  };
  return { gap, handlers };
}

/** The gap above or below the step that is under the pointer, its ways out included. */
function gapAt(
  { row, element }: { row: Row; element: HTMLElement },
  y: number,
  rows: readonly Row[],
  places: ReadonlyMap<string, number>,
): Gap {
  const own = places.get(row.key)!;
  const { top, height } = element.getBoundingClientRect();
  if (row.port === undefined && y < top + height / 2) return { top: placeOfRow(element).top, before: row.step };
  const next = rows.slice(own + 1).find(({ port }) => port === undefined);
  const following =
    next && element.closest("[role=tree]")?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.key)}"]`);
  if (next === undefined || !following) {
    const last = element.closest<HTMLElement>("[role=tree]")!;
    return { top: last.scrollHeight - 2, before: undefined };
  }
  return { top: placeOfRow(following).top, before: next.step };
}

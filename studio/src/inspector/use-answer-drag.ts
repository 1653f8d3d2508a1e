import { type PointerEvent, type RefObject, useEffect, useState } from "react";
import { isReadOnly, useDesk } from "../app/editor/desk.js";
import type { Port, Step } from "../document/steps.js";
import { placeAnswer } from "./gestures.js";

type Drag = { readonly port: string; readonly to: number };

/** Answers are dragged by a grip. Where the dragged one would go is a line; it goes there when it is let go. */
export function useAnswerDrag(list: RefObject<HTMLElement | null>, step: Step) {
  const desk = useDesk();
  const [drag, setDrag] = useState<Drag>();
  const rows = step.ports.filter(({ kind }) => kind === "answer" || kind === "text");
  const from = rows.findIndex(({ id }) => id === drag?.port);
  useEffect(() => {
    if (drag === undefined) return;
    const onMove = (event: globalThis.PointerEvent) => {
      const to = placeAt(list.current, event.clientY);
      setDrag((drag) => drag && { ...drag, to });
    };
    const onUp = () => {
      setDrag(undefined);
      const port = rows[from];
      if (port !== undefined && drag.to !== from && drag.to !== from + 1) placeAnswer(desk, step, port, rows[drag.to]);
    };
    const stop = () => setDrag(undefined);
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && stop();
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", onKey);
    };
  });
  return {
    handleOf: (port: Port) => ({
      dragged: drag?.port === port.id,
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0 || isReadOnly(desk)) return;
        event.preventDefault();
        setDrag({ port: port.id, to: rows.indexOf(port) });
      },
    }),
    lineAt: (index: number): "above" | "below" | undefined => {
      if (drag === undefined || drag.to === from || drag.to === from + 1) return undefined;
      if (drag.to === index) return "above";
      return drag.to === rows.length && index === rows.length - 1 ? "below" : undefined;
    },
  };
}

/** Before which row something would be dropped at this height of the screen. */
function placeAt(list: HTMLElement | null, y: number): number {
  const rows = [...(list?.children ?? [])];
  const below = rows.findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return below < 0 ? rows.length : below;
}

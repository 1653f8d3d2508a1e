import { type PointerEvent, type RefObject, useCallback, useEffect, useState } from "react";
import { isReadOnly, useDesk } from "../app/editor/desk.js";
import { placeAnswer } from "./answer-gestures.js";

/** `to`: before which row it would go. */
type Drag = { readonly port: string; readonly from: number; readonly to: number };

/** Answers are dragged by a grip. Where the dragged one would go is a line; it goes there when it is let go. */
export function useAnswerDrag(list: RefObject<HTMLElement | null>, step: string) {
  const desk = useDesk();
  const [drag, setDrag] = useState<Drag>();
  useEffect(() => {
    if (drag === undefined) return;
    const stop = () => setDrag(undefined);
    const onMove = (event: globalThis.PointerEvent) => setDrag({ ...drag, to: placeAt(list.current, event.clientY) });
    const onUp = () => {
      stop();
      placeAnswer(desk, { step, port: drag.port }, drag.to);
    };
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
  }, [drag, list, desk, step]);
  const hold = useCallback(
    (event: PointerEvent, port: string, from: number) => {
      if (event.button !== 0 || isReadOnly(desk)) return;
      event.preventDefault();
      setDrag({ port, from, to: from });
    },
    [desk],
  );
  /** Where the line is drawn at a row, of so many. */
  const lineAt = (index: number, count: number): "above" | "below" | undefined => {
    if (drag === undefined || drag.to === drag.from || drag.to === drag.from + 1) return undefined;
    if (drag.to === index) return "above";
    return drag.to === count && index === count - 1 ? "below" : undefined;
  };
  return { dragged: drag?.port, hold, lineAt };
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

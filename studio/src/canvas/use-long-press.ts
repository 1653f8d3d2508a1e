import { type RefObject, useEffect } from "react";

const HELD = 500;
/** So far a finger may slip, in pixels. */
const SLIP = 10;

/**
 * A finger held still opens the menu, as a right click does: some browsers say nothing of it themselves. What follows of
 * the same touch is no click.
 */
export function useLongPress(
  wrapper: RefObject<HTMLElement | null>,
  open: (target: Element, at: { clientX: number; clientY: number }) => void,
): void {
  useEffect(() => {
    const element = wrapper.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { clientX: 0, clientY: 0 };
    let opened = false;
    const stop = () => clearTimeout(timer);
    const onDown = (event: PointerEvent) => {
      stop();
      opened = false;
      const { target, clientX, clientY } = event;
      // A second finger zooms.
      if (event.pointerType !== "touch" || !event.isPrimary || !(target instanceof Element)) return;
      from = { clientX, clientY };
      timer = setTimeout(() => {
        opened = true;
        open(target, from);
      }, HELD);
    };
    const onMove = ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - from.clientX, clientY - from.clientY) > SLIP) stop();
    };
    const onEnd = (event: Event) => {
      if (!opened) return;
      // Else a press and a click of the mouse would be made of it, and close the menu.
      event.preventDefault();
      event.stopPropagation();
      if (event.type !== "contextmenu") opened = false;
    };
    const listeners = [
      ["pointerdown", onDown],
      ["pointermove", onMove],
      ["pointerup", stop],
      ["pointercancel", stop],
      ["touchend", onEnd],
      ["contextmenu", onEnd],
    ] as const;
    for (const [name, listener] of listeners) element.addEventListener(name, listener as EventListener, true);
    return () => {
      stop();
      for (const [name, listener] of listeners) element.removeEventListener(name, listener as EventListener, true);
    };
  }, [wrapper, open]);
}

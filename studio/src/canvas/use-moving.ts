import { type RefObject, useEffect, useMemo } from "react";

/** After the last move by hand, in ms: nobody has gone from the wheel to a click by then. */
const OVER = 80;

/**
 * While somebody moves the canvas, nothing on it is met by the pointer (`data-moving`, in the style sheet): what passes by
 * below it is not pointed at, and to find out what it would be costs as much as the drawing.
 * @returns for React Flow's `onMove`
 */
export function useMoving(wrapper: RefObject<HTMLElement | null>) {
  const moving = useMemo(() => {
    let over: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(over);
      over = undefined;
      wrapper.current?.removeAttribute("data-moving");
    };
    const move = (event: MouseEvent | TouchEvent | null) => {
      // By a command, nothing is under way.
      if (event === null) return;
      if (over === undefined) wrapper.current?.setAttribute("data-moving", "");
      clearTimeout(over);
      over = setTimeout(end, OVER);
    };
    return { move, end };
  }, [wrapper]);
  useEffect(() => moving.end, [moving]);
  return moving.move;
}

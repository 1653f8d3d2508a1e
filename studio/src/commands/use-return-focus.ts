import { useRef } from "react";
import { focusSteps } from "../app/editor/steps-focus.js";

/**
 * Remembers what had the focus before something opened over it.
 * @returns puts the focus back there: at once, so that what comes next may take it
 */
export function useReturnFocus(opened: boolean): () => void {
  const before = useRef<HTMLElement>(undefined);
  const was = useRef(false);
  if (opened && !was.current && document.activeElement instanceof HTMLElement) before.current = document.activeElement;
  was.current = opened;
  return () => {
    const place = before.current;
    if (place?.isConnected && place !== document.body) place.focus({ preventScroll: true });
    else focusSteps();
  };
}

import { useRef } from "react";
import { focusSteps } from "../app/editor/steps-focus.js";

/**
 * Remembers what had the focus before something opened over it.
 * @returns puts the focus back there: at once, so that what comes next may take it
 */
export function useReturnFocus(opened: boolean): () => void {
  const before = useRef<HTMLElement>(undefined);
  const was = useRef(false);
  if (opened && !was.current) before.current = present();
  was.current = opened;
  return () => {
    const place = before.current;
    if (place?.isConnected && place !== document.body) place.focus({ preventScroll: true });
    else focusSteps();
  };
}

/** What has the focus; of a menu that closes, the button that opened it. */
function present(): HTMLElement | undefined {
  const { activeElement } = document;
  const opener = activeElement?.closest("[role=menu]")
    ? document.querySelector("[aria-haspopup=menu][aria-expanded=true]")
    : activeElement;
  return opener instanceof HTMLElement ? opener : undefined;
}

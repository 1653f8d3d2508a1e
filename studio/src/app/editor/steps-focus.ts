import { useEffect } from "react";
import { STEPS_ATTRIBUTE } from "./action.js";

const STEPS = `[${STEPS_ATTRIBUTE}]`;
const ANYTHING = "main .cm-content, main :is(input, textarea, button, [tabindex='0'])";
/** The drawing or the outline, whichever had the keyboard last. */
let last: HTMLElement | undefined;

/** Remembers where steps have the focus, while the editor is on the screen. */
export function useStepsFocus(): void {
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      const steps = target instanceof Element ? target.closest<HTMLElement>(STEPS) : null;
      if (steps !== null) last = steps;
    };
    document.addEventListener("focusin", onFocus);
    return () => {
      document.removeEventListener("focusin", onFocus);
      last = undefined;
    };
  }, []);
}

/** Puts the keyboard back where steps had it last; else on whatever shows steps; else in what is shown. */
export function focusSteps(): void {
  const place = last?.isConnected ? last : document.querySelector<HTMLElement>(STEPS);
  (place ?? document.querySelector<HTMLElement>(ANYTHING))?.focus({ preventScroll: true });
}

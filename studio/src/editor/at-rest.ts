import type { Timer } from "./autosave.js";

/** After the frame that shows what was done, in ms. */
const FRAME = 20;
/** What comes again within so many ms is a burst: somebody types. */
const BURST = 250;
/** A burst that goes on is waited for no longer, in ms. */
const MOST = 1500;

/**
 * Puts off what is large work until the hand rests: at once after the frame when it is asked for once, and at the end of a
 * burst. Only the newest that was asked for is run.
 * @param now milliseconds
 */
export function atRest(timer: Timer, now: () => number): (run: () => void) => void {
  let cancel: (() => void) | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  let ran = Number.NEGATIVE_INFINITY;
  return (run) => {
    cancel?.();
    const at = now();
    const isBurst = at - asked < BURST;
    if (!isBurst) ran = at;
    asked = at;
    const wait = isBurst ? Math.max(0, Math.min(BURST, ran + MOST - at)) : FRAME;
    cancel = timer(() => {
      cancel = undefined;
      ran = now();
      run();
    }, wait);
  };
}

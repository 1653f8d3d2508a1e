import type { Timer } from "./autosave.js";

/** Nothing was asked for so long, in ms: the hand rests. */
const REST = 250;
/** A burst that goes on is waited for no longer, in ms. */
const MOST = 3000;

/**
 * Puts off what is large work until the hand rests. Only the newest that was asked for is run.
 * @param now milliseconds
 */
export function atRest(timer: Timer, now: () => number): (run: () => void) => void {
  let newest: (() => void) | undefined;
  let first = 0;
  let last = 0;
  // One timer for a whole burst: to set one anew with each letter costs as much as to draw it.
  const wait = (ms: number) => {
    timer(() => {
      const due = Math.min(last + REST, first + MOST) - now();
      if (due > 0) return wait(due);
      const run = newest;
      newest = undefined;
      run?.();
    }, ms);
  };
  return (run) => {
    last = now();
    const isWaiting = newest !== undefined;
    newest = run;
    if (isWaiting) return;
    first = last;
    wait(REST);
  };
}

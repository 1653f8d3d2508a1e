import type { StepGraph } from "../document/steps.js";
import type { Timer } from "../editor/autosave.js";
import type { Editor } from "../editor/store.js";

/** With more steps than this, the drawing as a whole costs more than the letter that it follows. */
const LARGE = 1000;
/** So often a large drawing follows what is typed, in ms. The field itself shows every letter at once. */
const PACE = 100;

/** The steps that are drawn, for React's `useSyncExternalStore`. */
export type DrawnSteps = {
  readonly get: () => StepGraph;
  readonly subscribe: (listener: () => void) => () => void;
};

/**
 * The steps of the present draft; of a large flow, while nothing but words changes, as they were a moment ago. What is
 * added, removed, connected or moved is there at once.
 */
export function drawnSteps(editor: Pick<Editor["drawn"], "getState" | "subscribe">, timer: Timer): DrawnSteps {
  const listeners = new Set<() => void>();
  let shown = editor.getState().steps;
  let endPause: (() => void) | undefined;
  let leave: (() => void) | undefined;

  const show = () => {
    const { steps } = editor.getState();
    if (steps === shown) return;
    shown = steps;
    if (steps.steps.length > LARGE) endPause ??= timer(afterPause, PACE);
    for (const listener of listeners) listener();
  };
  const afterPause = () => {
    endPause = undefined;
    show();
  };
  const changed = () => {
    if (endPause === undefined || !onlyWords(shown, editor.getState().steps)) show();
  };
  return {
    get: () => {
      // Before anybody listens, nothing says that it is another.
      if (leave === undefined) shown = editor.getState().steps;
      return shown;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (leave === undefined) {
        // What was done since it was drawn is seen by whoever asks now.
        shown = editor.getState().steps;
        leave = editor.subscribe(changed);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        leave?.();
        leave = undefined;
        endPause?.();
        endPause = undefined;
      };
    },
  };
}

/** Whether the same steps stand there, with the same ways out to the same places. */
function onlyWords(a: StepGraph, b: StepGraph): boolean {
  if (a.view !== b.view || a.start !== b.start || a.edges !== b.edges || a.steps.length !== b.steps.length)
    return false;
  return a.steps.every((step, index) => {
    const other = b.steps[index]!;
    return step === other || (step.id === other.id && step.ports.length === other.ports.length);
  });
}

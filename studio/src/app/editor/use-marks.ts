import { useMemo, useRef } from "react";
import { type Marks, marksOf } from "./shown-findings.js";
import { useShown } from "./use-shown.js";

/** What is wrong with each step, as far as it is shown yet; of a step where that is the same, the same object. */
export function useMarks(): ReadonlyMap<string, Marks> {
  const shown = useShown();
  const before = useRef<ReadonlyMap<string, Marks>>(undefined);
  return useMemo(() => {
    before.current = marksOf(shown, before.current);
    return before.current;
  }, [shown]);
}

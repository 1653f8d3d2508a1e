import { useMemo, useRef } from "react";
import type { StepGraph } from "../../document/steps.js";
import { type Marks, marksOf } from "./shown-findings.js";
import { useShownIn } from "./use-shown.js";

/** What is wrong with each of these steps, as far as it is shown yet; of a step where that is the same, the same object. */
export function useMarks(graph: StepGraph): ReadonlyMap<string, Marks> {
  const shown = useShownIn(graph);
  const before = useRef<ReadonlyMap<string, Marks>>(undefined);
  return useMemo(() => {
    before.current = marksOf(shown, before.current);
    return before.current;
  }, [shown]);
}

import type { Point } from "@parley/shared/flow/layout";
import { useMemo, useRef } from "react";
import { useEditor } from "../app/editor/desk.js";
import { useMarks } from "../app/editor/use-marks.js";
import type { StepGraph } from "../document/steps.js";
import { type Projection, project } from "./project.js";

/** The drawing of the present draft; what did not change is the same object as before. */
export function useProjection(graph: StepGraph, places: ReadonlyMap<string, Point>): Projection {
  const layout = useEditor((state) => state.draft.layout);
  const marks = useMarks(graph);
  const before = useRef<Projection>(undefined);
  return useMemo(() => {
    before.current = project({ graph, layout, places, marks }, before.current);
    return before.current;
  }, [graph, layout, places, marks]);
}

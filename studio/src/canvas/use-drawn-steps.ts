import { useState, useSyncExternalStore } from "react";
import { useDesk } from "../app/editor/desk.js";
import { pageTimer } from "../app/page-timer.js";
import type { StepGraph } from "../document/steps.js";
import { drawnSteps } from "./drawn-steps.js";

/** The steps that are drawn now. */
export function useDrawnSteps(): StepGraph {
  const { editor } = useDesk();
  const [drawn] = useState(() => drawnSteps(editor.drawn, pageTimer));
  return useSyncExternalStore(drawn.subscribe, drawn.get);
}

import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import { paintOf } from "./overlay.js";
import type { StepPaint } from "./overlay-paint.js";

/** What is painted over a step; undefined: nothing. */
export const useStepPaint = (step: string): StepPaint | undefined =>
  useStore(paintOf(useDesk().editor), ({ steps }) => steps.get(step));

/** Whether the conversation that is painted took this edge. */
export const useOnPath = (edge: string | undefined): boolean =>
  useStore(paintOf(useDesk().editor), ({ edges }) => edge !== undefined && edges.has(edge));

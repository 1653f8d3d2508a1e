import { createContext, useContext } from "react";
import type { StepGraph } from "../document/steps.js";

/** What cards and edges call. The same object for the life of a canvas: nothing is drawn again because of it. */
export type CanvasActs = {
  /** Opens the list of what comes next, at a place of the screen. */
  next(step: string, port: string, at: { clientX: number; clientY: number }): void;
  insert(step: string, port: string, at: { clientX: number; clientY: number }): void;
  cut(step: string, port: string): void;
  /** A group's steps come along when it is dragged. */
  hold(item: string, members: readonly string[]): void;
  editNote(id: string, text: string): void;
  sizeNote(id: string, width: number, height: number): void;
  titleGroup(id: string, title: string): void;
  graph(): StepGraph;
  /** The id of the element of a card, or of a way out of it, on this canvas. */
  elementId(item: string, port?: string): string;
  readOnly(): boolean;
};

const CanvasContext = createContext<CanvasActs | undefined>(undefined);
export const CanvasProvider = CanvasContext.Provider;

export function useCanvas(): CanvasActs {
  const acts = useContext(CanvasContext);
  if (!acts) throw new Error("useCanvas is used outside of a canvas");
  return acts;
}

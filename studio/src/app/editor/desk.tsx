import type { Point } from "@parley/shared/flow/layout";
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { CallApi } from "../../api.js";
import type { NewKind } from "../../document/commands/add.js";
import type { CommandResult, PortRef } from "../../document/commands/command.js";
import type { Box } from "../../document/commands/drawing.js";
import type { Editor, EditorState } from "../../editor/store.js";
import type { Action } from "./action.js";
import type { Bench, BenchStore } from "./bench.js";

/** What others may ask of the canvas, while there is one on the screen. */
export type CanvasHandle = {
  /** Puts the keyboard on it. */
  focus(): void;
  /** Brings a step (or note, group) into view; `center` also when it is. */
  reveal(item: string, center?: boolean): void;
  fit(items?: readonly string[]): void;
  /** Shows these: all of them, or where they would be too small to read `one` of them; without it the first, at 100 %. */
  show(items: readonly string[], one?: string): void;
  zoom(to: "in" | "out" | 1): void;
  /** Where a new step has room: behind a port, or in the middle of what is seen. In pixels of the canvas. */
  place(kind: NewKind, after?: PortRef): Point;
  /** A command that puts a step on an edge, with room made for it: what follows moves aside. */
  between(result: CommandResult, edge: PortRef, step: string | undefined): CommandResult;
  /** Where something is on the screen, in pixels. */
  anchor(item: string, port?: string): Point | undefined;
  toCanvas(screen: Point): Point;
  /** The pointer, while it is over the canvas, in pixels of the canvas. */
  pointer(): Point | undefined;
  boxes(steps: readonly string[]): Box[];
  /** Lays out all, or some, by itself. */
  tidy(steps?: readonly string[]): Promise<void>;
  /** A command that places something: what was only laid out by itself is placed with it, so that nothing jumps. */
  settled(result: CommandResult): CommandResult;
};

/** Everything about one open flow that its panels share. */
export type Desk = {
  readonly editor: Editor;
  readonly bench: BenchStore;
  readonly canvas: { current: CanvasHandle | undefined };
  /** Everything one can do, for keys, menus and the command palette. */
  readonly actions: readonly Action[];
  readonly api: CallApi;
  /** Takes an archived flow back; absent: it is none, or one may not. */
  readonly restore: (() => void) | undefined;
  /** Whether one may change it. */
  readonly mayWrite: boolean;
  /** It shows an earlier state, over the desk of the present one. */
  readonly look?: true;
  /** The name of who is here, for notes. */
  readonly author: string;
};

const DeskContext = createContext<Desk | undefined>(undefined);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("useDesk is used outside of an editor");
  return desk;
}

/** A part of the open flow's state; the component draws again when that part is another. */
export function useEditor<Part>(select: (state: EditorState) => Part): Part {
  return useStore(useDesk().editor.drawn, select);
}

export function useBench<Part>(select: (state: Bench) => Part): Part {
  return useStore(useDesk().bench, select);
}

/** Whether the views of the draft can be edited: not without the right, and not while the JSON view's text does not parse. */
export function useReadOnly(): boolean {
  const { mayWrite } = useDesk();
  return useEditor((state) => state.text !== undefined) || !mayWrite;
}

export const isReadOnly = ({ mayWrite, editor }: Desk): boolean => !mayWrite || editor.getState().text !== undefined;

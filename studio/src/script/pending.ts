import type { Point } from "@parley/shared/flow/layout";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Desk } from "../app/editor/desk.js";
import type { Editor } from "../editor/store.js";

/** A script that is being written and not taken yet. */
export type Pending = {
  readonly text: string;
  /** Where on the canvas it goes; absent: where there is room. */
  readonly at: Point | undefined;
  /** It was pasted: it is looked at, and taken. */
  readonly pasted: boolean;
};

/** What lies over the editor while one writes. */
export const SCRIPT = "script";

const all = new WeakMap<Editor, StoreApi<Pending>>();

/** The script of an open flow: what was written stays there when the dialog is closed. */
export function pendingOf(editor: Editor): StoreApi<Pending> {
  let pending = all.get(editor);
  if (!pending) {
    pending = createStore<Pending>(() => ({ text: "", at: undefined, pasted: false }));
    all.set(editor, pending);
  }
  return pending;
}

/** Opens the place to write a script; what was written there before is still there. */
export function writeScript({ bench, editor }: Desk): void {
  pendingOf(editor).setState({ at: undefined, pasted: false });
  bench.setState({ over: SCRIPT });
}

/** Shows pasted text as the steps it would be. */
export function showPasted({ bench, editor }: Desk, text: string, at: Point | undefined): void {
  pendingOf(editor).setState({ text, at, pasted: true });
  bench.setState({ over: SCRIPT });
}

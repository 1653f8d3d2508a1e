import { createStore, type StoreApi } from "zustand/vanilla";
import type { Editor } from "../../editor/store.js";
import type { Desk } from "./desk.js";
import { knownFindings } from "./shown-findings.js";

export type Known = { readonly keys: ReadonlySet<string> };

function read(editor: Editor): Known {
  const { steps, findings, selection } = editor.getState();
  return { keys: knownFindings(steps, findings, selection) };
}

/**
 * Somebody has come to these states by an answer in the preview: what there is to say about their steps is said now, also
 * of one that is in hand.
 */
export function cameTo({ editor, bench }: Pick<Desk, "editor" | "bench">, states: readonly string[]): void {
  const { steps, selection } = editor.getState();
  const come = new Set(states.map((state) => steps.stepOf.get(state)));
  if (selection.some((id) => come.has(id))) knownOf(editor).setState(read(editor));
  const { fresh } = bench.getState();
  const left = [...fresh].filter((id) => !come.has(id));
  if (left.length < fresh.size) bench.setState({ fresh: new Set(left) });
}

const stores = new WeakMap<Editor, StoreApi<Known>>();

/** What was known about the selected steps of an open flow when they were taken in hand. */
export function knownOf(editor: Editor): StoreApi<Known> {
  let known = stores.get(editor);
  if (!known) {
    known = createStore<Known>(() => read(editor));
    stores.set(editor, known);
    const { setState } = known;
    editor.subscribe((now, before) => {
      if (now.selection !== before.selection || now.view !== before.view) setState(read(editor));
    });
  }
  return known;
}

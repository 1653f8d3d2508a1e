import { createStore, type StoreApi } from "zustand/vanilla";
import type { Editor } from "../../editor/store.js";
import { knownFindings } from "./shown-findings.js";

export type Known = { readonly keys: ReadonlySet<string> };

const stores = new WeakMap<Editor, StoreApi<Known>>();

/** What was known about the selected steps of an open flow when they were taken in hand. */
export function knownOf(editor: Editor): StoreApi<Known> {
  let known = stores.get(editor);
  if (!known) {
    const read = () => {
      const { steps, findings, selection } = editor.getState();
      return { keys: knownFindings(steps, findings, selection) };
    };
    known = createStore<Known>(read);
    stores.set(editor, known);
    const { setState } = known;
    editor.subscribe((now, before) => {
      if (now.selection !== before.selection || now.view !== before.view) setState(read());
    });
  }
  return known;
}

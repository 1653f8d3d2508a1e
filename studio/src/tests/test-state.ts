import type { Scenario } from "@parley/shared/scenario/scenario";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Editor } from "../editor/store.js";

/** A test beside the flow; one that cannot be read says why. */
export type KeptTest = { readonly name: string; readonly etag: string } & (
  | { readonly scenario: Scenario }
  | { readonly wrong: string }
);
export type Tests = {
  /** Undefined: not read yet. */
  readonly tests: readonly KeptTest[] | undefined;
  /** Why they could not be read. */
  readonly problem: string | undefined;
  /** Whether what they come by is painted on the drawing. */
  readonly painted: boolean;
  /** How many there are and how many fail, as they were played last. */
  readonly fare: { readonly all: number; readonly failed: number } | undefined;
};

const stores = new WeakMap<Editor, StoreApi<Tests>>();

/** The tests of an open flow, as far as they were read. */
export function testsOf(editor: Editor): StoreApi<Tests> {
  let store = stores.get(editor);
  if (!store) {
    store = createStore<Tests>(() => ({ tests: undefined, problem: undefined, painted: false, fare: undefined }));
    stores.set(editor, store);
  }
  return store;
}

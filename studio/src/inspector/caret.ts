import { createStore, type StoreApi } from "zustand/vanilla";
import type { TextRef } from "../document/commands/command.js";
import type { Editor } from "../editor/store.js";

/** A field of a step that can be gone to: one of its texts, where a way out of it leads, or its name. */
export type Field =
  | TextRef
  | { readonly step: string; readonly field: "lead"; readonly port: string }
  | { readonly step: string; readonly field: "name"; readonly port?: undefined };

export type Caret = {
  /** The text that is being typed: its problems wait until it is left. */
  readonly typing: TextRef | undefined;
  /** The field to go to as soon as it is on the screen. Of texts the editor's own `focus` says the same. */
  readonly wanted: Field | undefined;
  /** The field to go to next is a list, which opens. */
  readonly opens: boolean;
  /** The text to be gone to next is only an example: it is selected, and typed over. */
  readonly over: boolean;
  /** The text that is edited on its card, and not in a panel. */
  readonly card: TextRef | undefined;
  /** Texts were edited on cards last: what is to be edited next is, too. */
  readonly onCards: boolean;
};

const carets = new WeakMap<Editor, StoreApi<Caret>>();

/** Where the keyboard is among the fields of an open flow. */
export function caretOf(editor: Editor): StoreApi<Caret> {
  let caret = carets.get(editor);
  if (!caret) {
    caret = createStore<Caret>(() => ({
      typing: undefined,
      wanted: undefined,
      opens: false,
      over: false,
      card: undefined,
      onCards: false,
    }));
    carets.set(editor, caret);
    const { setState, subscribe } = caret;
    subscribe(({ typing }, before) => {
      if (before.typing !== undefined && typing !== before.typing) editor.getState().left();
    });
    editor.subscribe(({ selection }, before) => {
      if (selection !== before.selection) setState({ typing: undefined });
    });
  }
  return caret;
}

/** Whether it is this text that is being typed. */
export const isTyping = ({ editor }: { readonly editor: Editor }, at: TextRef): boolean =>
  isSameField(caretOf(editor).getState().typing, at);

export const isSameField = (a: Field | undefined, b: Field | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.step === b.step && a.field === b.field && a.port === b.port);

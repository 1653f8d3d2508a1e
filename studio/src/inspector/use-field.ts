import { type RefObject, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { caretOf, type Field, isSameField } from "./caret.js";

/** Makes a control one of the fields that can be gone to: the keyboard comes to it when it is asked for. */
export function useField<Control extends HTMLElement>(field: Field): RefObject<Control | null> {
  const { editor } = useDesk();
  const caret = caretOf(editor);
  const ref = useRef<Control>(null);
  const asked = useEditor((state) => isSameField(state.focus, field));
  const wanted = useStore(caret, (state) => isSameField(state.wanted, field));
  const isName = field.field === "name";
  useEffect(() => {
    if (ref.current === null || !(asked || wanted)) return;
    // Of a name one seldom changes a part.
    takeFocus(ref.current, isName || caret.getState().over);
    if (asked) editor.getState().focused();
    if (caret.getState().opens) ref.current.click();
    caret.setState({ over: false, opens: false, ...(wanted && { wanted: undefined }) });
  }, [asked, wanted, isName, editor, caret]);
  return ref;
}

/** The keyboard goes there, behind what is written; or, with `over`, what is typed next takes its place. */
export function takeFocus(control: HTMLElement, over = false): void {
  control.focus({ preventScroll: true });
  if (control instanceof HTMLTextAreaElement || control instanceof HTMLInputElement) {
    const end = control.value.length;
    control.setSelectionRange(over ? 0 : end, end);
  }
  control.scrollIntoView({ block: "nearest" });
}

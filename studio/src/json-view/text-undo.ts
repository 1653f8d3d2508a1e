import { history, redo, redoDepth, undo } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Editor } from "../editor/store.js";

/**
 * Undo is the document's. Only what does not parse is none of the document: while it stands, what was typed is taken
 * back as in any text, down to the last text that did parse.
 */
export function textUndo(editor: Editor, settle: () => void): Extension {
  const broken = () => editor.getState().text !== undefined;
  const back = (view: EditorView): boolean => {
    settle();
    if (broken()) undo(view);
    else editor.getState().undo();
    return true;
  };
  const again = (view: EditorView): boolean => {
    settle();
    const { canRedo, redo: redoDocument } = editor.getState();
    if (broken() || (!canRedo && redoDepth(view.state) > 0)) redo(view);
    else redoDocument();
    return true;
  };
  return [
    // What parses is not joined to what does not.
    history({ joinToEvent: (_transaction, adjacent) => adjacent && broken() }),
    keymap.of([
      { key: "Mod-z", run: back, preventDefault: true },
      { key: "Mod-y", run: again, preventDefault: true },
      { key: "Mod-Shift-z", run: again, preventDefault: true },
    ]),
    // The browser's own, from its menu.
    EditorView.domEventHandlers({
      beforeinput: ({ inputType }, view) => {
        if (inputType === "historyUndo") return back(view);
        return inputType === "historyRedo" && again(view);
      },
    }),
  ];
}

import { history, redo, redoDepth, undo } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isMac, matches } from "../app/editor/keys.js";
import type { Editor } from "../editor/store.js";
import type { TextSync } from "./sync.js";

/**
 * Undo is the document's. Only what does not parse is none of the document: while it stands, what was typed is taken
 * back as in any text, down to the last text that did parse.
 */
export function textUndo(editor: Editor, sync: TextSync): Extension {
  const mac = isMac();
  const broken = () => editor.getState().text !== undefined;
  const back = (view: EditorView): boolean => {
    sync.settle();
    if (broken()) undo(view);
    else sync.travel(editor.getState().undo);
    return true;
  };
  const again = (view: EditorView): boolean => {
    sync.settle();
    const { canRedo, redo: redoDocument } = editor.getState();
    if (broken() || (!canRedo && redoDepth(view.state) > 0)) redo(view);
    else sync.travel(redoDocument);
    return true;
  };
  return [
    // What parses is not joined to what does not.
    history({ joinToEvent: (_transaction, adjacent) => adjacent && broken() }),
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        if (matches("mod+z", event, mac)) return back(view);
        return (matches("mod+shift+z", event, mac) || matches("mod+y", event, mac)) && again(view);
      },
      // From the browser's menu.
      beforeinput: ({ inputType }, view) => {
        if (inputType === "historyUndo") return back(view);
        return inputType === "historyRedo" && again(view);
      },
    }),
  ];
}

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import type { Desk } from "../app/editor/desk.js";
import { completionSource } from "./completion-source.js";
import { editorLook } from "./editor-look.js";
import { readKnown } from "./known.js";
import { showState, stateAt } from "./state-in-hand.js";
import { TextSync, textOf } from "./sync.js";
import { textUndo } from "./text-undo.js";

type Options = {
  readonly parent: HTMLElement;
  readonly desk: Desk;
  /** Of this page's style elements. */
  readonly nonce: string;
  readonly onProblem: (problem: string | undefined) => void;
  /** The search is open, in this element of the editor; or closed again. */
  readonly onSearch: (search: OpenSearch | undefined) => void;
};
export type OpenSearch = { readonly view: EditorView; readonly parent: HTMLElement };

/**
 * An editor of the open flow's text.
 * @returns what ends it; what was typed last is in the draft by then
 */
export function createTextEditor({ parent, desk, nonce, onProblem, onSearch }: Options): () => void {
  const { editor, mayWrite } = desk;
  const sync = new TextSync(editor, onProblem);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: textOf(editor.getState()),
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.readOnly.of(!mayWrite),
        EditorView.contentAttributes.of({ "aria-label": "The text of the file", tabindex: "0" }),
        tooltips({ parent: document.body, position: "fixed" }),
        editorLook,
        json(),
        EditorView.lineWrapping,
        lineNumbers(),
        lintGutter(),
        foldGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        search({
          createPanel: (view) => {
            const dom = document.createElement("div");
            return {
              dom,
              // Below: the text stays where it is.
              top: false,
              mount: () => onSearch({ view, parent: dom }),
              destroy: () => onSearch(undefined),
            };
          },
        }),
        autocompletion({
          override: [completionSource(() => readKnown(editor.getState().draft))],
          icons: false,
        }),
        textUndo(editor, sync),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...lintKeymap,
          ...foldKeymap,
          ...defaultKeymap,
        ]),
        EditorView.domEventHandlers({ blur: () => sync.settle() }),
        EditorView.updateListener.of((update) => {
          sync.onUpdate(update);
          if (update.selectionSet && update.view.hasFocus) follow(desk, update.state);
        }),
      ],
    }),
  });
  sync.attach(view);
  const shown = editor.getState().selection.at(-1);
  if (shown !== undefined) showState(view, shown);
  const stop = editor.subscribe(({ selection }, before) => {
    const step = selection.at(-1);
    if (selection === before.selection || step === undefined || view.hasFocus) return;
    // After the text has what was changed with it.
    requestAnimationFrame(() => requestAnimationFrame(() => !view.hasFocus && showState(view, step)));
  });
  return () => {
    stop();
    sync.end();
    view.destroy();
  };
}

/** What the caret is in is in hand everywhere. */
function follow({ bench, editor, canvas }: Desk, state: EditorState): void {
  const name = stateAt(state, state.selection.main.head);
  const { steps, selection, select } = editor.getState();
  const step = name === undefined ? undefined : steps.stepOf.get(name);
  if (step === undefined || (selection.length === 1 && selection[0] === step)) return;
  select([step]);
  bench.setState({ edge: undefined, port: undefined });
  canvas.current?.reveal(step);
}

import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** How long the text may be read to find a name, in milliseconds. */
const PATIENCE_MS = 100;

/** The name of the state that a place is in. */
export function stateAt(state: EditorState, pos: number): string | undefined {
  let node = syntaxTree(state).resolveInner(pos, 1);
  while (node.parent !== null) {
    if (node.name === "Property" && node.parent.parent?.name === "JsonText") {
      const key = node.getChild("PropertyName");
      return key === null ? undefined : readName(state.sliceDoc(key.from, key.to));
    }
    node = node.parent;
  }
  return undefined;
}

/** Where a state's name stands, quotes included. */
function placeOfState(state: EditorState, name: string): { from: number; to: number } | undefined {
  const tree = ensureSyntaxTree(state, state.doc.length, PATIENCE_MS) ?? syntaxTree(state);
  const properties = tree.topNode.firstChild?.getChildren("Property") ?? [];
  for (const property of properties) {
    const key = property.getChild("PropertyName");
    if (key !== null && readName(state.sliceDoc(key.from, key.to)) === name) return { from: key.from, to: key.to };
  }
  return undefined;
}

/** Puts the caret on a state's name and shows it. */
export function showState(view: EditorView, name: string): void {
  const place = placeOfState(view.state, name);
  if (place === undefined) return;
  view.dispatch({
    selection: { anchor: place.from + 1 },
    effects: EditorView.scrollIntoView(place.from, { y: "center" }),
  });
}

function readName(text: string): string | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

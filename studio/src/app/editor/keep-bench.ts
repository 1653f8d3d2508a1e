import type { Editor, EditorState } from "../../editor/store.js";
import type { BenchStore } from "./bench.js";
import { freshSteps } from "./shown-findings.js";

/** Lets what is in hand follow the document: a way out goes with its step, a step is fresh until it is left. */
export function keepBench(editor: Editor, bench: BenchStore): () => void {
  return editor.subscribe((now, before) => {
    if (now.selection !== before.selection) letGo(now.selection, bench);
    if (now.steps !== before.steps || now.selection !== before.selection) keepFresh(now, before, bench);
  });
}

function letGo(selection: readonly string[], bench: BenchStore): void {
  const { port, edge } = bench.getState();
  if (port !== undefined && !selection.includes(port.step)) bench.setState({ port: undefined });
  if (edge !== undefined && selection.length > 0) bench.setState({ edge: undefined });
}

function keepFresh(now: EditorState, before: EditorState, bench: BenchStore): void {
  const { fresh } = bench.getState();
  // The other view has other steps: none of them is new.
  const graphs = { before: before.steps, now: now.steps };
  const next = now.view === before.view ? freshSteps(fresh, graphs, now.selection, now.focus?.step) : new Set<string>();
  if (next !== fresh && (next.size > 0 || fresh.size > 0)) bench.setState({ fresh: next });
}

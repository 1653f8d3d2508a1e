import { setDiagnostics } from "@codemirror/lint";
import { Annotation, type ChangeSet, Transaction } from "@codemirror/state";
import type { EditorView, ViewUpdate } from "@codemirror/view";
import { applyFix } from "../document/commands/fix.js";
import { diff } from "../document/diff.js";
import { type FlowJson, flowText } from "../document/draft.js";
import { rebase } from "../document/rebase.js";
import type { Editor, EditorState } from "../editor/store.js";
import { type Found, type ReadText, readText } from "./read-text.js";
import { textChanges } from "./text-changes.js";

/** Up to so many characters the draft follows each key; a longer text is read when one pauses. */
const AT_ONCE = 200_000;
const PAUSE_MS = 250;
const OUTSIDE = Annotation.define<true>();

/** The text as it is shown at first. */
export const textOf = ({ text, draft }: Pick<EditorState, "text" | "draft">): string => text ?? flowText(draft.flow);

/**
 * Holds the text and the draft together: what is typed goes to the draft in small changes, what changes elsewhere comes
 * into the text where it changed, and both keep their findings in the gutter.
 */
export class TextSync {
  readonly #editor: Editor;
  readonly #onProblem: (problem: string | undefined) => void;
  #view: EditorView | undefined;
  /** The flow that the text says, as the draft has it; of a text that says none, the last it said. */
  #flow: FlowJson;
  #unread = false;
  #writing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;
  readonly #stop: () => void;

  /** @param onProblem is told why the text cannot be read, and when it can */
  constructor(editor: Editor, onProblem: (problem: string | undefined) => void) {
    this.#editor = editor;
    this.#onProblem = onProblem;
    this.#flow = editor.getState().draft.flow;
    this.#stop = editor.subscribe((now, before) => {
      if (this.#writing || (now.text === before.text && now.draft.flow === before.draft.flow)) return;
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.#show();
      });
    });
  }

  /** The view whose text it is. */
  attach(view: EditorView): void {
    this.#view = view;
    this.#mark(this.#read());
  }

  /** What was typed and is not read yet is read now. */
  settle(): void {
    if (!this.#unread || this.#view === undefined) return;
    clearTimeout(this.#timer);
    this.#unread = false;
    const read = this.#read();
    this.#write(read);
    this.#mark(read);
  }

  end(): void {
    this.settle();
    this.#stop();
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#view = undefined;
  }

  onUpdate({ docChanged, transactions, state }: ViewUpdate): void {
    if (!docChanged || transactions.every((transaction) => transaction.annotation(OUTSIDE))) return;
    this.#unread = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), state.doc.length <= AT_ONCE ? 0 : PAUSE_MS);
  }

  #read(): ReadText {
    return readText(this.#view!.state.doc.toString(), this.#editor.getState().draft.settings.variables);
  }

  /** What was typed becomes the draft's, or is kept beside it. */
  #write({ flow }: ReadText): void {
    const text = this.#view!.state.doc.toString();
    const { setText } = this.#editor.getState();
    this.#writing = true;
    if (flow === undefined) setText(text);
    else setText(text, this.#onTop(flow));
    this.#writing = false;
    if (flow === undefined) return;
    this.#flow = this.#editor.getState().draft.flow;
    if (!says(flow, this.#flow)) this.#show();
  }

  /** What somebody else changed since this text was last read stays, with what was typed on top. */
  #onTop(flow: FlowJson): FlowJson {
    const { draft } = this.#editor.getState();
    if (draft.flow === this.#flow) return flow;
    const base = { ...draft, flow: this.#flow };
    const { draft: merged, conflicts } = rebase(draft, diff(base, { ...draft, flow }), base);
    return conflicts.length > 0 ? flow : merged.flow;
  }

  /** Takes the document back or forth, and the caret to where the text changed by it. */
  travel(by: () => void): void {
    by();
    this.#show(true);
  }

  /** Brings the text to what the draft says now; a text that says the same in other spaces stays. */
  #show(follow = false): void {
    const view = this.#view;
    if (view === undefined) return;
    this.settle();
    const state = this.#editor.getState();
    const text = view.state.doc.toString();
    this.#flow = state.draft.flow;
    const wanted = textOf(state);
    if (text !== wanted && (state.text !== undefined || !says(this.#read().flow, state.draft.flow))) {
      const changes = view.state.changes(textChanges(text, wanted));
      view.dispatch({
        changes,
        annotations: [OUTSIDE.of(true), Transaction.addToHistory.of(false)],
        ...(follow && { selection: { anchor: lastPlace(changes) }, scrollIntoView: true }),
      });
    }
    this.#mark(this.#read());
  }

  /** Findings in the gutter, each with its fix. */
  #mark({ flow, found }: ReadText): void {
    const view = this.#view!;
    const first = flow === undefined ? found[0]?.finding.plain : undefined;
    this.#onProblem(flow === undefined ? (first ?? "This text is no flow.") : undefined);
    view.dispatch(
      setDiagnostics(
        view.state,
        found.map((one) => this.#diagnostic(one, flow !== undefined)),
      ),
    );
  }

  #diagnostic({ finding, from, to }: Found, sound: boolean) {
    const { fix, severity, message } = finding;
    const apply = () => {
      const { draft, run } = this.#editor.getState();
      if (fix) run(applyFix(draft, { fix }), fix.label);
    };
    return { from, to, severity, message, ...(fix && sound && { actions: [{ name: fix.label, apply }] }) };
  }
}

/** Where the last of some changes ends in the new text. */
function lastPlace(changes: ChangeSet): number {
  let last = 0;
  changes.iterChangedRanges((_fromA, _toA, _fromB, toB) => {
    last = toB;
  });
  return last;
}

/** Whether two flows are the same file. */
const says = (a: FlowJson | undefined, b: FlowJson): boolean =>
  a === b || (a !== undefined && JSON.stringify(a) === JSON.stringify(b));

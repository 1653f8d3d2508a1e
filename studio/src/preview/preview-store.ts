import type { PreviewTrace } from "@parley/shared/api/preview";
import type { PreviewLog } from "@parley/shared/api/socket";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Desk } from "../app/editor/desk.js";
import { cameTo } from "../app/editor/known-findings.js";
import { pageTimer } from "../app/page-timer.js";
import type { StudioSocket } from "../app/socket.js";
import { showOverlay } from "../canvas/overlay.js";
import type { Editor } from "../editor/store.js";
import { NO_PREVIEW, PreviewLink, type PreviewState } from "./preview-link.js";

/** So many lines of frames and records are shown. */
const MAX_LINES = 500;
/** So long after the last edit the next one is told again, ms. */
const QUIET = 5_000;

export type Preview = PreviewState & {
  readonly link: PreviewLink | undefined;
  /** What is read out. */
  readonly says: string;
  readonly lines: PreviewLog["lines"];
};
type Kept = { readonly store: StoreApi<Preview>; given: ConstructorParameters<typeof PreviewLink>[2] };

const previews = new WeakMap<Editor, Kept>();

function keptOf(editor: Editor): Kept {
  let kept = previews.get(editor);
  if (!kept) {
    const store = createStore<Preview>(() => ({ ...NO_PREVIEW, link: undefined, says: "", lines: [] }));
    kept = { store, given: {} };
    previews.set(editor, kept);
  }
  return kept;
}

/** The preview of an open flow. */
export const previewOf = (editor: Editor): StoreApi<Preview> => keptOf(editor).store;

/**
 * Begins the preview of an open flow, and lets it follow the draft; opened again it goes on where it was.
 * @returns what ends it
 */
export function startPreview({ editor, api, canvas, bench }: Desk, socket: StudioSocket): () => void {
  const kept = keptOf(editor);
  const { store } = kept;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const link = new PreviewLink(
    editor.getState().flowId,
    {
      api,
      timer: pageTimer,
      draft: () => editor.getState().draft,
      onState: (change) => {
        const before = store.getState().trace;
        store.setState(change);
        if (!change.trace) return;
        showOverlay(editor, "preview", paintedBy(change.trace));
        if (before && change.trace.inputs.length > before.inputs.length)
          cameTo({ editor, bench }, answeredTo(change.trace));
      },
      onMoment: ({ waiting, path }) => {
        const state = waiting.at(-1) ?? path.at(-1);
        const step = state === undefined ? undefined : editor.getState().steps.stepOf.get(state);
        if (step !== undefined) canvas.current?.reveal(step);
      },
      onUpdated: () => {
        // Said once, however much is typed: the words stay while the edits go on.
        store.setState({ says: "Preview updated" });
        clearTimeout(quiet);
        quiet = setTimeout(() => store.setState({ says: "" }), QUIET);
      },
    },
    kept.given,
  );
  store.setState({ ...NO_PREVIEW, link, says: "", lines: [], look: kept.given?.look ?? {} });
  const stops = [
    editor.subscribe((now, before) => {
      const same = now.draft.flow === before.draft.flow && now.draft.settings === before.draft.settings;
      if (!same) link.edited();
    }),
    socket.listen((news) => {
      link.hear(news);
      if (news.kind !== "PreviewLog") return;
      store.setState(({ lines }) => {
        const last = lines.at(-1)?.n ?? 0;
        const fresh = news.lines.filter(({ n }) => n > last);
        return { lines: [...lines, ...fresh].slice(-MAX_LINES) };
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    clearTimeout(quiet);
    kept.given = link.kept;
    link.end();
    showOverlay(editor, "preview", undefined);
    store.setState({ ...NO_PREVIEW, link: undefined, says: "", lines: [] });
  };
}

/** What its last answer has come to: the states that were sent since, and those that wait. */
function answeredTo({ messages, waiting }: PreviewTrace): readonly string[] {
  const since = messages.slice(messages.findLastIndex(({ mine }) => mine) + 1);
  return [...waiting, ...since.flatMap(({ state }) => state ?? [])];
}

/** What of a preview is painted over the drawing. */
const paintedBy = ({ path, waiting }: PreviewTrace) => ({ path, waiting: new Set(waiting) });

import { useEffect, useRef, useState } from "react";
import { atRest } from "../../editor/at-rest.js";
import { createEditor } from "../../editor/store.js";
import { caretOf } from "../../inspector/caret.js";
import { liveOf } from "../../publish/live.js";
import { useFollowLive } from "../../publish/use-live.js";
import { writeScript } from "../../script/pending.js";
import { keepOnCards } from "../../writing/on-card.js";
import { pageTimer } from "../page-timer.js";
import { takeState, WRITE_FIRST, WRITE_SCRIPT } from "../router.js";
import { mayWrite, type Session, useSession } from "../session.js";
import { ACTIONS } from "./actions.js";
import { createBench } from "./bench.js";
import { type CanvasHandle, type Desk, DeskProvider } from "./desk.js";
import { EditorFrame } from "./EditorFrame.js";
import type { Opened } from "./EditorScreen.js";
import { keepBench } from "./keep-bench.js";
import { firstPanels } from "./panels.js";
import { saveDraft } from "./save-draft.js";
import { useTogether } from "./use-together.js";

/** The desk of one open flow: its document, its panels, and who else is at it. */
export function EditorDesk({ flow, opened, again }: { flow: string; opened: Opened; again: () => void }) {
  const session = useSession();
  const canvas = useRef<CanvasHandle>(undefined);
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const made = makeDesk(flow, opened, session, canvas, again);
    setDesk(made);
    const told = takeState();
    if (told === WRITE_FIRST) writeFirst(made);
    if (told === WRITE_SCRIPT) writeScript(made);
    const { leave } = made.editor.getState();
    window.addEventListener("pagehide", leave);
    const stop = keepBench(made.editor, made.bench);
    const leaveCards = keepOnCards(made);
    return () => {
      stop();
      leaveCards();
      window.removeEventListener("pagehide", leave);
      leave();
      made.editor.getState().dispose();
    };
  }, [flow, opened, session, again]);
  if (desk === undefined) return null;
  return (
    <DeskProvider value={desk}>
      <Together />
      <EditorFrame title={opened.title} />
    </DeskProvider>
  );
}

function writeFirst({ editor }: Desk): void {
  const { steps, run } = editor.getState();
  const step = steps.start;
  if (step === undefined) return;
  caretOf(editor).setState({ over: true });
  run({ changes: [], select: [step], focus: { step, field: "text" } }, "Write");
}

function Together() {
  useTogether();
  useFollowLive();
  return null;
}

function makeDesk(flow: string, opened: Opened, { api, me }: Session, canvas: Desk["canvas"], again: () => void): Desk {
  const { draft, text, etag, live } = opened;
  const editor = createEditor({
    flowId: flow,
    draft,
    ...(text !== undefined && { text }),
    etag,
    save: saveDraft(api, flow),
    now: Date.now,
    ids: () => crypto.randomUUID().slice(0, 8),
    published: new Set(Object.keys(live.version?.flow ?? {})),
    storage: window.localStorage,
    timer: pageTimer,
    later: atRest(pageTimer, () => performance.now()),
  });
  liveOf(editor).setState(live);
  return {
    editor,
    bench: createBench(firstPanels(window.innerWidth)),
    canvas,
    actions: ACTIONS,
    api,
    mayWrite: mayWrite(me) && !opened.archived,
    restore: mayWrite(me) && opened.archived ? () => void restore(api, flow).finally(again) : undefined,
    author: me.name,
  };
}

/** What does not work is seen: the flow is opened again, and still archived. */
async function restore(api: Session["api"], flow: string): Promise<void> {
  await api("POST /api/flows/{flow}/restore", { path: { flow } }).catch(() => undefined);
}

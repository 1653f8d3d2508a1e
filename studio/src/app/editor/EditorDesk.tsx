import { useEffect, useRef, useState } from "react";
import { createEditor } from "../../editor/store.js";
import { takeState, WRITE_FIRST } from "../router.js";
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
export function EditorDesk({ flow, opened }: { flow: string; opened: Opened }) {
  const session = useSession();
  const canvas = useRef<CanvasHandle>(undefined);
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const made = makeDesk(flow, opened, session, canvas);
    setDesk(made);
    if (takeState() === WRITE_FIRST) writeFirst(made);
    const leave = () => void made.editor.getState().flush();
    window.addEventListener("pagehide", leave);
    const stop = keepBench(made.editor, made.bench);
    return () => {
      stop();
      window.removeEventListener("pagehide", leave);
      void made.editor.getState().flush();
      made.editor.getState().dispose();
    };
  }, [flow, opened, session]);
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
  if (step !== undefined) run({ changes: [], select: [step], focus: { step, field: "text" } }, "Write");
}

function Together() {
  useTogether();
  return null;
}

function makeDesk(flow: string, opened: Opened, { api, me }: Session, canvas: Desk["canvas"]): Desk {
  const { draft, text, etag, published } = opened;
  const editor = createEditor({
    flowId: flow,
    draft,
    ...(text !== undefined && { text }),
    etag,
    save: saveDraft(api, flow),
    now: Date.now,
    ids: () => crypto.randomUUID().slice(0, 8),
    published,
    storage: window.localStorage,
    timer: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    later: (run) => requestAnimationFrame(() => setTimeout(run)),
  });
  return {
    editor,
    bench: createBench(firstPanels(window.innerWidth)),
    canvas,
    actions: ACTIONS,
    api,
    mayWrite: mayWrite(me),
    author: me.name,
  };
}

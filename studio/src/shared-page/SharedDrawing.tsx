import type { SharedDraft } from "@parley/shared/api/links";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../api.js";
import { createBench } from "../app/editor/bench.js";
import { type CanvasHandle, type Desk, DeskProvider } from "../app/editor/desk.js";
import { Canvas } from "../canvas/Canvas.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { createEditor } from "../editor/store.js";

const NO_PANELS = { left: undefined, right: undefined, bottom: undefined, preview: undefined };
type Drawing = NonNullable<SharedDraft["drawing"]>;

/** The drawing of a shared draft: to be walked through, and nothing in it can be changed. */
export function SharedDrawing({ drawing, title }: { drawing: Drawing; title: string }) {
  const [desk, setDesk] = useState<Desk>();
  const first = useRef(draftOf(drawing, title));
  useEffect(() => {
    const made = makeDesk(first.current);
    setDesk(made);
    return () => made.editor.getState().dispose();
  }, []);
  useEffect(() => {
    const next = draftOf(drawing, title);
    // Edited meanwhile: what is looked at stays in view.
    if (desk !== undefined) desk.editor.getState().replace(next, "Edited");
  }, [desk, drawing, title]);
  if (desk === undefined) return null;
  return (
    <DeskProvider value={desk}>
      <Canvas />
    </DeskProvider>
  );
}

const draftOf = ({ flow, layout }: Drawing, title: string): Draft => ({
  flow: flow as FlowJson,
  layout,
  settings: { title },
});

/** A desk with a drawing and nothing else: it saves nothing and takes no change. */
function makeDesk(draft: Draft): Desk {
  const canvas: { current: CanvasHandle | undefined } = { current: undefined };
  return {
    editor: createEditor({
      flowId: "",
      draft,
      etag: "",
      save: async () => ({ kind: "saved", etag: "" }),
      now: Date.now,
      ids: () => crypto.randomUUID().slice(0, 8),
      published: new Set(),
      timer: () => () => {},
    }),
    bench: createBench(NO_PANELS),
    canvas,
    actions: [],
    api: async () => {
      throw new ApiError("problem", "A shared draft cannot be changed.");
    },
    mayWrite: false,
    restore: undefined,
    look: true,
    author: "",
  };
}

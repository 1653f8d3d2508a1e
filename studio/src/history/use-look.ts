import { useEffect, useState } from "react";
import { createBench } from "../app/editor/bench.js";
import { type CanvasHandle, type Desk, useDesk } from "../app/editor/desk.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { createEditor } from "../editor/store.js";
import type { DraftState } from "./history-words.js";
import { type Earlier, readEarlier } from "./use-history.js";

const NO_PANELS = { left: undefined, right: undefined, bottom: undefined, preview: undefined };

/** One earlier state of the draft, as the server kept it. */
export function useEarlier({ state }: DraftState) {
  const { api } = useSession();
  const { flowId } = useDesk().editor.getState();
  return useLoad((signal) => readEarlier(api, flowId, state, signal), `${flowId} ${state}`);
}

/** A desk of an earlier state: it has a drawing of its own, saves nothing and takes no change. */
export function useLookDesk({ draft }: Earlier): Desk | undefined {
  const present = useDesk();
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const { flowId, published, now, newId } = present.editor.getState();
    const editor = createEditor({
      flowId,
      draft,
      etag: "",
      save: async () => ({ kind: "saved", etag: "" }),
      now,
      ids: newId,
      published,
      timer: () => () => {},
    });
    const canvas: { current: CanvasHandle | undefined } = { current: undefined };
    setDesk({
      ...present,
      editor,
      canvas,
      bench: createBench(NO_PANELS),
      mayWrite: false,
      restore: undefined,
      look: true,
    });
    return () => editor.getState().dispose();
  }, [present, draft]);
  return desk;
}

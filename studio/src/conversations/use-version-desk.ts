import { useEffect, useState } from "react";
import type { CallApi } from "../api.js";
import { createBench } from "../app/editor/bench.js";
import type { CanvasHandle, Desk } from "../app/editor/desk.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { createEditor } from "../editor/store.js";

const NO_PANELS = { left: undefined, right: undefined, bottom: undefined, preview: undefined };

/** Loads a version as it was published, with the drawing of the draft: steps that it does not have lay themselves out. */
export function useVersion(flow: string, version: number | undefined) {
  const { api } = useSession();
  return useLoad(
    async (signal) => (version === undefined ? undefined : readVersion(api, flow, version, signal)),
    `${flow} ${version}`,
  );
}

async function readVersion(api: CallApi, flow: string, version: number, signal: AbortSignal): Promise<Draft> {
  const [published, draft] = await Promise.all([
    api("GET /api/flows/{flow}/versions/{version}", { path: { flow, version: String(version) }, signal }),
    api("GET /api/flows/{flow}/draft", { path: { flow }, signal }),
  ]);
  const { flow: states, settings } = published.value;
  return { flow: states as FlowJson, settings, layout: draft.value.layout };
}

/** A desk of a published version: it has a drawing, saves nothing and takes no change. */
export function useVersionDesk(flow: string, version: Draft): Desk | undefined {
  const { api, me } = useSession();
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const editor = createEditor({
      flowId: flow,
      draft: version,
      etag: "",
      save: async () => ({ kind: "saved", etag: "" }),
      now: Date.now,
      ids: () => crypto.randomUUID().slice(0, 8),
      published: new Set(Object.keys(version.flow)),
      timer: () => () => {},
    });
    const canvas: { current: CanvasHandle | undefined } = { current: undefined };
    setDesk({
      editor,
      canvas,
      api,
      bench: createBench(NO_PANELS),
      actions: [],
      restore: undefined,
      mayWrite: false,
      look: true,
      author: me.name,
    });
    return () => editor.getState().dispose();
  }, [flow, version, api, me]);
  return desk;
}

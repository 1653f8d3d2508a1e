import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { CallApi } from "../api.js";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { useSession } from "../app/session.js";
import { type Draft, stateNames } from "../document/draft.js";
import type { Editor, EditorState } from "../editor/store.js";
import { differs, type Live, liveOf, readLive } from "./live.js";

/** What is live of the open flow. */
export const useLive = (): Live => useStore(liveOf(useDesk().editor));

/** Whether the draft differs from what is live. */
export function useChanged(): boolean {
  const { version } = useLive();
  const isChanged = useMemo(() => {
    let last: Draft | undefined;
    let differed = false;
    return ({ draft, text }: EditorState): boolean => {
      if (draft !== last) differed = differs(draft, version);
      last = draft;
      // Text that cannot be read is a change as well.
      return text !== undefined || differed;
    };
  }, [version]);
  return useEditor(isChanged);
}

/** Reads again what is live, and tells the editor which names are published. @throws ApiError */
export async function refreshLive(api: CallApi, editor: Editor, signal?: AbortSignal): Promise<Live> {
  const store = liveOf(editor);
  const known = store.getState();
  const live = await readLive(api, editor.getState().flowId, { known, ...(signal && { signal }) });
  store.setState(live);
  if (live.version && live.version !== known.version) {
    editor.getState().setPublished(new Set(stateNames(live.version.flow)));
  }
  return live;
}

/** Keeps what is live up to date while the flow is open. */
export function useFollowLive(): void {
  const { socket, api } = useSession();
  const { editor } = useDesk();
  useEffect(() => {
    const abort = new AbortController();
    const { flowId } = editor.getState();
    let first = true;
    const stop = socket.listen((news) => {
      const again = news.kind === "Opened" && !first;
      if (news.kind === "Opened") first = false;
      // What fails here is read after the next reconnect.
      if (again || (news.kind === "FlowsChanged" && news.flow === flowId)) {
        refreshLive(api, editor, abort.signal).catch(() => undefined);
      }
    });
    return () => {
      abort.abort();
      stop();
    };
  }, [socket, api, editor]);
}

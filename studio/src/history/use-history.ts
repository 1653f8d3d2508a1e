import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import type { CallApi } from "../api.js";
import { useDesk } from "../app/editor/desk.js";
import { readDraft } from "../app/editor/read-draft.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import type { FlowJson } from "../document/draft.js";
import type { DraftState, VersionRow } from "./history-words.js";
import { timeOf } from "./history-words.js";

/** A burst of saves is one reading of the list; in milliseconds. */
const READ_AFTER = 1500;

/** The kept states of the draft, newest first; read again when somebody saved. */
export function useDraftStates() {
  const { api, socket } = useSession();
  const { flowId } = useDesk().editor.getState();
  const list = useLoad(
    async (signal) =>
      (await api("GET /api/flows/{flow}/draft/states", { path: { flow: flowId }, signal })).value.states,
    flowId,
  );
  const { reload } = list;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = socket.listen((news) => {
      if (news.kind !== "Opened" && (news.kind !== "DraftSaved" || news.flow !== flowId)) return;
      clearTimeout(timer);
      timer = setTimeout(reload, READ_AFTER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [socket, flowId, reload]);
  return list;
}

/** The versions, newest first; read again when something was published or taken down. */
export function useVersions() {
  const { api, socket } = useSession();
  const { flowId } = useDesk().editor.getState();
  const list = useLoad(
    async (signal) => (await api("GET /api/flows/{flow}/versions", { path: { flow: flowId }, signal })).value.versions,
    flowId,
  );
  const { reload } = list;
  useEffect(
    () =>
      socket.listen((news) => {
        if (news.kind === "Opened" || (news.kind === "FlowsChanged" && news.flow === flowId)) reload();
      }),
    [socket, flowId, reload],
  );
  return list;
}

/** A draft as it was; `text`: what the JSON view held then and did not parse. */
export type Earlier = ReturnType<typeof readDraft>;

/** Reads one earlier state of a draft. */
export async function readEarlier(api: CallApi, flow: string, state: number, signal?: AbortSignal): Promise<Earlier> {
  const path = { flow, state: String(state) };
  const { value } = await api("GET /api/flows/{flow}/draft/states/{state}", { path, ...(signal && { signal }) });
  return readDraft(value);
}

/** Brings earlier states back. Each is one step of undo. */
export function useRestore() {
  const { api } = useSession();
  const { editor } = useDesk();
  const { flowId } = editor.getState();
  const said = (what: string) =>
    notifications.show({ id: "restored", message: `${what} is back. Undo takes it away.` });
  return {
    draft: async ({ state, at }: DraftState) => {
      const { draft, text } = await readEarlier(api, flowId, state);
      editor.getState().replace(draft, "Restore");
      if (text !== undefined) editor.getState().setText(text);
      said(`What was there at ${timeOf(at)}`);
    },
    version: async ({ id, version }: VersionRow) => {
      const path = { flow: flowId, version: id };
      const { flow, settings } = (await api("GET /api/flows/{flow}/versions/{version}", { path })).value;
      const { layout } = editor.getState().draft;
      editor.getState().replace({ flow: flow as FlowJson, settings, layout }, "Restore");
      said(version === undefined ? "What the file held" : `Version ${version}`);
    },
  };
}

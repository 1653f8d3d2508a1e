import type { Rename } from "@parley/shared/flow/rename";
import { ApiError, type CallApi } from "../../api.js";
import type { Change } from "../../document/change.js";
import type { SaveDraft } from "../../editor/autosave.js";
import { readDraft } from "./read-draft.js";

/** Saves a draft on the server; see `SaveDraft`. */
export function saveDraft(api: CallApi, flow: string): SaveDraft {
  const path = { flow };
  return async ({ draft, text }, etag, changes) => {
    try {
      const renames = changes.flatMap(renameOf);
      const body = {
        ...draft,
        flow: { ...draft.flow },
        ...(text !== undefined && { text }),
        ...(renames.length > 0 && { renames }),
      };
      const saved = await api("PUT /api/flows/{flow}/draft", { path, etag, body });
      return { kind: "saved", etag: saved.etag };
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind === "offline") return { kind: "offline" };
      // A server whose disk is full takes it when there is room again.
      if (error.status !== 412) return { kind: "refused", message: error.message, later: error.status >= 500 };
    }
    try {
      const newer = await api("GET /api/flows/{flow}/draft", { path });
      const { draft, text } = readDraft(newer.value);
      return { kind: "stale", newer: { draft, ...(text !== undefined && { text }) }, etag: newer.etag };
    } catch {
      return { kind: "offline" };
    }
  };
}

/** What a change calls otherwise, for those who name it: tests. */
function renameOf(change: Change): Rename[] {
  switch (change.kind) {
    case "renameState":
    case "renameGroup":
    case "renameChat":
      return [{ kind: change.kind, from: change.from, to: change.to }];
    case "renameItem":
      return [{ kind: change.kind, group: change.group, from: change.from, to: change.to }];
    default:
      return [];
  }
}

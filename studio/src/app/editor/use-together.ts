import type { Present } from "@parley/shared/api/socket";
import { useEffect, useState } from "react";
import { useSession } from "../session.js";
import { useDesk } from "./desk.js";
import { readDraft } from "./read-draft.js";

/**
 * Works on one draft with others: tells which step this tab has in hand, and takes over what is saved elsewhere, also
 * what was while the connection was lost.
 */
export function useTogether(): void {
  const { socket, api } = useSession();
  const { editor } = useDesk();
  useEffect(() => {
    const abort = new AbortController();
    const path = { flow: editor.getState().flowId };
    const read = async () => {
      const { value, etag } = await api("GET /api/flows/{flow}/draft", { path, signal: abort.signal });
      const { draft, text } = readDraft(value);
      return { newer: { draft, ...(text !== undefined && { text }) }, etag };
    };
    let first = true;
    const stop = socket.listen((news) => {
      const reconnected = news.kind === "Opened" && !first;
      const elsewhere = news.kind === "DraftSaved" && news.flow === path.flow && news.tab !== socket.tab();
      if (news.kind === "Opened") first = false;
      const { flush, readNewer, save } = editor.getState();
      // The server is back: what is unsaved goes there at once, and what it has comes with that.
      if (reconnected && save === "offline") void flush();
      // What fails here is told by the next save, or read after the next reconnect.
      else if (reconnected || elsewhere) readNewer(read).catch(() => undefined);
    });
    return () => {
      abort.abort();
      stop();
    };
  }, [socket, api, editor]);
  useEffect(() => {
    const look = () => {
      const { flowId, selection, steps } = editor.getState();
      const step = selection.at(-1);
      socket.look(flowId, step !== undefined && steps.byId.has(step) ? step : undefined);
    };
    look();
    const stop = editor.subscribe((now, before) => {
      if (now.selection !== before.selection) look();
    });
    return () => {
      stop();
      socket.look();
    };
  }, [socket, editor]);
}

/** Who else has this flow open, one's own other tabs included. */
export function usePresent(): readonly Present[] {
  const { socket } = useSession();
  const { editor } = useDesk();
  const [present, setPresent] = useState<readonly Present[]>([]);
  useEffect(
    () =>
      socket.listen((news) => {
        if (news.kind === "Presence" && news.flow === editor.getState().flowId) setPresent(news.present);
      }),
    [socket, editor],
  );
  return present;
}

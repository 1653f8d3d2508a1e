import { useEffect, useMemo, useSyncExternalStore } from "react";
import { pageTimer } from "../app/page-timer.js";
import { useSession } from "../app/session.js";
import { Outbox, type Reply } from "./outbox.js";

/** What was written and is on its way, over a reload of the tab and a lost network. */
export function useOutbox(): { outbox: Outbox; replies: readonly Reply[] } {
  const { api, socket } = useSession();
  const outbox = useMemo(
    () =>
      new Outbox({
        send: async ({ flow, conversation, id, act, text }) => {
          const path = { flow, conversation };
          const body = { kind: "Say", id, act, text } as const;
          return (await api("POST /api/flows/{flow}/conversations/{conversation}/deeds", { path, body })).value;
        },
        storage: window.sessionStorage,
        timer: pageTimer,
      }),
    [api],
  );
  useEffect(() => {
    outbox.flush();
    return socket.listen((news) => news.kind === "Opened" && outbox.flush());
  }, [outbox, socket]);
  const replies = useSyncExternalStore(
    (listener) => outbox.subscribe(listener),
    () => outbox.replies,
  );
  return { outbox, replies };
}

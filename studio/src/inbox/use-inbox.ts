import { useEffect, useRef, useState } from "react";
import { useSession } from "../app/session.js";
import { type Alert, alertsOf, type InboxState, NOTHING, told } from "./inbox.js";

/** Rows that are missing beyond those told are asked for when so few are left. */
const FEW = 400;

/**
 * Follows the inbox while it is shown; undefined until it was told. After a reconnect it is told anew.
 * @param onAlerts what started to wait, and who wrote, since it was told
 */
export function useInbox(onAlerts: (alerts: readonly Alert[]) => void): {
  state: InboxState | undefined;
  online: boolean;
} {
  const { socket, me } = useSession();
  const [state, setState] = useState<InboxState>();
  const [online, setOnline] = useState(true);
  const now = useRef<InboxState>(undefined);
  const alerts = useRef(onAlerts);
  alerts.current = onAlerts;
  useEffect(() => {
    const off = socket.listen((news) => {
      if (news.kind === "Closed") setOnline(false);
      if (news.kind !== "Inbox") return;
      setOnline(true);
      const before = now.current;
      const next = told(before ?? NOTHING, news);
      now.current = next;
      setState(next);
      if (before) alerts.current(alertsOf(before, next, `person:${me.name}`));
      if (!news.whole && next.more > 0 && next.rows.size < FEW) {
        socket.inbox(false);
        socket.inbox(true);
      }
    });
    socket.inbox(true);
    return () => {
      off();
      socket.inbox(false);
    };
  }, [socket, me]);
  return { state, online };
}

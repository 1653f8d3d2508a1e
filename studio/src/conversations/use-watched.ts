import type { Happened } from "@parley/shared/api/socket";
import { useEffect, useState } from "react";
import { useSession } from "../app/session.js";

/** What has happened in a conversation so far, and who has it. */
export type Watched = Pick<Happened, "events" | "act" | "holder">;

/** Follows a conversation while it is shown, as it happens; undefined until the server has told of it. */
export function useWatched(flow: string, conversation: string): Watched | undefined {
  const { socket } = useSession();
  const [told, setTold] = useState<{ readonly of: string } & Watched>();
  useEffect(() => {
    const off = socket.listen((news) => {
      if (news.kind !== "Happened" || news.conversation !== conversation) return;
      const { whole, events, act, holder } = news;
      setTold((before) => ({
        of: conversation,
        events: whole || before?.of !== conversation ? events : [...before.events, ...events],
        ...(act !== undefined && { act }),
        ...(holder && { holder }),
      }));
    });
    socket.watch(flow, conversation);
    return () => {
      off();
      socket.watch();
    };
  }, [socket, flow, conversation]);
  return told?.of === conversation ? told : undefined;
}

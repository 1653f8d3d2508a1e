import type { ConversationEvent } from "@parley/shared/session/conversation";
import { useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "../app/session.js";

/** A visitor is shown to be typing for so long after it was told; one's own typing is told once in so long, ms. */
const SEEN = 6_000;
const TOLD = 3_000;

/** Whether the visitor types, until he has said it. @param events what has happened in the conversation so far */
export function useVisitorTyping(conversation: string, events: readonly ConversationEvent[]): boolean {
  const { socket } = useSession();
  const said = events.findLast((event) => event.kind === "message" && event.message.kind === "UserText");
  const last = said?.kind === "message" ? said.seq : 0;
  // What was told before he said something is over.
  const [typing, setTyping] = useState<{ readonly after: number }>();
  const newest = useRef(last);
  useEffect(() => {
    newest.current = last;
  }, [last]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = socket.listen((news) => {
      if (news.kind !== "Typing" || news.conversation !== conversation) return;
      clearTimeout(timer);
      timer = setTimeout(() => setTyping(undefined), SEEN);
      setTyping({ after: newest.current });
    });
    return () => {
      off();
      clearTimeout(timer);
      setTyping(undefined);
    };
  }, [socket, conversation]);
  return typing?.after === last;
}

/** Tells the visitor that one types: to be called at each change of the text. */
export function useOwnTyping(): () => void {
  const { socket } = useSession();
  const told = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    const now = performance.now();
    if (now - told.current < TOLD) return;
    told.current = now;
    socket.typing();
  }, [socket]);
}

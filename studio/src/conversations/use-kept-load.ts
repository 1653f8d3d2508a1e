import { useEffect, useRef } from "react";
import { useLoad } from "../app/use-load.js";

/**
 * As `useLoad`, for what is asked for in other words now and then: what was loaded stays on the screen until the answer
 * to the new question is there.
 * @param question another one is asked at once
 */
export function useKeptLoad<Value>(read: (signal: AbortSignal) => Promise<Value>, question: string) {
  const list = useLoad(read, "");
  const { reload } = list;
  const asked = useRef(question);
  useEffect(() => {
    if (asked.current === question) return;
    asked.current = question;
    reload();
  }, [question, reload]);
  return list;
}

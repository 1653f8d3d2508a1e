import type { SavedReply } from "@parley/shared/api/support";
import { useEffect, useState } from "react";
import { useSession } from "../app/session.js";
import { matching } from "./matching-replies.js";

export type Replies = {
  /** Those that fit what is typed; undefined: none are looked for. */
  readonly found: readonly SavedReply[] | undefined;
  /** The one in hand. */
  readonly at: number;
  /** Why there are none. */
  readonly problem: string | undefined;
  /** @returns whether the key was for the list */
  readonly onKey: (key: string, take: (text: string) => void) => boolean;
};

/** The saved replies of a flow, looked for by what stands behind a `/` at the beginning of the field. */
export function useReplies(flow: string, text: string): Replies {
  const { api } = useSession();
  const [all, setAll] = useState<readonly SavedReply[]>([]);
  const [problem, setProblem] = useState<string>();
  const [hand, setHand] = useState({ of: "", at: 0 });
  /** Put away by Escape until the field begins anew. */
  const [away, setAway] = useState(false);
  const looks = text.startsWith("/") && !text.includes("\n");
  useEffect(() => {
    setAway(false);
    if (!looks) return;
    const end = new AbortController();
    api("GET /api/replies", { query: { flow }, signal: end.signal }).then(
      ({ value }) => {
        setAll(value.replies);
        setProblem(undefined);
      },
      (error: unknown) => !end.signal.aborted && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => end.abort();
  }, [looks, api, flow]);
  const found = looks && !away ? matching(all, text.slice(1)) : undefined;
  const at = hand.of === text ? hand.at : 0;
  const onKey = (key: string, take: (text: string) => void): boolean => {
    if (found === undefined) return false;
    if (key === "Escape") {
      setAway(true);
      return true;
    }
    const one = found[at];
    if (one === undefined) return false;
    if (key === "Enter" || key === "Tab") take(one.text);
    else if (key === "ArrowDown") setHand({ of: text, at: (at + 1) % found.length });
    else if (key === "ArrowUp") setHand({ of: text, at: (at + found.length - 1) % found.length });
    else return false;
    return true;
  };
  return { found, at, problem, onKey };
}

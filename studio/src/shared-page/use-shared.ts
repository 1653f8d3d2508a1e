import type { SharedComment, SharedDraft } from "@parley/shared/api/links";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiError, createApi } from "../api.js";

export type Shared =
  | { readonly state: "loading" }
  /** The server will not, with its sentence; nothing but another link helps. */
  | { readonly state: "over"; readonly why: string }
  | { readonly state: "offline" | "refused"; readonly why: string }
  | { readonly state: "ready"; readonly draft: SharedDraft; readonly ticket: string };

export type SharedDesk = {
  readonly shared: Shared;
  /** Once the page has it, it stays: the server leaves it out when it is the same. */
  readonly drawing: SharedDraft["drawing"];
  readonly comments: readonly SharedComment[];
  /** Begins the conversation anew. */
  readonly restart: () => void;
  /** @param seq the message; undefined: the bot's last one @throws ApiError */
  readonly comment: (seq: number | undefined, author: string, text: string) => Promise<void>;
  /** @throws ApiError */
  readonly send: (author: string) => Promise<void>;
};

/** So often a page that is looked at asks whether its link is still good, and whether the draft is another, ms. */
const ASK_AGAIN = 8_000;

/** What the right in this page's address opens. It goes into bodies and nowhere else. */
export function useShared(right: string): SharedDesk {
  const api = useMemo(
    () => createApi({ fetch: (...given) => fetch(...given), tab: () => undefined, signedOut: () => undefined }),
    [],
  );
  const [shared, setShared] = useState<Shared>({ state: "loading" });
  const [drawing, setDrawing] = useState<SharedDraft["drawing"]>();
  const [comments, setComments] = useState<readonly SharedComment[]>([]);
  const preview = useRef<string>(undefined);
  const etag = useRef<string>(undefined);
  const busy = useRef(false);
  const begins = useRef(false);

  const look = useCallback(
    async (anew: boolean) => {
      begins.current ||= anew;
      let again = false;
      if (busy.current) return;
      busy.current = true;
      try {
        const body = {
          link: right,
          ...(preview.current !== undefined && { preview: preview.current }),
          ...(etag.current !== undefined && { have: etag.current }),
        };
        const { value: draft } = await api("POST /api/shared", { body });
        etag.current = draft.etag;
        if (draft.drawing) setDrawing(draft.drawing);
        setComments(draft.comments);
        if (draft.goesOn && !begins.current) {
          // A frame with another ticket is another frame: the one that is shown stays.
          setShared((now) => (now.state === "ready" ? { ...now, draft } : now));
          return;
        }
        begins.current = false;
        const { value } = await api("POST /api/shared/previews", { body: { link: right } });
        preview.current = value.preview;
        setShared({ state: "ready", draft, ticket: value.ticket });
        // Somebody wished to begin anew while this was under way.
        again = begins.current;
      } catch (error) {
        setShared((now) => failed(error, now));
      } finally {
        busy.current = false;
        if (again) void look(false);
      }
    },
    [api, right],
  );
  useEffect(() => {
    void look(true);
  }, [look]);
  const over = shared.state === "over";
  useEffect(() => {
    if (over) return;
    const again = () => document.visibilityState === "visible" && void look(false);
    const timer = setInterval(again, ASK_AGAIN);
    document.addEventListener("visibilitychange", again);
    window.addEventListener("online", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
      window.removeEventListener("online", again);
    };
  }, [look, over]);

  /** Whether the link is over is said by the page as a whole. */
  const say = async <Value>(saying: Promise<Value>): Promise<Value> =>
    saying.catch((error: unknown) => {
      if (error instanceof ApiError && error.code === "link-over") setShared((now) => failed(error, now));
      throw error;
    });
  return {
    shared,
    drawing,
    comments,
    restart: () => void look(true),
    comment: async (seq, author, text) => {
      const body = { link: right, preview: preview.current ?? "", author, text, ...(seq !== undefined && { seq }) };
      const { value } = await say(api("POST /api/shared/comments", { body }));
      setComments((now) => [...now, value.comment]);
    },
    send: async (author) => {
      const body = { link: right, preview: preview.current ?? "", author };
      await say(api("POST /api/shared/conversations", { body }));
    },
  };
}

function failed(error: unknown, now: Shared): Shared {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof ApiError && error.code === "link-over") return { state: "over", why };
  // What is on the screen stays there: it is asked again.
  if (now.state === "ready") return now;
  return { state: error instanceof ApiError && error.kind === "offline" ? "offline" : "refused", why };
}

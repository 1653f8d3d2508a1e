import type { ConversationRow } from "@parley/shared/api/conversations";
import { useEffect, useState } from "react";
import { conversationPath } from "../app/router.js";
import { StudioLink } from "../app/StudioLink.js";
import { useSession } from "../app/session.js";
import classes from "./OtherConversations.module.css";

/** What the same visitor has talked about besides, newest first: by starting over, or where he was identified. */
export function OtherConversations({ flow, conversation }: { flow: string; conversation: string }) {
  const { api, socket } = useSession();
  const [others, setOthers] = useState<readonly ConversationRow[]>([]);
  useEffect(() => {
    const end = new AbortController();
    const path = { flow, conversation };
    const look = () =>
      void api("GET /api/flows/{flow}/conversations/{conversation}/same-person", { path, signal: end.signal }).then(
        ({ value }) => setOthers(value.conversations),
        // Beside the conversation itself this is an extra: what is wrong is said there.
        () => undefined,
      );
    look();
    const off = socket.listen((news) => news.kind === "ConversationsChanged" && news.flow === flow && look());
    return () => {
      off();
      end.abort();
    };
  }, [api, socket, flow, conversation]);
  if (others.length === 0) return null;
  return (
    <details className={classes.others}>
      <summary>
        {others.length === 1 ? "1 other conversation" : `${others.length} other conversations`} of this visitor
      </summary>
      <ul className={classes.list} aria-label="Other conversations of this visitor">
        {others.map(({ id, flow: of, started, said, step }) => (
          <li key={`${of} ${id}`}>
            <StudioLink to={conversationPath(of, id)} size="sm">
              {new Date(started).toLocaleString()}
              {of !== flow && `, ${of}`}
            </StudioLink>
            <span className={classes.said}>{said ?? step ?? "Nothing was said"}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

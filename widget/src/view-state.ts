import type { Status } from "./connection.js";
import type { Item, Transcript } from "./transcript.js";
import type { ViewState } from "./view.js";

/** What of a conversation is not in its transcript. */
export type Circumstances = {
  readonly status: Status;
  /** The server does not serve this site. */
  readonly refused: boolean;
  /** A session is kept that one can come back to. */
  readonly kept: boolean;
  /** Messages up to this `seq` are shown, and whether more wait. */
  readonly shown: number;
  readonly busy: boolean;
  /** The bot takes its time. */
  readonly slow: boolean;
  /** The person who types. */
  readonly by: string | undefined;
  readonly replay: boolean;
};

/** What the pane shows of a conversation. */
export function viewState(transcript: Transcript, now: Circumstances): ViewState {
  const { items, outgoing, chats, inert } = transcript;
  const { status, refused, shown, busy } = now;
  const ended = transcript.ended && !inert;
  // What opens the editor or ends the conversation is said first.
  const chat = chats.findLast(({ seq }) => seq <= shown);
  return {
    status: refused ? "refused" : status,
    items: items.filter(({ seq }) => seq <= shown).map((item) => (inert ? closed(item) : item)),
    outgoing,
    typing: busy || ((now.slow || now.by !== undefined) && status === "connected"),
    by: busy ? undefined : now.by,
    replay: now.replay,
    earlier: inert,
    prompt: chat && !ended && !inert ? (chat.prompt ?? "") : undefined,
    ended: !refused && ((ended && !busy) || (status === "closed" && !now.kept)),
  };
}

/** As it is at an earlier moment: nothing of it can be answered. */
const closed = (item: Item): Item =>
  item.kind === "question" && item.state === "open" ? { ...item, state: "closed" } : item;

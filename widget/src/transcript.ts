import type { ChoiceItem, RefusalCode } from "@parley/shared/message";
import type { After, NackCode, Send } from "@parley/shared/protocol/v1";
import { clientId, type Incoming } from "./guards.js";

/** One thing in the pane. `key` stays the same while a visitor's message goes from sending to sent. */
export type Item =
  /** `by`: the name of the person who says it instead; `picture`: of his picture. */
  | {
      readonly kind: "bot";
      readonly key: string;
      readonly seq: number;
      readonly content: string;
      readonly by?: string;
      readonly picture?: string;
    }
  /** A person has come, or gone. */
  | {
      readonly kind: "note";
      readonly key: string;
      readonly seq: number;
      readonly says: "joined" | "left";
      readonly by: string;
      readonly picture?: string;
    }
  | {
      readonly kind: "question";
      readonly key: string;
      readonly seq: number;
      readonly groupId: string;
      readonly content: string;
      readonly choices: readonly ChoiceItem[];
      readonly state: "open" | "answered" | "closed";
    }
  | {
      readonly kind: "visitor";
      readonly key: string;
      readonly seq: number;
      readonly text: string;
      /** A choice's text is rich, what a visitor typed is not. */
      readonly rich: boolean;
    };

/** A message of this client that is not in the conversation (yet). */
export type Outgoing = {
  readonly send: Send;
  readonly state: "sending" | "acked" | "failed" | "refused";
  readonly code?: NackCode | RefusalCode;
};
type ChatSession = { readonly sessionId: string; readonly seq: number; readonly prompt?: string };

export type Transcript = {
  readonly sid: string | undefined;
  /** Where to resume. */
  readonly last: After | undefined;
  /** `seq` of the newest message when the connection began: what is not newer is replay. */
  readonly latest: number;
  readonly items: readonly Item[];
  readonly outgoing: readonly Outgoing[];
  /** Open chat sessions, the newest last: the editor writes to that one. */
  readonly chats: readonly ChatSession[];
  /** The name of the person who talks with the visitor. */
  readonly person?: string | undefined;
  /** Ids of this client's messages that the bot has not answered to the end. */
  readonly owed: readonly string[];
  readonly ended: boolean;
  /** An earlier moment, to be looked at: nothing can be answered. */
  readonly inert: boolean;
  /** A message is missing before the one that came: all must be read again. */
  readonly gap: boolean;
};

export type TranscriptEvent =
  | Incoming
  | { readonly kind: "sent"; readonly send: Send }
  | { readonly kind: "withdrawn"; readonly id: string }
  | { readonly kind: "forget" };

export const EMPTY: Transcript = {
  sid: undefined,
  last: undefined,
  latest: 0,
  items: [],
  outgoing: [],
  chats: [],
  owed: [],
  ended: false,
  inert: false,
  gap: false,
};

const without = (owed: readonly string[], id: string) => owed.filter((other) => other !== id);
const outgoingWithout = (t: Transcript, id: string) => t.outgoing.filter(({ send }) => send.id !== id);
const mark = (t: Transcript, id: string, change: Omit<Outgoing, "send">): readonly Outgoing[] =>
  t.outgoing.map((out) => (out.send.id === id ? { send: out.send, ...change } : out));

/** The next view of the conversation after a frame or an act of the visitor. Pure. */
export function reduce(t: Transcript, event: TranscriptEvent): Transcript {
  switch (event.kind) {
    case "Welcome": {
      const base = t.sid !== undefined && t.sid !== event.sid ? EMPTY : t;
      // What was acknowledged is in the log: it comes with what follows, or was refused while nobody listened.
      const outgoing = base.outgoing.filter(({ state }) => state !== "acked");
      const owed = outgoing.filter(({ state }) => state === "sending").map(({ send }) => send.id);
      return { ...base, sid: event.sid, latest: event.latest, outgoing, owed, gap: false };
    }
    case "Resync":
      return {
        ...t,
        last: undefined,
        items: [],
        chats: [],
        person: undefined,
        ended: false,
        inert: event.live === false,
      };
    case "forget":
      return { ...EMPTY, sid: t.sid, outgoing: t.outgoing };
    case "Message":
      return message(t, event);
    case "Ack":
      return { ...t, outgoing: mark(t, event.id, { state: "acked" }) };
    case "Nack":
      return {
        ...t,
        outgoing: mark(t, event.id, { state: "failed", code: event.code }),
        owed: without(t.owed, event.id),
      };
    case "Refused": {
      const id = clientId(event.id);
      const refused = t.outgoing.find(({ send }) => send.id === id)?.send.message;
      // A button pressed too late leaves no trace; what somebody wrote stays in sight with the reason.
      const outgoing =
        refused?.kind === "UserText" ? mark(t, id, { state: "refused", code: event.code }) : outgoingWithout(t, id);
      return { ...t, outgoing, owed: without(t.owed, id) };
    }
    case "Turn": {
      // A Turn of an earlier input says nothing about the end while a later one waits.
      const owed = without(t.owed, clientId(event.of));
      return { ...t, owed, ended: event.ended && owed.length === 0 };
    }
    case "sent": {
      const { send } = event;
      // A new word of the visitor replaces what was refused before.
      const outgoing = outgoingWithout(t, send.id).filter(({ state }) => state !== "refused");
      return {
        ...t,
        outgoing: [...outgoing, { send, state: "sending" }],
        owed: [...without(t.owed, send.id), send.id],
      };
    }
    case "withdrawn":
      return { ...t, outgoing: outgoingWithout(t, event.id), owed: without(t.owed, event.id) };
    case "Typing":
    case "Pong":
      return t;
  }
}

function message(t: Transcript, frame: Extract<Incoming, { kind: "Message" }>): Transcript {
  const { seq, id, message: said, by, picture } = frame;
  if (t.last && seq <= t.last.seq) return t;
  // What stands before a start over is not wanted any more: a client that slept through one gets it first.
  if (t.last && seq > t.last.seq + 1 && said?.kind !== "ResetSession") return { ...t, gap: true };
  const key = clientId(id);
  const next: Transcript = { ...t, last: { seq, id }, outgoing: outgoingWithout(t, key) };
  const closed = (t: Transcript, which: (item: Item & { kind: "question" }) => boolean, answered?: number): Item[] =>
    t.items.map((item) =>
      item.kind === "question" && item.state === "open" && which(item)
        ? { ...item, state: item.seq === answered ? "answered" : "closed" }
        : item,
    );
  const face = picture && { picture };
  const joined = (items: readonly Item[], by: string): readonly Item[] => [
    ...items,
    { kind: "note", key: `${key} joined`, seq, says: "joined", by, ...face },
  ];
  switch (said?.kind) {
    case "BotText": {
      // Who takes a conversation from another, or a visitor who waits, is known by what he says first.
      const items = by && by !== t.person ? joined(t.items, by) : t.items;
      const item = { kind: "bot", key, seq, content: said.content, ...(by && { by }), ...face } as const;
      return { ...next, ended: false, person: by ?? t.person, items: [...items, item] };
    }
    case "ChoiceRequest": {
      const { groupId, question, choices } = said;
      // F3: opening what is open replaces it.
      const items = closed(t, (item) => item.groupId === groupId);
      items.push({ kind: "question", key, seq, groupId, content: question, choices, state: "open" });
      return { ...next, ended: false, items };
    }
    case "StartChatSession": {
      const { sessionId, chatPrompt, chatText } = said;
      const chat = { sessionId, seq, ...(chatPrompt && { prompt: chatPrompt }) };
      const chats = [...t.chats.filter((other) => other.sessionId !== sessionId), chat];
      if (by) {
        // The flow's questions wait, and are asked again when the person has gone.
        return {
          ...next,
          ended: false,
          chats,
          person: by,
          items: joined(
            closed(t, () => true),
            by,
          ),
        };
      }
      const items: readonly Item[] = chatText ? [...t.items, { kind: "bot", key, seq, content: chatText }] : t.items;
      return { ...next, ended: false, chats, items };
    }
    case "EndChatSession": {
      const chats = t.chats.filter(({ sessionId }) => sessionId !== said.sessionId);
      const left: Item[] = by ? [{ kind: "note", key, seq, says: "left", by }] : [];
      return { ...next, chats, person: undefined, items: [...t.items, ...left] };
    }
    case "ChoiceResponse": {
      const asked = t.items.findLast((item) => item.kind === "question" && item.groupId === said.groupId);
      const question = asked?.kind === "question" ? asked : undefined;
      const chosen = question?.choices.find(({ itemId }) => itemId === said.itemId);
      // F5: an answer closes its question and every other open one.
      const items = closed(t, () => true, question?.seq);
      items.push({ kind: "visitor", key, seq, rich: true, text: said.content ?? chosen?.content ?? said.itemId });
      return { ...next, items };
    }
    case "UserText":
      return { ...next, items: [...t.items, { kind: "visitor", key, seq, rich: false, text: said.content }] };
    case "ResetSession":
      return { ...next, items: [], chats: [], outgoing: [], ended: false, person: undefined };
    case undefined:
      return next;
  }
}

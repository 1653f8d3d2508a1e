import type { AnswerMessage, RefusalCode, RequestMessage } from "../message.js";

/** A request that waits for an answer, and the `seq` of its message. */
export type Open<M extends RequestMessage["kind"]> = {
  readonly seq: number;
  readonly message: Extract<RequestMessage, { kind: M }>;
};

/** The state of a conversation: a function of its inputs (F9). Immutable. */
export type Session = {
  /** Messages so far: the `seq` of the last one. */
  readonly seq: number;
  /** Open questions by groupId (F3). */
  readonly questions: ReadonlyMap<string, Open<"ChoiceRequest">>;
  /** Open chat sessions by sessionId (F3). */
  readonly chats: ReadonlyMap<string, Open<"StartChatSession">>;
  /** The last answer by groupId or sessionId, for those that a text asks for (F12). */
  readonly answers: ReadonlyMap<string, string>;
  /** Said by the page (F12); never trusted for a right. */
  readonly variables: ReadonlyMap<string, string>;
  /** Nothing is open: the conversation has ended (F3). */
  readonly ended: boolean;
};

/** What happens to a conversation. Everything that is not in the log's own past comes in with the event (F9). */
export type SessionEvent =
  | { readonly kind: "begin" }
  | { readonly kind: "reset" }
  | { readonly kind: "answer"; readonly message: AnswerMessage; readonly re?: number }
  | { readonly kind: "variables"; readonly values: Readonly<Record<string, string>> };

/** What a step has to be done about: messages to send, then one `turn`. */
export type Effect = { readonly kind: "send"; readonly state: string; readonly message: RequestMessage } | TurnEffect;
export type TurnEffect = {
  readonly kind: "turn";
  readonly refused?: RefusalCode;
  readonly ended?: true;
  readonly failed?: string;
  /** The state that matched the answer. */
  readonly state?: string;
};

export const NEW_SESSION: Session = {
  seq: 0,
  questions: new Map(),
  chats: new Map(),
  answers: new Map(),
  variables: new Map(),
  ended: false,
};

/** The state as plain JSON, entries in a fixed order: equal states give equal text. */
export function sessionJson(session: Session): unknown {
  const entries = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    seq: session.seq,
    questions: entries(session.questions),
    chats: entries(session.chats),
    answers: entries(session.answers),
    variables: entries(session.variables),
    ended: session.ended,
  };
}

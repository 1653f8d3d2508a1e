import type { AnswerMessage, Outcome, RefusalCode, RequestMessage } from "../message.js";
import type { ActMessage } from "../record.js";

/** A request that waits for an answer, the `seq` of its message, and the state that sent it (a takeover's has none). */
export type Open<M extends RequestMessage["kind"]> = {
  readonly seq: number;
  readonly state: string | undefined;
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
  /** The id of the last exclusive act that counted (L8). */
  readonly act: string | undefined;
  /** A person has the conversation: the bot says nothing. */
  readonly taken: boolean;
};

/** The hand-off for which the conversation waits, or in which a person has it; at most one is open. */
export function openHandOff({ chats }: Pick<Session, "chats">): Open<"StartChatSession"> | undefined {
  for (const chat of chats.values()) if (chat.message.handOff !== undefined) return chat;
  return undefined;
}

/** What happens to a conversation. Everything that is not in the log's own past comes in with the event (F9). */
export type SessionEvent =
  | { readonly kind: "begin" }
  | { readonly kind: "reset" }
  | { readonly kind: "answer"; readonly message: AnswerMessage; readonly re?: number }
  | { readonly kind: "variables"; readonly values: Readonly<Record<string, string>> }
  | HandOffOver
  | { readonly kind: "act"; readonly id: string; readonly by: string; readonly message: ActMessage }
  | { readonly kind: "said"; readonly act: string };

/**
 * A hand-off is over before somebody has taken it, or, given again, as it was when somebody had. `re` and `after` as in
 * the record that says so; without `re` whichever of that id is open, with whatever acts.
 */
export type HandOffOver = {
  readonly kind: "hand-off over";
  readonly handOffId: string;
  readonly outcome: Outcome;
  readonly re?: number;
  readonly after?: string;
};

/** What a step has to be done about: messages to send, then one `turn`. */
export type Effect = SendEffect | TurnEffect;
export type SendEffect = {
  readonly kind: "send";
  /** The state that sends it; none for what a takeover opens and giving back closes. */
  readonly state: string | undefined;
  readonly message: RequestMessage;
  /** Who sends it, if not the bot. */
  readonly by?: string;
};
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
  act: undefined,
  taken: false,
};

/** Who has a conversation, as far as it decides whether an act counts; `handOff` is one that the visitor has seen open. */
export type Standing = Pick<Session, "act" | "taken"> & { readonly handOff: unknown };

/** L8: whether an act counts where it stands: it names the last one that did, and fits who has the conversation. */
export function actCounts({ act, taken, handOff }: Standing, message: ActMessage): boolean {
  if (message.after !== act) return false;
  if (message.kind === "GiveBack") return taken;
  if (message.kind === "Assign") return taken || handOff !== undefined;
  return message.kind !== "Resend" || !taken;
}

/** Whether a person has the conversation behind an act that counts. Left to nobody, a hand-off waits again. */
export function takenAfter({ taken, handOff }: Standing, message: ActMessage): boolean {
  if (message.kind === "Takeover") return true;
  if (message.kind !== "Assign") return false;
  return message.to !== undefined || (taken && handOff === undefined);
}

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
    ...(session.act !== undefined && { act: session.act, taken: session.taken }),
  };
}

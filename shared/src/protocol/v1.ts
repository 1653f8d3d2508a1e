import type { Message, RefusalCode, ResponseMessage } from "../message.js";

/** The product's own protocol (SPEC W2): sequence numbers, acknowledgements, resume; the session is a token, not a cookie. */
export const SUBPROTOCOL = "parley.v1";

/** The place of the last message a client has: its number and its id, so that a restored log is noticed. */
export type After = { readonly seq: number; readonly id: string };

/**
 * `page`: the address of the page, for whoever reads the conversation; it counts where a session begins. `jwt`: as in
 * `Identify`, and answered by the one `Welcome`.
 */
export type Hello = {
  readonly kind: "Hello";
  readonly token?: string;
  readonly after?: After;
  readonly page?: string;
  /** At `/preview`, where it is the only way in: good for one socket, within a minute. */
  readonly ticket?: string;
  readonly jwt?: string;
};
/** Who the visitor is, signed by the page's server: continues that person's conversation under a fresh token. */
export type Identify = { readonly kind: "Identify"; readonly id: string; readonly jwt: string };
/** In place of `Hello`: voids the token, and is answered by the close code `voided` alone. */
export type SignOut = { readonly kind: "SignOut"; readonly token: string };
/** `re` is the `seq` of the message it answers. */
export type Send = {
  readonly kind: "Send";
  readonly id: string;
  readonly re?: number;
  readonly message: ResponseMessage;
};
export type SetVariables = {
  readonly kind: "SetVariables";
  readonly id: string;
  readonly values: Readonly<Record<string, string>>;
};
/** The visitor types what a person will read. Never stored nor answered; a client tells it at most every 3 s. */
export type Typing = { readonly kind: "Typing" };
export type Ping = { readonly kind: "Ping" };
export type ClientFrame = Hello | Identify | SignOut | Send | SetVariables | Typing | Ping;

/** Appearance as the flow's settings publish it; a widget ignores what it does not know. */
export type Appearance = Readonly<Record<string, unknown>>;

export type Welcome = {
  readonly kind: "Welcome";
  readonly sid: string;
  readonly token: string;
  readonly flow: { readonly id: string; readonly version: number; readonly appearance: Appearance };
  /** `seq` of the newest message, 0 for none. */
  readonly latest: number;
};
/**
 * What the client has is not this log's: it forgets its messages, and all follow from the start. `live: false` (only at
 * `/preview`): what follows is an earlier moment, to be looked at and not to be answered, until the next `Resync`.
 */
export type Resync = { readonly kind: "Resync"; readonly live?: boolean };
export type MessageFrame = {
  readonly kind: "Message";
  readonly seq: number;
  readonly at: string;
  readonly id: string;
  readonly message: Message;
  /** The name of the person who says it, where that is neither the bot nor the visitor. */
  readonly by?: string;
  /** The name of his picture: the server has it at `/assets/<name>`, or not any more. */
  readonly picture?: string;
};
/** The client's message `id` is durable; nothing else. */
export type Ack = { readonly kind: "Ack"; readonly id: string };
export type NackCode =
  | "too-large"
  | "too-long"
  | "bad-message"
  | "rate-limited"
  | "busy"
  | "too-many"
  | "not-identified"
  | "not-declared";
/** The client's message was not taken. Final but for `rate-limited` and `busy`: sent again after `retryAfter` ms. */
export type Nack = {
  readonly kind: "Nack";
  readonly id: string;
  readonly code: NackCode;
  readonly retryAfter?: number;
};
/** An acknowledged answer had no effect. */
export type Refused = { readonly kind: "Refused"; readonly id: string; readonly code: RefusalCode };
/** The run that answers `of` (the id of a message, or of the session's begin) is over. */
export type Turn = { readonly kind: "Turn"; readonly of: string; readonly ended: boolean };
/** A person of this name types: so it is for a few seconds, or until he says something. */
export type PersonTyping = { readonly kind: "Typing"; readonly by: string };
export type Pong = { readonly kind: "Pong" };
/** The connection is about to be closed for this reason (the close code says what to do). */
export type ServerFrame = Welcome | Resync | MessageFrame | Ack | Nack | Refused | Turn | PersonTyping | Pong;

/** A client message's own id. */
export const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Final refusals; the others are sent again with the same id. */
export const FINAL_NACKS: ReadonlySet<NackCode> = new Set<NackCode>([
  "too-large",
  "too-long",
  "bad-message",
  "too-many",
  "not-identified",
  "not-declared",
]);

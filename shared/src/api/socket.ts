import type { ConversationEvent, Holder } from "../session/conversation.js";
import type { InboxRow, Staff } from "./inbox.js";
import type { PreviewTrace as Trace } from "./preview.js";

/**
 * The studio's socket at `/api/socket`: who has which flow open, and what was saved. One JSON object a frame, `kind` names
 * it. It needs the session's cookie and an `Origin` equal to the server's own. Nothing is lost with a frame: what it
 * tells can be read again over HTTP, and after a reconnect a client looks again and asks for the ETags it has.
 */
export const STUDIO_SUBPROTOCOL = "parley.studio.v1";

/** This tab has this flow open, with the step in hand (a state name); without a flow it has none. */
export type Look = { readonly kind: "Look"; readonly flow?: string; readonly step?: string };
/**
 * This tab shows that conversation: what happens in it is told by `Happened`. Without one, none. It needs the right
 * `conversations:read`, else nothing is told.
 */
export type Watch = { readonly kind: "Watch"; readonly flow?: string; readonly conversation?: string };
/**
 * The person of this tab types in the conversation that it watches, which he has: told to the visitor, at most every 2 s;
 * a tab says it at most every 3 s. Of anybody else it is nothing.
 */
export type StudioTyping = { readonly kind: "Typing" };
/** This tab shows the inbox: it is told what is in it, and then what changes; `on: false`: no more. */
export type OpenInbox = { readonly kind: "OpenInbox"; readonly on: boolean };
/** Whoever has this tab has read a conversation in his inbox up to this message. */
export type ReadUpTo = { readonly kind: "ReadUpTo"; readonly conversation: string; readonly seq: number };
export type StudioPing = { readonly kind: "Ping" };
export type StudioClientFrame = Look | Watch | StudioTyping | OpenInbox | ReadUpTo | StudioPing;

/** A tab that has the flow open. `tab` tells two tabs of one person apart. */
export type Present = { readonly tab: string; readonly user: string; readonly name: string; readonly step?: string };

/** `tab` is this socket's; sent as the header `Parley-Tab` of a write it comes back in the notice of it. */
export type StudioWelcome = { readonly kind: "Welcome"; readonly tab: string };
/** Everybody who has the flow open, this tab left out; sent whenever it changes to those who have it open. */
export type Presence = { readonly kind: "Presence"; readonly flow: string; readonly present: readonly Present[] };
/** A draft was saved: to every tab that has the flow open, also the one that saved it. */
export type DraftSaved = {
  readonly kind: "DraftSaved";
  readonly flow: string;
  readonly etag: string;
  readonly by: string;
  /** The tab that saved it, if it said so. */
  readonly tab?: string;
};
/** The list of flows, or what a line of it says, is another now: to every tab. */
export type FlowsChanged = { readonly kind: "FlowsChanged"; readonly flow: string };
/** Conversations of a flow began, went on or were erased; at most about once a second, to every tab. */
export type ConversationsChanged = { readonly kind: "ConversationsChanged"; readonly flow: string };
/** What happened in the conversation that this tab watches; `whole`: all so far, in place of whatever was told before. */
export type Happened = {
  readonly kind: "Happened";
  readonly conversation: string;
  readonly whole: boolean;
  readonly events: readonly ConversationEvent[];
  readonly act?: string;
  readonly holder?: Holder;
};
/** The visitor types in the conversation that this tab watches: so it is for a few seconds, or until he says something. */
export type VisitorTyping = { readonly kind: "Typing"; readonly conversation: string };
/**
 * Of the inbox: the rows that are new or other ones, and conversations that are in it no more; `whole`: all of it, in place
 * of whatever was told before. It needs the right `conversations:answer`, and nothing is told of flows without it.
 */
export type InboxFrame = Partial<Staff> & {
  readonly kind: "Inbox";
  readonly whole: boolean;
  readonly rows: readonly InboxRow[];
  readonly gone: readonly string[];
  readonly more?: number;
  /** Whether who has this tab says that he is available. */
  readonly available?: boolean;
  /** How far he has read, by session: the `seq` of a message. */
  readonly marks?: Readonly<Record<string, number>>;
};
export type StudioPong = { readonly kind: "Pong" };
/** What is known of this tab's preview, after each answer. */
export type PreviewTrace = { readonly kind: "PreviewTrace"; readonly trace: Trace };
/** Frames of a preview's sockets and records of its sessions, while this tab watches; tokens are left out. */
export type PreviewLog = {
  readonly kind: "PreviewLog";
  readonly preview: string;
  readonly lines: readonly {
    readonly n: number;
    /** Since the preview began. */
    readonly ms: number;
    /** `in`: from the visitor's side. */
    readonly way: "in" | "out" | "record";
    readonly text: string;
  }[];
};
/** This tab's preview is no more. */
export type PreviewEnded = { readonly kind: "PreviewEnded"; readonly preview: string };
export type StudioServerFrame =
  | StudioWelcome
  | Presence
  | DraftSaved
  | FlowsChanged
  | PreviewTrace
  | PreviewLog
  | PreviewEnded
  | Happened
  | VisitorTyping
  | InboxFrame
  | StudioPong
  | ConversationsChanged;

/** Why the server closes the socket; after any other code the client comes back (1012 with `retry-after=<ms>`). */
export const STUDIO_CLOSE = {
  /** The server restarts. */
  restart: 1012,
  /** A frame of another shape. Final: the client is wrong. */
  badFrame: 4400,
  /** The session ended: signed out, idle, or the person's role or password changed. Final: sign in again. */
  signedOut: 4401,
  /** Too many frames. */
  tooMany: 4429,
} as const;

import type { Static, TSchema } from "typebox";
import { Type } from "typebox";
import * as access from "./access.js";
import * as conversations from "./conversations.js";
import * as flows from "./flows.js";
import * as inbox from "./inbox.js";
import * as links from "./links.js";
import * as pictures from "./pictures.js";
import * as preview from "./preview.js";
import type { ProblemCode } from "./problem.js";
import * as support from "./support.js";
import * as versions from "./versions.js";
import * as webhooks from "./webhooks.js";
import * as whatIf from "./what-if.js";

/** One route: what it takes, what it answers, and who may. */
export type Operation = {
  readonly summary: string;
  /** `open`: anybody. `person`: whoever has a session by cookie, whatever the role. Else: who has this right. */
  readonly access: "open" | "person" | access.Right;
  readonly query?: Readonly<Record<string, TSchema>>;
  readonly body?: TSchema;
  /** The body may be as large as a flow with its drawing, not 64 KiB. */
  readonly large?: true;
  /** `If-Match` has to be there; `or-new`: or `If-None-Match: *`, to make what is not there yet; `may`: as the body says. */
  readonly match?: "required" | "or-new" | "may";
  /** Of an answer that went well. */
  readonly status: 200 | 201 | 204;
  readonly answer?: TSchema;
  /** Instead of JSON: what the answer is made of while it is sent. */
  readonly media?: readonly string[];
  /** The answer carries an `ETag`. */
  readonly etag?: true;
  /** Problems that only this route has. */
  readonly problems?: readonly ProblemCode[];
};

/** Bytes of a body. The large one holds a flow of 5 MB, its drawing, and its text as a JSON string once more. */
export const BODY_BYTES = { usual: 64 * 1024, large: 16 * 1024 * 1024 } as const;

/**
 * The HTTP interface: every route by method and path. The router, the validation and the OpenAPI document are made of
 * it, and the studio's client is typed by it.
 */
export const API = {
  "GET /api/openapi.json": { summary: "This document", access: "open", status: 200 },

  "GET /api/session": { summary: "Who I am, or nobody", access: "open", status: 200, answer: access.Whoever },
  "POST /api/session": {
    summary: "Sign in, by the secret of a login link or by name and password",
    access: "open",
    body: access.SignIn,
    status: 201,
    answer: access.Me,
    problems: ["wrong-login", "too-many-requests"],
  },
  "DELETE /api/session": { summary: "Sign out", access: "person", status: 204 },
  "GET /api/socket": {
    summary: "The studio's websocket (subprotocol parley.studio.v1): an upgrade, by cookie only",
    access: "person",
    status: 200,
    problems: ["upgrade-required"],
  },

  "GET /api/flows": {
    summary: "The flows, those changed last first",
    access: "flows:read",
    query: { archived: Type.Optional(Type.Union([Type.Literal("yes"), Type.Literal("no")])) },
    status: 200,
    answer: flows.FlowList,
  },
  "POST /api/flows": {
    summary: "Make a flow: blank, from a template, or of a file",
    access: "flows:write",
    body: flows.NewFlow,
    large: true,
    status: 201,
    answer: flows.FlowSummary,
    problems: ["flow-exists", "too-deep"],
  },
  "GET /api/templates": {
    summary: "What a new flow can begin with",
    access: "flows:read",
    status: 200,
    answer: flows.TemplateList,
  },
  "POST /api/templates/{template}/previews": {
    summary: "Play an example before it is taken: a preview of one's own, and no flow is made",
    access: "flows:read",
    status: 201,
    answer: preview.MadePreview,
    problems: ["too-many-requests"],
  },
  "DELETE /api/templates/{template}/previews/{preview}": {
    summary: "End playing an example",
    access: "flows:read",
    status: 204,
  },
  "GET /api/flows/{flow}": { summary: "One flow", access: "flows:read", status: 200, answer: flows.FlowSummary },
  "PATCH /api/flows/{flow}": {
    summary: "Rename: the title, and the id while nothing was published",
    access: "flows:write",
    body: flows.FlowChange,
    status: 200,
    answer: flows.FlowSummary,
    problems: ["archived", "flow-exists", "published"],
  },
  "POST /api/flows/{flow}/duplicate": {
    summary: "A new flow like this one, drawing, settings and tests included",
    access: "flows:write",
    body: flows.Duplicate,
    status: 201,
    answer: flows.FlowSummary,
    problems: ["flow-exists"],
  },
  "POST /api/flows/{flow}/archive": {
    summary: "Put away: no longer in the list, not to be edited; conversations go on",
    access: "flows:write",
    status: 200,
    answer: flows.FlowSummary,
  },
  "POST /api/flows/{flow}/restore": {
    summary: "Take an archived flow back",
    access: "flows:write",
    status: 200,
    answer: flows.FlowSummary,
  },
  "GET /api/flows/{flow}/file": {
    summary: "The draft's flow as a file: as imported, or canonical after an edit",
    access: "flows:read",
    status: 200,
    answer: flows.Draft.properties.flow,
    etag: true,
  },

  "GET /api/flows/{flow}/draft": {
    summary: "The draft",
    access: "flows:read",
    status: 200,
    answer: flows.Draft,
    etag: true,
  },
  "PUT /api/flows/{flow}/draft": {
    summary: "Save the draft, broken or not",
    access: "flows:write",
    body: flows.DraftToSave,
    large: true,
    match: "required",
    status: 200,
    answer: flows.Saved,
    etag: true,
    problems: ["archived", "too-deep"],
  },
  "GET /api/flows/{flow}/draft/states": {
    summary: "The saved states of the draft",
    access: "flows:read",
    status: 200,
    answer: flows.DraftStates,
  },
  "GET /api/flows/{flow}/draft/states/{state}": {
    summary: "The draft as it was; it is restored by saving it",
    access: "flows:read",
    status: 200,
    answer: flows.Draft,
    etag: true,
  },

  "GET /api/flows/{flow}/tests": {
    summary: "The tests beside the flow",
    access: "flows:read",
    status: 200,
    answer: flows.TestList,
  },
  "GET /api/flows/{flow}/tests/{test}": {
    summary: "One test",
    access: "flows:read",
    status: 200,
    answer: flows.TestDocument,
    etag: true,
  },
  "PUT /api/flows/{flow}/tests/{test}": {
    summary: "Save a test",
    access: "flows:write",
    body: flows.TestDocument,
    match: "or-new",
    status: 200,
    answer: flows.SavedTest,
    etag: true,
    problems: ["archived", "too-deep", "too-many-tests"],
  },
  "DELETE /api/flows/{flow}/tests/{test}": {
    summary: "Remove a test",
    access: "flows:write",
    match: "required",
    status: 204,
    problems: ["archived"],
  },

  "GET /api/flows/{flow}/pictures": {
    summary: "The pictures that the draft and the live version name, and how much room pictures have",
    access: "flows:read",
    status: 200,
    answer: pictures.PictureList,
  },
  "POST /api/flows/{flow}/pictures": {
    summary: "Upload a picture: PNG, JPEG, GIF or WebP, as its bytes say; the same one again is the same",
    access: "flows:write",
    body: pictures.NewPicture,
    large: true,
    // Not 201: a token for this flow may do it, and it may be there already.
    status: 200,
    answer: pictures.StoredPicture,
    problems: [
      "archived",
      "damaged-picture",
      "more-than-a-picture",
      "no-picture",
      "no-room",
      "other-picture",
      "too-many-pixels",
      "too-many-requests",
    ],
  },

  "POST /api/flows/{flow}/previews": {
    summary: "Preview a draft, as it is sent along; it ends with the tab that asks, and nothing of it is kept",
    access: "flows:read",
    body: preview.NewPreview,
    large: true,
    status: 201,
    answer: preview.MadePreview,
    problems: ["too-many-requests"],
  },
  "PUT /api/flows/{flow}/previews/{preview}": {
    summary: "Move a preview of one's own: to an edited draft, another start, an earlier moment, fewer answers",
    access: "flows:read",
    body: preview.PreviewChange,
    large: true,
    status: 200,
    answer: preview.PreviewTrace,
    problems: ["too-many-requests"],
  },
  "DELETE /api/flows/{flow}/previews/{preview}": {
    summary: "End a preview of one's own",
    access: "flows:read",
    status: 204,
  },

  "GET /api/flows/{flow}/links": {
    summary: "The links that show the draft to people without an account, and the conversations that readers sent",
    access: "flows:write",
    status: 200,
    answer: links.DraftLinks,
  },
  "POST /api/flows/{flow}/links": {
    summary: "Make a draft link, by a person; its address is shown this once",
    access: "flows:write",
    body: links.NewLink,
    status: 201,
    answer: links.MadeLink,
    problems: ["archived", "too-many-links"],
  },
  "DELETE /api/flows/{flow}/links/{link}": {
    summary: "Revoke a draft link: its readers' conversations end; their comments stay in the draft",
    access: "flows:write",
    status: 204,
  },
  "GET /api/flows/{flow}/sent/{sent}": {
    summary: "The answers of a conversation that a reader sent",
    access: "flows:write",
    status: 200,
    answer: links.SentInputs,
  },
  "DELETE /api/flows/{flow}/sent/{sent}": {
    summary: "Remove a conversation that a reader sent",
    access: "flows:write",
    status: 204,
  },
  "POST /api/shared": {
    summary: "What a draft link shows; its right is in the body",
    access: "open",
    body: links.LookAtShared,
    status: 200,
    answer: links.SharedDraft,
    problems: ["link-over"],
  },
  "POST /api/shared/previews": {
    summary: "Begin a conversation with the draft of a link; it ends with the link",
    access: "open",
    body: links.PlayShared,
    status: 200,
    answer: links.SharedPreview,
    problems: ["link-over", "too-many-requests"],
  },
  "POST /api/shared/comments": {
    summary: "Comment on a message by a draft link: a note on its step in the draft",
    access: "open",
    body: links.NewComment,
    status: 200,
    answer: links.CommentMade,
    problems: ["archived", "link-over", "too-many-comments", "too-many-requests"],
  },
  "POST /api/shared/conversations": {
    summary: "Send one's conversation to who made the draft link",
    access: "open",
    body: links.SendConversation,
    status: 204,
    problems: ["link-over", "too-many-comments", "too-many-requests"],
  },

  "GET /api/flows/{flow}/versions": {
    summary: "The published versions, and those of its file that wait",
    access: "flows:read",
    status: 200,
    answer: flows.VersionList,
  },
  "GET /api/flows/{flow}/versions/{version}": {
    summary: "One version with its flow and settings",
    access: "flows:read",
    status: 200,
    answer: flows.Version,
  },
  "POST /api/flows/{flow}/versions": {
    summary: "Publish: the draft, a flow file, or an older version once more (roll back)",
    access: "flows:write",
    body: versions.Publish,
    large: true,
    match: "may",
    // Not 201: a token for this flow may do it.
    status: 200,
    answer: versions.Published,
    problems: ["archived", "has-problems", "nothing-new", "other-version", "unreadable-text"],
  },
  "GET /api/visitors": {
    summary: "Where visitors reach this server",
    access: "flows:read",
    status: 200,
    answer: versions.Visitors,
  },
  "GET /api/flows/{flow}/running": {
    summary: "How many conversations are on which version, and where they wait",
    access: "flows:read",
    status: 200,
    answer: versions.Running,
  },
  "GET /api/flows/{flow}/refused-origins": {
    summary: "The sites that wanted to show this flow of late, and may not",
    access: "flows:read",
    status: 200,
    answer: versions.RefusedOrigins,
  },
  "POST /api/flows/{flow}/what-if": {
    summary:
      "What recorded conversations would have been on the draft: lines of JSON, its progress and then the report",
    access: "conversations:read",
    body: whatIf.WhatIfRequest,
    status: 200,
    problems: ["catching-up", "too-many-requests"],
  },
  "GET /api/flows/{flow}/what-if/{conversation}": {
    summary: "One conversation as it was, and as it would have been on the draft",
    access: "conversations:read",
    status: 200,
    answer: whatIf.WhatIfTranscript,
  },
  "POST /api/flows/{flow}/unpublish": {
    summary: "Take down: nobody begins a conversation, and who has begun may finish",
    access: "flows:write",
    body: versions.Unpublish,
    status: 200,
    answer: flows.FlowSummary,
    problems: ["not-live", "other-version"],
  },

  "GET /api/conversations": {
    summary: "Conversations of visitors, those begun last first",
    access: "conversations:read",
    query: { ...conversations.ConversationFilter, ...conversations.Paging },
    status: 200,
    answer: conversations.ConversationList,
  },
  "GET /api/flows/{flow}/conversations/{conversation}": {
    summary: "One conversation: what was said, and the states that it went through",
    access: "conversations:read",
    status: 200,
    answer: conversations.ConversationDetail,
  },
  "GET /api/flows/{flow}/conversations/{conversation}/diagnosis": {
    summary: "How a visitor's session stands by its log: where it is, what is open, its last records, its timers",
    access: "conversations:read",
    status: 200,
    answer: conversations.ConversationDiagnosis,
  },
  "GET /api/flows/{flow}/conversations/{conversation}/same-person": {
    summary:
      "The visitor's other conversations, newest first, in the flows that one may see: by starting over, or identified",
    access: "conversations:read",
    status: 200,
    answer: conversations.SamePerson,
  },
  "POST /api/flows/{flow}/conversations/{conversation}/deeds": {
    summary: "Take a conversation over, talk in it, give it back; or ask again, go on elsewhere, end it",
    access: "conversations:answer",
    body: conversations.Deed,
    status: 200,
    answer: conversations.DeedDone,
    problems: ["not-stored"],
  },
  "DELETE /api/flows/{flow}/conversations/{conversation}": {
    summary: "Erase a visitor's session for good; where that has to wait, it goes on by itself",
    access: "conversations:erase",
    status: 200,
    answer: conversations.Erasure,
  },
  "GET /api/flows/{flow}/erasures": {
    summary: "Which conversations were erased, by whom, and how far that is",
    access: "conversations:read",
    status: 200,
    answer: conversations.ErasureList,
  },
  "GET /api/flows/{flow}/answers": {
    summary: "Answers: one row a conversation, one column a question, over all versions",
    access: "conversations:read",
    query: { ...conversations.AnswerFilter, ...conversations.Paging },
    status: 200,
    answer: conversations.AnswerTable,
  },
  "GET /api/flows/{flow}/export/answers": {
    summary: "The answers as a CSV file",
    access: "conversations:read",
    query: conversations.AnswerFilter,
    status: 200,
    media: ["text/csv"],
    problems: ["catching-up"],
  },
  "GET /api/flows/{flow}/export/conversations": {
    summary: "Conversations with all that was said in them, as a file",
    access: "conversations:read",
    query: conversations.ExportFilter,
    status: 200,
    media: ["application/json", "text/csv", "text/plain"],
    problems: ["catching-up"],
  },
  "GET /api/flows/{flow}/counts": {
    summary: "How often each state was come to, and where conversations stop; no words of visitors",
    access: "flows:read",
    query: conversations.CountFilter,
    status: 200,
    answer: conversations.FlowCounts,
  },

  "GET /api/inbox": {
    summary: "Conversations that are with a person or wait for one, and who is there for them",
    access: "conversations:answer",
    status: 200,
    answer: inbox.Inbox,
  },
  "GET /api/figures": {
    summary: "Hand-offs by day and queue: how many were answered and missed, how long they waited and took",
    access: "conversations:answer",
    query: inbox.FigureFilter,
    status: 200,
    answer: inbox.Figures,
  },
  "GET /api/export/figures": {
    summary: "The same as a CSV file",
    access: "conversations:answer",
    query: inbox.FigureFilter,
    status: 200,
    media: ["text/csv"],
    problems: ["catching-up"],
  },
  "PUT /api/availability": {
    summary: "Say whether one is there for visitors; a person's",
    access: "conversations:answer",
    body: inbox.Availability,
    status: 200,
    answer: inbox.Availability,
  },
  "GET /api/queues": {
    summary: "The queues that conversations wait in for people",
    access: "conversations:answer",
    status: 200,
    answer: inbox.QueueList,
  },
  "POST /api/queues": {
    summary: "Add a queue: when it is open, and whose work it is",
    access: "access:manage",
    body: inbox.QueueSettings,
    status: 201,
    answer: inbox.Queue,
    problems: ["name-taken"],
  },
  "PUT /api/queues/{queue}": {
    summary: "Set a queue",
    access: "access:manage",
    body: inbox.QueueSettings,
    status: 200,
    answer: inbox.Queue,
    problems: ["name-taken"],
  },
  "DELETE /api/queues/{queue}": {
    summary: "Remove a queue: what a flow sends there is everybody's, at any time",
    access: "access:manage",
    status: 204,
  },
  "GET /api/flows/{flow}/conversations/{conversation}/notes": {
    summary: "What people noted about a visitor, the oldest first; no visitor sees it",
    access: "conversations:read",
    status: 200,
    answer: support.NoteList,
  },
  "POST /api/flows/{flow}/conversations/{conversation}/notes": {
    summary: "Note something about a conversation",
    access: "conversations:answer",
    body: support.NewNote,
    // Not 201: a token for this flow may do it.
    status: 200,
    answer: support.Note,
    problems: ["too-many-notes"],
  },
  "DELETE /api/flows/{flow}/conversations/{conversation}/notes/{note}": {
    summary: "Remove a note: one's own, or by whoever may erase conversations",
    access: "conversations:answer",
    status: 204,
  },
  "GET /api/replies": {
    summary: "Saved replies: those for all flows, and those for the flows that one may answer in",
    access: "conversations:answer",
    query: { flow: Type.Optional(flows.FlowId) },
    status: 200,
    answer: support.SavedReplyList,
  },
  "POST /api/replies": {
    summary: "Save a reply, for everybody who answers",
    access: "conversations:answer",
    body: support.ReplyToSave,
    status: 201,
    answer: support.SavedReply,
    problems: ["too-many-replies"],
  },
  "PUT /api/replies/{reply}": {
    summary: "Change a saved reply",
    access: "conversations:answer",
    body: support.ReplyToSave,
    status: 200,
    answer: support.SavedReply,
  },
  "DELETE /api/replies/{reply}": {
    summary: "Remove a saved reply",
    access: "conversations:answer",
    status: 204,
  },
  "PUT /api/profile": {
    summary: "Say what visitors see in place of one's name, and the picture beside it",
    access: "person",
    body: support.Profile,
    status: 200,
    answer: support.Profile,
  },
  "POST /api/profile/pictures": {
    summary: "Upload a picture for one's profile, as for a flow",
    access: "person",
    body: pictures.NewPicture,
    large: true,
    status: 200,
    answer: pictures.StoredPicture,
    problems: [
      "damaged-picture",
      "more-than-a-picture",
      "no-picture",
      "no-room",
      "other-picture",
      "too-many-pixels",
      "too-many-requests",
    ],
  },

  "GET /api/users": { summary: "The people", access: "access:manage", status: 200, answer: access.Users },
  "POST /api/users": {
    summary: "Add a person",
    access: "access:manage",
    body: access.NewUser,
    status: 201,
    answer: access.User,
    problems: ["name-taken"],
  },
  "PATCH /api/users/{user}": {
    summary: "Change a role, a password or the flows that one may see: all sessions of that person end",
    access: "access:manage",
    body: access.UserChange,
    status: 200,
    answer: access.User,
    problems: ["built-in"],
  },
  "DELETE /api/users/{user}": {
    summary: "Remove a person, with sessions and tokens",
    access: "access:manage",
    status: 204,
    problems: ["built-in"],
  },

  "GET /api/tokens": { summary: "The API tokens", access: "access:manage", status: 200, answer: access.Tokens },
  "POST /api/tokens": {
    summary: "Make an API token; its secret is shown this once",
    access: "access:manage",
    body: access.NewToken,
    status: 201,
    answer: access.MadeToken,
  },
  "DELETE /api/tokens/{token}": { summary: "Revoke a token", access: "access:manage", status: 204 },

  "GET /api/webhooks": {
    summary: "The addresses that are told when a conversation waits for a person, and when that ends",
    access: "access:manage",
    status: 200,
    answer: webhooks.WebhookList,
  },
  "POST /api/webhooks": {
    summary: "Add a webhook, by an owner; the secret of its signatures is shown this once",
    access: "access:manage",
    body: webhooks.NewWebhook,
    status: 201,
    answer: webhooks.MadeWebhook,
    problems: ["too-many-webhooks"],
  },
  "PATCH /api/webhooks/{webhook}": {
    summary: "Change where a webhook leads, or whether a visitor's words are sent along",
    access: "access:manage",
    body: webhooks.WebhookChange,
    status: 200,
    answer: webhooks.Webhook,
  },
  "DELETE /api/webhooks/{webhook}": {
    summary: "Remove a webhook, and what was still to be sent to it",
    access: "access:manage",
    status: 204,
  },
  "POST /api/webhooks/{webhook}/test": {
    summary: "Send something to a webhook, to see whether it comes",
    access: "access:manage",
    status: 200,
    answer: webhooks.Delivery,
  },
  "GET /api/webhooks/{webhook}/deliveries": {
    summary: "What was sent to a webhook of late, newest first: the status of the answers, and nothing else of them",
    access: "access:manage",
    status: 200,
    answer: webhooks.DeliveryList,
  },
} as const satisfies Record<string, Operation>;

export type Api = typeof API;
/** A route's name: `GET /api/flows/{flow}`. */
export type Route = keyof Api;
/** The names in braces of a path. */
export type PathParameter<R extends string> = R extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;
export type Body<R extends Route> = Api[R] extends { body: infer S extends TSchema } ? Static<S> : undefined;
export type Answer<R extends Route> = Api[R] extends { answer: infer S extends TSchema } ? Static<S> : undefined;
export type Query<R extends Route> = Api[R] extends { query: infer Q extends Record<string, TSchema> }
  ? { readonly [K in keyof Q]?: Static<Q[K]> }
  : Record<never, never>;

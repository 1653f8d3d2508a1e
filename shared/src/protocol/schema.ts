import { type TSchema, Type } from "typebox";
import { PICTURE_NAME } from "../flow/pictures.js";
import { LIMITS } from "./limits.js";
import { CLIENT_ID } from "./v1.js";

/**
 * The JSON Schemas of every frame, for clients in other languages (SPEC W1, W2). They stand beside the types and not in
 * their place because the widget bundles those files; the types of `schema.test.ts` hold the two together.
 * A client may send more fields, which are ignored; a server may add some to its own.
 */
export const FRAMES_SCHEMA_ID = "https://parley.dev/schema/frames-1.json";

const object = <const Fields extends Record<string, TSchema>>(kind: string, fields: Fields) =>
  Type.Object({ ...fields }, { title: kind });
const id = Type.String({ minLength: 1, maxLength: LIMITS.idBytes });
const clientId = Type.String({ pattern: CLIENT_ID.source });
const seq = Type.Integer({ minimum: 0 });

const BotText = object("BotText", { kind: Type.Literal("BotText"), content: Type.String() });
const ChoiceRequest = object("ChoiceRequest", {
  kind: Type.Literal("ChoiceRequest"),
  groupId: Type.String(),
  question: Type.String(),
  choices: Type.Array(Type.Object({ itemId: Type.String(), content: Type.String() })),
});
const StartChatSession = object("StartChatSession", {
  kind: Type.Literal("StartChatSession"),
  sessionId: Type.String(),
  chatPrompt: Type.Optional(Type.String()),
  chatText: Type.Optional(Type.String()),
});
const EndChatSession = object("EndChatSession", { kind: Type.Literal("EndChatSession"), sessionId: Type.String() });
const ChoiceResponse = object("ChoiceResponse", {
  kind: Type.Literal("ChoiceResponse"),
  groupId: id,
  itemId: id,
  content: Type.Optional(Type.String()),
});
const UserText = object("UserText", {
  kind: Type.Literal("UserText"),
  sessionId: id,
  content: Type.String({ description: `At most ${LIMITS.textBytes} bytes as JSON` }),
});
const ResetSession = object("ResetSession", { kind: Type.Literal("ResetSession") });

const Request = Type.Union([BotText, ChoiceRequest, StartChatSession, EndChatSession]);
const Response = Type.Union([ChoiceResponse, UserText, ResetSession]);
const AnyMessage = Type.Union([...Request.anyOf, ...Response.anyOf]);

const Client = Type.Union([
  object("Hello", {
    kind: Type.Literal("Hello"),
    token: Type.Optional(Type.String()),
    after: Type.Optional(Type.Object({ seq, id: Type.String() })),
    page: Type.Optional(Type.String({ description: "Address of the page; its query and fragment are left out" })),
    jwt: Type.Optional(Type.String({ description: "As in Identify" })),
    ticket: Type.Optional(Type.String({ description: "At /preview only" })),
  }),
  object("Identify", { kind: Type.Literal("Identify"), id: clientId, jwt: Type.String() }),
  object("SignOut", { kind: Type.Literal("SignOut"), token: Type.String() }),
  object("Send", { kind: Type.Literal("Send"), id: clientId, re: Type.Optional(seq), message: Response }),
  object("SetVariables", {
    kind: Type.Literal("SetVariables"),
    id: clientId,
    values: Type.Record(Type.String(), Type.String(), { maxProperties: LIMITS.variables }),
  }),
  object("Typing", { kind: Type.Literal("Typing") }),
  object("Ping", { kind: Type.Literal("Ping") }),
]);

const Server = Type.Union([
  object("Welcome", {
    kind: Type.Literal("Welcome"),
    sid: Type.String({ pattern: "^[0-9a-f]{40}$" }),
    token: Type.String(),
    flow: Type.Object({
      id: Type.String(),
      version: Type.Integer({ minimum: 1 }),
      appearance: Type.Record(Type.String(), Type.Unknown()),
    }),
    latest: seq,
  }),
  object("Resync", {
    kind: Type.Literal("Resync"),
    live: Type.Optional(Type.Boolean({ description: "false: an earlier moment follows, not to be answered" })),
  }),
  object("Message", {
    kind: Type.Literal("Message"),
    seq: Type.Integer({ minimum: 1 }),
    at: Type.String({ description: "ISO 8601, UTC" }),
    id: Type.String(),
    message: AnyMessage,
    by: Type.Optional(Type.String({ description: "The name of the person who says it: neither bot nor visitor" })),
    picture: Type.Optional(
      Type.String({ pattern: PICTURE_NAME, description: "The picture of that person, at /assets/<picture>" }),
    ),
  }),
  object("Ack", { kind: Type.Literal("Ack"), id: clientId }),
  object("Nack", {
    kind: Type.Literal("Nack"),
    id: Type.String({ description: "Empty when the frame had none" }),
    code: Type.Union([
      Type.Literal("too-large"),
      Type.Literal("too-long"),
      Type.Literal("bad-message"),
      Type.Literal("rate-limited"),
      Type.Literal("busy"),
      Type.Literal("too-many"),
      Type.Literal("not-identified"),
      Type.Literal("not-declared"),
    ]),
    retryAfter: Type.Optional(Type.Number({ minimum: 0, description: "Milliseconds" })),
  }),
  object("Refused", {
    kind: Type.Literal("Refused"),
    id: clientId,
    code: Type.Union([Type.Literal("stale"), Type.Literal("no-match"), Type.Literal("paused")]),
  }),
  object("Turn", { kind: Type.Literal("Turn"), of: Type.String(), ended: Type.Boolean() }),
  object("Typing", {
    kind: Type.Literal("Typing"),
    by: Type.String({ description: "The name of the person who types" }),
  }),
  object("Pong", { kind: Type.Literal("Pong") }),
]);

/** Frames by who sends them in which protocol; each is one JSON object. */
export const FRAMES = {
  /** Also what it replays of the visitor's own. */
  bareServer: AnyMessage,
  bareClient: Response,
  v1Client: Client,
  v1Server: Server,
} as const;

export const FramesSchema = Type.Object(
  {},
  {
    $id: FRAMES_SCHEMA_ID,
    title: "Parley frames",
    description: "Use #/$defs/bareClient, bareServer, v1Client or v1Server",
    $defs: FRAMES,
  },
);

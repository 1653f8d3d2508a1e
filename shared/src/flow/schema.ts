import { type Static, Type } from "typebox";
import { MAX_WAIT_SECONDS, OUTCOMES } from "../message.js";

/**
 * The flow format: one definition gives the published JSON Schema and the types.
 * What a flow means is in SPEC.md (rules F1–F12); `check` says what is wrong with one.
 */
export const FLOW_SCHEMA_ID = "https://parley.dev/schema/flow-1.json";

const closed = { additionalProperties: false };
/** Existing files mix "1" and 1; both are read as the decimal string, and check warns (`number-id`). */
const Id = Type.Union([Type.String({ minLength: 1 }), Type.Number()], {
  description: "An id; a number is read as text",
});
const RichText = Type.String({
  description: "Text in the small HTML subset of SPEC.md; {{id}} is the visitor's answer",
});

export const Choice = Type.Object({ itemId: Id, content: RichText }, closed);

export const BotText = Type.Object({ kind: Type.Literal("BotText"), content: RichText }, closed);
export const ChoiceRequest = Type.Object(
  {
    kind: Type.Literal("ChoiceRequest"),
    groupId: Id,
    question: RichText,
    choices: Type.Array(Choice, { minItems: 1 }),
  },
  closed,
);
export const StartChatSession = Type.Object(
  {
    kind: Type.Literal("StartChatSession"),
    sessionId: Id,
    chatPrompt: Type.Optional(Type.String({ description: "Placeholder of the editor, plain text" })),
    chatText: Type.Optional(RichText),
  },
  closed,
);
export const EndChatSession = Type.Object({ kind: Type.Literal("EndChatSession"), sessionId: Id }, closed);

export const HandOff = Type.Object(
  {
    kind: Type.Literal("HandOff"),
    handOffId: Id,
    queue: Type.Optional(Type.String({ minLength: 1, description: "Whose work it is; without, the general queue" })),
    content: Type.Optional(RichText),
    timeout: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_WAIT_SECONDS,
        description: "Seconds after which the visitor waits no more, if nobody has come",
      }),
    ),
  },
  closed,
);

export const ChoiceMatch = Type.Object(
  {
    kind: Type.Literal("ChoiceResponse"),
    groupId: Id,
    itemId: Id,
    content: Type.Optional(Type.String({ description: "A remark, never compared" })),
  },
  closed,
);
export const TextMatch = Type.Object(
  {
    kind: Type.Literal("UserText"),
    sessionId: Id,
    content: Type.Optional(Type.String({ description: "Only this text; without, any other text" })),
  },
  closed,
);

export const HandOffMatch = Type.Object(
  {
    kind: Type.Literal("HandOffResult"),
    handOffId: Id,
    outcome: Type.Enum(OUTCOMES, { description: "The person is done, nobody is there, nobody has come in time" }),
  },
  closed,
);

export const Request = Type.Union([BotText, ChoiceRequest, StartChatSession, EndChatSession, HandOff]);
export const Match = Type.Union([ChoiceMatch, TextMatch, HandOffMatch]);

const next = Type.Optional(Type.String({ description: "The state that follows" }));
export const RequestState = Type.Object({ sendRequest: Request, next }, closed);
export const MatchState = Type.Object({ matchResponse: Match, next }, closed);
export const State = Type.Union([RequestState, MatchState]);

/** State name → state; the first key (after `$schema`) is the start (F1). */
export const FlowSchema = Type.Object(
  { $schema: Type.Optional(Type.String()) },
  { $id: FLOW_SCHEMA_ID, title: "Parley flow", minProperties: 1, additionalProperties: State },
);

export type FlowRequest = Static<typeof Request>;
export type FlowMatch = Static<typeof Match>;
export type FlowState = Static<typeof State>;
/** A flow that the schema accepts. `$schema` is read apart; it is not a state. */
export type Flow = { readonly [name: string]: FlowState };

/** The request kinds and match kinds, each with its shape: a kind is added here and nowhere else in the format. */
export const REQUEST_KINDS = { BotText, ChoiceRequest, StartChatSession, EndChatSession, HandOff } as const;
export const MATCH_KINDS = { ChoiceResponse: ChoiceMatch, UserText: TextMatch, HandOffResult: HandOffMatch } as const;

/** The JSON Schema of the format as plain data, to be published at its `$id`. */
export function flowSchemaJson(): { readonly [keyword: string]: unknown } {
  const plain: Record<string, unknown> = JSON.parse(JSON.stringify(FlowSchema));
  return { $schema: "http://json-schema.org/draft-07/schema#", ...plain };
}

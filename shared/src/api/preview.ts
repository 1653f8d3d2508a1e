import { type Static, Type } from "typebox";
import { SettingsSchema } from "../flow/settings.js";
import { OUTCOMES } from "../message.js";

const closed = { additionalProperties: false };
const Id = Type.String({ minLength: 1, maxLength: 1024 });
const Text = Type.String({ maxLength: 8 * 1024 });
const StateName = Type.String({ maxLength: 200 });
/** Answers of one preview, at most. */
export const MAX_PREVIEW_ANSWERS = 500;

/** What somebody put into a conversation, and the state that asked. The same as `RecordedInput`. */
export const Answered = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("answer"),
      message: Type.Union([
        Type.Object(
          { kind: Type.Literal("ChoiceResponse"), groupId: Id, itemId: Id, content: Type.Optional(Text) },
          closed,
        ),
        Type.Object({ kind: Type.Literal("UserText"), sessionId: Id, content: Text }, closed),
      ]),
      asked: Type.Optional(StateName),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("outcome"),
      handOffId: Id,
      outcome: Type.Enum(OUTCOMES, { description: "How the hand-off ends" }),
      asked: Type.Optional(StateName),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("variables"),
      values: Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1024 }), { maxProperties: 64 }),
    },
    closed,
  ),
]);
export const Answers = Type.Array(Answered, { maxItems: MAX_PREVIEW_ANSWERS });

const PreviewDraft = Type.Object(
  {
    flow: Type.Record(Type.String(), Type.Unknown(), { description: "The flow; it may be broken" }),
    settings: SettingsSchema,
  },
  closed,
);
const renamed = { from: Type.String({ maxLength: 1024 }), to: Type.String({ maxLength: 1024 }) };
/** What is called otherwise than before, in the order it was renamed. */
export const Renames = Type.Array(
  Type.Union([
    Type.Object({ kind: Type.Literal("renameState"), ...renamed }, closed),
    Type.Object({ kind: Type.Literal("renameGroup"), ...renamed }, closed),
    Type.Object({ kind: Type.Literal("renameChat"), ...renamed }, closed),
    Type.Object({ kind: Type.Literal("renameItem"), group: Type.String({ maxLength: 1024 }), ...renamed }, closed),
  ]),
  { maxItems: 20_000 },
);
/** How the preview is looked at; it is in no settings. */
const Look = Type.Object(
  {
    theme: Type.Optional(Type.Union([Type.Literal("auto"), Type.Literal("light"), Type.Literal("dark")])),
    locale: Type.Optional(Type.String({ maxLength: 35, pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" })),
  },
  closed,
);

export const NewPreview = Type.Object(
  {
    draft: PreviewDraft,
    start: Type.Optional(StateName),
    inputs: Type.Optional(Answers),
    look: Type.Optional(Look),
  },
  { $id: "NewPreview", ...closed },
);
export type NewPreview = Static<typeof NewPreview>;

/** Each part moves the preview: the answers so far are given again, as far as they lead on. */
export const PreviewChange = Type.Object(
  {
    draft: Type.Optional(PreviewDraft),
    renames: Type.Optional(Renames),
    start: Type.Optional(
      Type.Union([StateName, Type.Null()], {
        description: "Begin at this state, or (null) at the first; without answers",
      }),
    ),
    inputs: Type.Optional(
      Type.Array(Answered, { maxItems: MAX_PREVIEW_ANSWERS, description: "These answers instead" }),
    ),
    at: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
        description: "Show the moment after so many answers, to look at and not to answer; null: now",
      }),
    ),
    keep: Type.Optional(Type.Integer({ minimum: 0, description: "Forget all but so many answers, and go on there" })),
    look: Type.Optional(Look),
    watch: Type.Optional(Type.Boolean({ description: "Tell every frame and record by the studio's socket" })),
  },
  { $id: "PreviewChange", ...closed },
);
export type PreviewChange = Static<typeof PreviewChange>;

/** What is known of a preview: which states said and matched what, what is open, how far the answers lead. */
export const PreviewTrace = Type.Object(
  {
    preview: Type.String(),
    revision: Type.Integer({ description: "Grows with each" }),
    messages: Type.Array(
      Type.Object({
        seq: Type.Integer(),
        state: Type.Optional(Type.String()),
        mine: Type.Optional(Type.Literal(true)),
      }),
      { description: "Each message with the state that sent it, an answer with the one that matched it" },
    ),
    path: Type.Array(Type.String(), { description: "The states that matched or sent something, in order" }),
    waiting: Type.Array(Type.String(), { description: "The states whose request is open" }),
    inputs: Answers,
    at: Type.Integer({ description: "How many of the inputs are shown" }),
    live: Type.Boolean({ description: "Not an earlier moment" }),
    ended: Type.Boolean(),
    parted: Type.Optional(
      Type.Object(
        {
          why: Type.Enum([
            "state-gone",
            "not-asked",
            "answer-gone",
            "leads-nowhere",
            "text-unexpected",
            "failed",
            "dead-end",
          ]),
          input: Type.Integer(),
          state: Type.Optional(Type.String()),
        },
        { description: "Where and why the answers do not lead on" },
      ),
    ),
    failed: Type.Optional(
      Type.Object(
        { why: Type.String(), state: Type.Optional(Type.String()) },
        { description: "The last run came to something broken, behind this state" },
      ),
    ),
    refused: Type.Optional(
      Type.Object(
        { code: Type.String(), state: Type.Optional(Type.String()), item: Type.Optional(Type.String()) },
        { description: "The last answer was not taken; the state that asked" },
      ),
    ),
  },
  { $id: "PreviewTrace" },
);
export type PreviewTrace = Static<typeof PreviewTrace>;

export const MadePreview = Type.Object(
  {
    ticket: Type.String({ description: "For one socket at /preview within 60 s; shown this once" }),
    trace: PreviewTrace,
  },
  { $id: "MadePreview" },
);
export type MadePreview = Static<typeof MadePreview>;
export const PreviewTicket = Type.Object({ ticket: Type.String() }, { $id: "PreviewTicket" });

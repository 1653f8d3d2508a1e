import { type Static, Type } from "typebox";
import { OUTCOMES } from "../message.js";
import { DEVICES } from "../visitor.js";
import { FlowId } from "./flows.js";

const Time = Type.String({ description: "ISO 8601, UTC" });
const When = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?Z)?$" });
const StateName = Type.String({ description: "The name of a state in the flow's file" });

/** A session's number, and behind it the n-th conversation in it where the visitor has started over: `<sid>-2`. */
export const CONVERSATION_ID = /^([0-9a-f]{40})(?:-([1-9]\d{0,5}))?$/;
const ConversationId = Type.String({ pattern: CONVERSATION_ID.source });

/**
 * `waiting`: something is open. `ended`: nothing is. `failed`: the run was cut. `left`: the visitor has started over,
 * and is in another conversation since.
 */
export const STATUSES = ["waiting", "ended", "failed", "left"] as const;
export type Status = (typeof STATUSES)[number];
const Status = Type.Enum(STATUSES);
/** As a status is told, on screens and in files. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  waiting: "Waiting",
  ended: "Ended",
  failed: "Failed",
  left: "Started over",
};

/** Whether a person has it instead of the bot, or it waits for one. */
export const PERSONS = ["with", "waiting"] as const;
export const PERSON_WORDS: Readonly<Record<(typeof PERSONS)[number], string>> = {
  with: "With a person",
  waiting: "Waiting for a person",
};
const Person = Type.Enum(PERSONS);

/** Which conversations: those that began in [from, to), and that all of these are true of. */
export const ConversationFilter = {
  flow: Type.Optional(FlowId),
  version: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,9}$" })),
  status: Type.Optional(Status),
  waits: Type.Optional(Type.String({ maxLength: 200, description: "The name of the state where it waits" })),
  person: Type.Optional(Person),
  from: Type.Optional(When),
  to: Type.Optional(When),
  text: Type.Optional(
    Type.String({
      maxLength: 200,
      description: "Words, each of which somebody said in it, the last one perhaps in part",
    }),
  ),
};
/** One page of a list, newest first. `after`: the `next` of the page before. */
export const Paging = {
  after: Type.Optional(Type.String({ pattern: "^[0-9TZ:.-]{20,40}~[0-9a-f]{40}~\\d{1,6}$" })),
  limit: Type.Optional(Type.String({ pattern: "^([1-9]\\d?|1\\d\\d|200)$", description: "At most 200; 50 if absent" })),
};
const next = Type.Optional(Type.String({ description: "`after` of the next page; absent on the last" }));

/** Of a list that is not whole yet. */
export const CatchingUp = Type.Integer({
  minimum: 0,
  maximum: 99,
  description: "After a start, while this is not made of the whole log yet: per cent so far. Absent: it is whole",
});
const catchingUp = Type.Optional(CatchingUp);

const row = {
  id: ConversationId,
  flow: FlowId,
  version: Type.Integer(),
  started: Time,
  last: Type.String({ description: "ISO 8601: its newest message" }),
  status: Status,
  person: Type.Optional(Type.Enum(PERSONS, { description: "A person has it, or it waits for one" })),
  waits: Type.Optional(StateName),
  step: Type.Optional(Type.String({ description: "The words of the step where it waits, or else that spoke last" })),
  messages: Type.Integer(),
  answers: Type.Integer({ description: "Messages of the visitor" }),
  said: Type.Optional(Type.String({ description: "The beginning of what the visitor said last" })),
  page: Type.Optional(Type.String({ description: "Where the visitor was: an address without query" })),
};
export const ConversationRow = Type.Object(
  {
    ...row,
    found: Type.Optional(Type.String({ description: "Where `text` was found, the words between \\u0001 and \\u0002" })),
  },
  { $id: "ConversationRow" },
);
export type ConversationRow = Static<typeof ConversationRow>;
/** More than so many conversations are not counted: the number is then this one. */
export const MOST_COUNTED = 10_000;
export const ConversationList = Type.Object(
  {
    conversations: Type.Array(ConversationRow),
    total: Type.Integer({ description: `How many there are, at most ${MOST_COUNTED}: more are not counted` }),
    next,
    catchingUp,
  },
  { $id: "ConversationList" },
);
export type ConversationList = Static<typeof ConversationList>;

/** At most so many of a visitor's other conversations are told of. */
export const MOST_OTHERS = 20;
export const SamePerson = Type.Object({ conversations: Type.Array(ConversationRow) }, { $id: "SamePerson" });
export type SamePerson = Static<typeof SamePerson>;

const MessageJson = Type.Record(Type.String(), Type.Unknown(), { description: "As it stands on the log (SPEC L)" });
/** What happened, in order: messages, numbered through the session, and the ends of runs. */
const EventJson = Type.Union([
  Type.Object({
    kind: Type.Literal("message"),
    seq: Type.Integer(),
    id: Type.String(),
    at: Time,
    message: MessageJson,
    state: Type.Optional(StateName),
    by: Type.Optional(Type.String({ description: "Who says it, where that is neither the bot nor the visitor" })),
    name: Type.Optional(Type.String({ description: "The same as the visitor sees it" })),
  }),
  Type.Object({
    kind: Type.Literal("turn"),
    of: Type.String(),
    refused: Type.Optional(Type.Enum(["stale", "no-match", "paused"])),
    ended: Type.Boolean(),
    failed: Type.Optional(Type.String()),
    state: Type.Optional(StateName),
    did: Type.Optional(
      Type.Object(
        { kind: Type.String(), by: Type.String(), why: Type.Optional(Type.String()) },
        { description: "The act of a person that it answers" },
      ),
    ),
    over: Type.Optional(
      Type.Object(
        { handOffId: Type.String(), outcome: Type.Enum(OUTCOMES) },
        { description: "The hand-off that ended by it, and how" },
      ),
    ),
  }),
]);
/** Who has the conversation instead of the bot; without `by` it waits for whoever takes it over next. */
export const Holder = Type.Object({ by: Type.Optional(Type.String()), name: Type.Optional(Type.String()) });
export const ConversationDetail = Type.Object(
  {
    ...row,
    language: Type.Optional(Type.String({ description: "The first language of the visitor's browser, as `de-AT`" })),
    device: Type.Optional(Type.Enum(DEVICES)),
    act: Type.Optional(Type.String({ description: "The last act of people that counts: whoever acts next names it" })),
    holder: Type.Optional(Holder),
    values: Type.Record(Type.String(), Type.String(), { description: "What the page has said (setVariables)" }),
    others: Type.Array(ConversationId, { description: "The visitor's other conversations, by starting over" }),
    events: Type.Array(EventJson),
  },
  { $id: "ConversationDetail" },
);
export type ConversationDetail = Static<typeof ConversationDetail>;

/** How a session stands by its log, for whoever mends it; nothing that was said but for what is open. */
export const ConversationDiagnosis = Type.Object(
  {
    flow: FlowId,
    version: Type.Integer(),
    state: Type.Optional(StateName),
    step: Type.Optional(Type.String({ description: "The words of the step where it is" })),
    open: Type.Array(
      Type.Object({
        kind: Type.String({ description: "The request's kind; HandOff while a person is waited for" }),
        state: Type.Optional(StateName),
        step: Type.Optional(Type.String()),
        said: Type.String({ description: "The beginning of what it says" }),
        since: Time,
      }),
      { description: "What the visitor may answer, the oldest first" },
    ),
    unanswered: Type.Integer({ description: "Inputs that no workflow has answered to the end" }),
    timers: Type.Array(Type.Object({ kind: Type.Literal("wait"), at: Time }), {
      description: "When nobody will have come to a hand-off in time",
    }),
    stopped: Type.Optional(
      Type.Enum(["newer-version", "unknown-kind"], { description: "Why this build cannot read on (SPEC L4)" }),
    ),
    total: Type.Integer({ description: "How many records there are" }),
    records: Type.Array(
      Type.Object({
        id: Type.String(),
        at: Time,
        kind: Type.String({ description: "Its message's kind; Begin for the first of a session" }),
        by: Type.Optional(Type.String()),
        refused: Type.Optional(Type.String()),
        failed: Type.Optional(Type.String()),
        ended: Type.Optional(Type.Boolean()),
        why: Type.Optional(Type.String()),
        void: Type.Optional(Type.Boolean({ description: "It counts for nobody (L3, L8)" })),
      }),
      { description: "The newest first, at most 30" },
    ),
  },
  { $id: "ConversationDiagnosis" },
);
export type ConversationDiagnosis = Static<typeof ConversationDiagnosis>;

/**
 * A column of the answers. Keys: `time`, `version`, `status`, `step`, `page`, `conversation`; `q:<id>` a question,
 * `t:<id>` a text asked for, `v:<name>` a value of the page.
 */
export const AnswerColumn = Type.Object(
  {
    key: Type.String(),
    title: Type.String({ description: "The words asked; told apart where two are the same" }),
    gone: Type.Boolean({ description: "The live version does not ask this any more" }),
  },
  { $id: "AnswerColumn" },
);
export type AnswerColumn = Static<typeof AnswerColumn>;
export const AnswerFilter = {
  version: ConversationFilter.version,
  status: ConversationFilter.status,
  waits: ConversationFilter.waits,
  person: ConversationFilter.person,
  from: ConversationFilter.from,
  to: ConversationFilter.to,
  text: ConversationFilter.text,
  columns: Type.Optional(
    Type.String({
      maxLength: 8_000,
      description: "Keys, each percent-encoded, with commas between; absent: the usual ones",
    }),
  ),
};
export const AnswerTable = Type.Object(
  {
    all: Type.Array(AnswerColumn, { description: "The columns there are" }),
    columns: Type.Array(AnswerColumn, { description: "The columns of these rows" }),
    rows: Type.Array(
      Type.Object({
        id: ConversationId,
        started: Time,
        status: Status,
        cells: Type.Array(Type.String({ description: "Several answers to one question stand on a line each" })),
      }),
    ),
    total: Type.Integer(),
    next,
    catchingUp,
  },
  { $id: "AnswerTable" },
);
export type AnswerTable = Static<typeof AnswerTable>;

export const FORMATS = ["json", "csv", "text"] as const;
export type ExportFormat = (typeof FORMATS)[number];
const { columns: _columns, ...what } = AnswerFilter;
export const ExportFilter = {
  ...what,
  format: Type.Optional(Type.Enum(FORMATS)),
  notes: Type.Optional(Type.Literal("yes", { description: "With what people noted; left out unless it is asked for" })),
  conversation: Type.Optional(ConversationId),
};

/** Counts of a flow's conversations that began in [from, to), by hours. */
export const CountFilter = {
  version: ConversationFilter.version,
  from: ConversationFilter.from,
  to: ConversationFilter.to,
};
export const FlowCounts = Type.Object(
  {
    catchingUp,
    conversations: Type.Integer(),
    ended: Type.Integer(),
    waiting: Type.Integer(),
    versions: Type.Array(
      Type.Object({ version: Type.Integer(), conversations: Type.Integer(), waiting: Type.Integer() }),
    ),
    states: Type.Array(
      Type.Object({
        state: StateName,
        words: Type.Optional(Type.String({ description: "What it says, in the newest version that has it" })),
        times: Type.Integer({ description: "How often it sent its message or matched an answer" }),
        conversations: Type.Integer({ description: "How many conversations came to it" }),
        waiting: Type.Integer({ description: "How many wait at it" }),
        stopped: Type.Integer({
          description: "How many came no further and have not ended: those that wait, and those left",
        }),
      }),
    ),
  },
  { $id: "FlowCounts" },
);
export type FlowCounts = Static<typeof FlowCounts>;

const closed = { additionalProperties: false };
const DeedId = Type.String({
  pattern: "^[A-Za-z0-9_-]{1,64}$",
  description: "Chosen by the client: sent again, it is done once",
});
const ActId = Type.String({ maxLength: 80, description: "The last act that its author has seen" });
const VisibleName = Type.String({ minLength: 1, maxLength: 64, description: "Shown to the visitor" });
/** What somebody types to a visitor, at most. */
export const SAY_LENGTH = 2_000;
const mend = {
  id: DeedId,
  after: Type.Optional(ActId),
  why: Type.Optional(Type.String({ maxLength: 200, description: "For whoever reads the log" })),
};
/** What a person does in a conversation (SPEC H). */
export const Deed = Type.Union(
  [
    Type.Object({ kind: Type.Literal("Takeover"), id: DeedId, after: Type.Optional(ActId), name: VisibleName }, closed),
    Type.Object({ kind: Type.Literal("GiveBack"), id: DeedId, after: ActId }, closed),
    Type.Object(
      {
        kind: Type.Literal("Assign"),
        id: DeedId,
        after: Type.Optional(ActId),
        to: Type.Optional(Type.String({ maxLength: 64, description: "The id of the person who is to have it" })),
        queue: Type.Optional(
          Type.String({ minLength: 1, maxLength: 64, description: "It waits there, if for nobody" }),
        ),
      },
      closed,
    ),
    Type.Object({ kind: Type.Literal("Resend"), ...mend }, closed),
    Type.Object({ kind: Type.Literal("Move"), ...mend, state: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
    Type.Object({ kind: Type.Literal("End"), ...mend }, closed),
    Type.Object(
      {
        kind: Type.Literal("Say"),
        id: DeedId,
        act: ActId,
        text: Type.String({ pattern: "\\S", maxLength: SAY_LENGTH }),
      },
      closed,
    ),
  ],
  { $id: "Deed" },
);
export type Deed = Static<typeof Deed>;
export const DeedDone = Type.Object(
  {
    outcome: Type.Enum(["done", "stale", "pending"] as const, {
      description: "`stale`: somebody has acted meanwhile, it had no effect; `pending`: stored, and not judged yet",
    }),
    act: Type.Optional(Type.String()),
    holder: Type.Optional(Holder),
  },
  { $id: "DeedDone" },
);
export type DeedDone = Static<typeof DeedDone>;

/** How far the erasing of a visitor's conversation is. */
export const Erasure = Type.Object(
  {
    conversation: Type.String({ description: "The session's number: all conversations in it go" }),
    by: Type.String(),
    at: Time,
    done: Type.Boolean({ description: "Its text is in no file of the data folder any more" }),
    waits: Type.Optional(Type.String({ description: "What the server waits for, trying again by itself" })),
    tests: Type.Array(Type.String(), { description: "Tests made from it, which went with it: <flow>/<test>" }),
    copies: Type.Array(Type.String(), {
      description: "Files in the data folder that still hold it, such as backups: they are not the server's to change",
    }),
    stays: Type.Optional(
      Type.String({ description: "Where the log's engine keeps the text, though nothing reads it, and until when" }),
    ),
    since: Type.Optional(Type.String({ description: "ISO 8601: backups and exports made from then on may hold it" })),
  },
  { $id: "Erasure" },
);
export type Erasure = Static<typeof Erasure>;
export const ErasureList = Type.Object({ erasures: Type.Array(Erasure) }, { $id: "ErasureList" });
export type ErasureList = Static<typeof ErasureList>;

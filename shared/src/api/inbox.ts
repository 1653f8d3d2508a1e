import { type Static, Type } from "typebox";
import { CatchingUp } from "./conversations.js";

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
export const QueueName = Type.String({
  pattern: "^[\\p{L}\\p{N}](?:[^\\p{C}]{0,62}[^\\p{C}\\p{Z}])?$",
  description: "As flows name it; capitals do not count",
});
const Clock = "^([01]\\d|2[0-3]):[0-5]\\d$";
export const OpenSpan = Type.Object(
  {
    day: Type.Integer({ minimum: 1, maximum: 7, description: "1 is Monday" }),
    from: Type.String({ pattern: Clock }),
    to: Type.String({ pattern: `${Clock}|^24:00$`, description: "Later than `from`" }),
  },
  closed,
);
const hours = Type.Optional(Type.Array(OpenSpan, { maxItems: 70, description: "When it is open; absent: always" }));
const zone = Type.String({ maxLength: 64, description: "The time zone of its hours: an IANA name" });
const members = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 500,
  uniqueItems: true,
  description: "Ids of the people that it is for; none: everybody who may answer",
});

/** A queue as an owner sets it. */
export const QueueSettings = Type.Object(
  { name: QueueName, hours, zone, members },
  { $id: "QueueSettings", ...closed },
);
export type QueueSettings = Static<typeof QueueSettings>;
export const Queue = Type.Object({ id: Type.String(), name: Type.String(), hours, zone, members }, { $id: "Queue" });
export type Queue = Static<typeof Queue>;
export const QueueList = Type.Object({ queues: Type.Array(Queue) }, { $id: "QueueList" });
export type QueueList = Static<typeof QueueList>;

/** A conversation that is with a person or waits for one. */
export const InboxRow = Type.Object(
  {
    conversation: Type.String(),
    flow: Type.String(),
    title: Type.String({ description: "The flow's" }),
    queue: Type.Optional(Type.String({ description: "Absent: General" })),
    byHand: Type.Boolean({ description: "Taken over, not asked for by the flow" }),
    opened: Time,
    since: Type.String({ description: "ISO 8601: since when it has been with whom it is with, or has waited" }),
    by: Type.Optional(Type.String({ description: "Who has it; absent: it waits" })),
    name: Type.Optional(Type.String()),
    until: Type.Optional(Type.String({ description: "ISO 8601: when it stops waiting by itself" })),
    said: Type.Optional(Type.String({ description: "The beginning of what the visitor said last" })),
    saidAt: Type.Optional(Time),
    texts: Type.Array(Type.Integer(), { description: "The `seq` of the visitor's last texts, at most 20" }),
    replied: Type.Integer({ description: "The `seq` of what a person said last; 0: nothing" }),
  },
  { $id: "InboxRow" },
);
export type InboxRow = Static<typeof InboxRow>;

/** Somebody who answers conversations. */
export const Colleague = Type.Object({
  id: Type.String(),
  name: Type.String(),
  available: Type.Boolean({ description: "He says so, and has the studio open" }),
});
export type Colleague = Static<typeof Colleague>;
export const QueueStand = Type.Object({
  name: Type.String(),
  open: Type.Boolean(),
  available: Type.Integer({ description: "How many people are there for it" }),
});
export type QueueStand = Static<typeof QueueStand>;
/** Who is there. */
export const Staff = Type.Object(
  {
    people: Type.Array(Colleague),
    queues: Type.Array(QueueStand),
  },
  { $id: "Staff" },
);
export type Staff = Static<typeof Staff>;

/** More conversations than so many are not shown: the oldest are. */
export const MOST_ROWS = 500;
export const Inbox = Type.Object(
  {
    rows: Type.Array(InboxRow, { description: "The oldest first" }),
    more: Type.Integer({ description: `How many there are beyond the ${MOST_ROWS} that are shown` }),
    ...Staff.properties,
    catchingUp: Type.Optional(CatchingUp),
  },
  { $id: "Inbox" },
);
export type Inbox = Static<typeof Inbox>;

/** Whether one is there for visitors. */
export const Availability = Type.Object({ available: Type.Boolean() }, { $id: "Availability", ...closed });
export type Availability = Static<typeof Availability>;

const Seconds = Type.Optional(Type.Integer());
/** Hand-offs of one day (UTC) and queue. */
export const FigureRow = Type.Object({
  day: Type.String({ description: "The day on which they began: 2026-01-31" }),
  queue: Type.String(),
  asked: Type.Integer({ description: "How often a flow handed over" }),
  answered: Type.Integer({ description: "Somebody took it" }),
  missed: Type.Integer({ description: "It ended and nobody had taken it" }),
  byHand: Type.Integer({ description: "Taken over from the bot, not asked for" }),
  waitMedian: Seconds,
  wait90: Seconds,
  handleMedian: Seconds,
  handle90: Seconds,
});
export type FigureRow = Static<typeof FigureRow>;
const Day = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" });
/** The days [from, to], at most so many; without, the last 30. */
export const MOST_DAYS = 92;
export const FigureFilter = { from: Type.Optional(Day), to: Type.Optional(Day) };
export const Figures = Type.Object(
  { rows: Type.Array(FigureRow), catchingUp: Type.Optional(CatchingUp) },
  { $id: "Figures" },
);
export type Figures = Static<typeof Figures>;

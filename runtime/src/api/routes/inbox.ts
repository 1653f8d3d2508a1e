import { type FigureRow, MOST_DAYS, type Queue, type QueueSettings } from "@parley/shared/api/inbox";
import type { OpenSpan } from "@parley/shared/inbox/queue";
import { isZone } from "@parley/shared/inbox/queue";
import { CSV_START, csvLine } from "../../conversations/csv.js";
import type { Answering } from "../../operators/answering.js";
import { figures } from "../../operators/figures.js";
import { mayAnswer } from "../../operators/may-answer.js";
import type { ConversationReader } from "../../projection/reading.js";
import type { StudioEvents } from "../../studio/events.js";
import { Refusal } from "../../studio/refusal.js";
import { newId } from "../../studio/secrets.js";
import type { StudioStore } from "../../studio/store.js";
import type { Who } from "../gate.js";
import type { Handlers } from "../handler.js";
import { needAll, sofar } from "./catching-up.js";

type InboxRoutes = Pick<
  Handlers,
  | "GET /api/inbox"
  | "GET /api/figures"
  | "GET /api/export/figures"
  | "PUT /api/availability"
  | "GET /api/queues"
  | "POST /api/queues"
  | "PUT /api/queues/{queue}"
  | "DELETE /api/queues/{queue}"
>;
type InboxContext = {
  readonly store: StudioStore;
  readonly events: StudioEvents;
  readonly answering: Answering;
  readonly reader: Pick<ConversationReader, "handOffs">;
  readonly catchingUp: () => number | undefined;
  readonly now: () => number;
};

const DAY = 86_400_000;
const USUAL_DAYS = 30;

/** Conversations that wait for people, the people, and the queues between them. */
export function inboxRoutes({ store, events, answering, reader, catchingUp, now }: InboxContext): InboxRoutes {
  const changed = () => events.emit({ kind: "people" });
  const put = (id: string, settings: QueueSettings): Queue => {
    if (!isZone(settings.zone)) throw invalid("/zone", "is no time zone", "There is no such time zone.");
    for (const [i, span] of (settings.hours ?? []).entries()) checkSpan(span, i);
    const queue = store.queues.put(id, settings);
    if (!queue) throw new Refusal("name-taken", "There is a queue of this name.");
    changed();
    return queue;
  };
  const asked = (who: Who, { from, to }: { from?: string; to?: string }) => {
    const today = Math.floor(now() / DAY) * DAY;
    const end = dayOf(to, "to") ?? today;
    const begin = dayOf(from, "from") ?? end - (USUAL_DAYS - 1) * DAY;
    if (end - begin >= MOST_DAYS * DAY)
      throw invalid("?from", "is too long ago", `At most ${MOST_DAYS} days at a time.`);
    const flows = store.flows.all().flatMap(({ id }) => (answersFor(who, id) ? id : []));
    return figures(reader.handOffs, begin, end + DAY, flows);
  };
  return {
    "GET /api/inbox": ({ who }) => ({
      body: { ...answering.inbox.whole((flow) => answersFor(who, flow)), ...sofar(catchingUp()) },
    }),
    "GET /api/figures": async ({ who, query }) => ({
      body: { rows: await asked(who, query), ...sofar(catchingUp()) },
    }),
    "GET /api/export/figures": async ({ who, query }) => {
      needAll(catchingUp());
      const rows = await asked(who, query);
      return {
        body: { stream: csvOf(rows), type: "text/csv; charset=utf-8" },
        headers: { "Content-Disposition": 'attachment; filename="figures.csv"' },
      };
    },
    "PUT /api/availability": ({ who, body }) => {
      if (who.kind !== "person") throw new Refusal("forbidden", "A token is nobody who could be there.");
      store.available.set(who.session.person.id, body.available, now());
      changed();
      return { body };
    },
    "GET /api/queues": () => ({ body: { queues: store.queues.all() } }),
    "POST /api/queues": ({ body }) => ({ body: put(newId(), body) }),
    "PUT /api/queues/{queue}": ({ path, body }) => {
      if (!store.queues.has(path.queue)) throw missing();
      return { body: put(path.queue, body) };
    },
    "DELETE /api/queues/{queue}": ({ path }) => {
      if (!store.queues.remove(path.queue)) throw missing();
      changed();
      return {};
    },
  };
}

/** Whether who asks may answer the conversations of a flow. */
export function answersFor(who: Who, flow: string): boolean {
  if (who.kind === "person") return mayAnswer(who.session.person, flow);
  return who.kind === "token" && (who.token.flows?.includes(flow) ?? true);
}

function dayOf(day: string | undefined, name: string): number | undefined {
  const time = day === undefined ? undefined : Date.parse(day);
  if (Number.isNaN(time)) throw invalid(`?${name}`, "is no day", "There is no such day.");
  return time;
}

const HEAD = ["Day", "Queue", "Handed over", "Answered", "Missed", "Taken over by hand"];
const TIMES = ["Wait, median (s)", "Wait, 90% (s)", "Handling, median (s)", "Handling, 90% (s)"];

async function* csvOf(rows: readonly FigureRow[]): AsyncGenerator<string> {
  yield CSV_START + csvLine([...HEAD, ...TIMES]);
  for (const { day, queue, asked, answered, missed, byHand, ...times } of rows) {
    const { waitMedian, wait90, handleMedian, handle90 } = times;
    const cells = [day, queue, asked, answered, missed, byHand, waitMedian, wait90, handleMedian, handle90];
    yield csvLine(cells.map((cell) => String(cell ?? "")));
  }
}

const missing = () => new Refusal("not-found", "There is no such queue.");

function checkSpan({ from, to }: OpenSpan, i: number): void {
  if (from < to) return;
  throw invalid(
    `/hours/${i}`,
    "ends before it begins",
    "Hours end after they begin. Over midnight are two: until 24:00 and from 00:00.",
  );
}

const invalid = (pointer: string, message: string, title: string) =>
  new Refusal("invalid", title, { errors: [{ pointer, message }] });

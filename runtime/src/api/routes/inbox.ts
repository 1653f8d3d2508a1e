import type { Queue, QueueSettings } from "@parley/shared/api/inbox";
import type { OpenSpan } from "@parley/shared/inbox/queue";
import { isZone } from "@parley/shared/inbox/queue";
import type { Answering } from "../../operators/answering.js";
import { mayAnswer } from "../../operators/may-answer.js";
import type { StudioEvents } from "../../studio/events.js";
import { Refusal } from "../../studio/refusal.js";
import { newId } from "../../studio/secrets.js";
import type { StudioStore } from "../../studio/store.js";
import type { Who } from "../gate.js";
import type { Handlers } from "../handler.js";
import { sofar } from "./catching-up.js";

type InboxRoutes = Pick<
  Handlers,
  | "GET /api/inbox"
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
  readonly catchingUp: () => number | undefined;
  readonly now: () => number;
};

/** Conversations that wait for people, the people, and the queues between them. */
export function inboxRoutes({ store, events, answering, catchingUp, now }: InboxContext): InboxRoutes {
  const changed = () => events.emit({ kind: "people" });
  const put = (id: string, settings: QueueSettings): Queue => {
    if (!isZone(settings.zone)) throw invalid("/zone", "is no time zone", "There is no such time zone.");
    for (const [i, span] of (settings.hours ?? []).entries()) checkSpan(span, i);
    const queue = store.queues.put(id, settings);
    if (!queue) throw new Refusal("name-taken", "There is a queue of this name.");
    changed();
    return queue;
  };
  return {
    "GET /api/inbox": ({ who }) => ({
      body: { ...answering.inbox.whole((flow) => answersFor(who, flow)), ...sofar(catchingUp()) },
    }),
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

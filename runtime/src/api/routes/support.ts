import { MOST_NOTES, MOST_REPLIES, type Note, type ReplyToSave, type SavedReply } from "@parley/shared/api/support";
import { idOf } from "../../conversations/answer-table.js";
import { flowOf } from "../../conversations/transcript.js";
import type { EventLog } from "../../log/event-log.js";
import type { StudioEvents } from "../../studio/events.js";
import type { Flows } from "../../studio/flows.js";
import type { NoteRow } from "../../studio/notes.js";
import { Refusal } from "../../studio/refusal.js";
import type { ReplyRow } from "../../studio/saved-replies.js";
import { newId } from "../../studio/secrets.js";
import type { StudioStore } from "../../studio/store.js";
import { byOf, flowsOf, rightsOf, type Who } from "../gate.js";
import type { Handlers } from "../handler.js";
import { missing, readId } from "./conversations.js";

export type SupportRoutes = Pick<
  Handlers,
  | "GET /api/flows/{flow}/conversations/{conversation}/notes"
  | "POST /api/flows/{flow}/conversations/{conversation}/notes"
  | "DELETE /api/flows/{flow}/conversations/{conversation}/notes/{note}"
  | "GET /api/replies"
  | "POST /api/replies"
  | "PUT /api/replies/{reply}"
  | "DELETE /api/replies/{reply}"
  | "PUT /api/profile"
>;

type Context = {
  readonly store: StudioStore;
  readonly flows: Flows;
  readonly log: Pick<EventLog, "read">;
  readonly events: StudioEvents;
  readonly now: () => number;
};

/** What people who answer have beside the conversations: notes, saved replies, and a name and a picture for visitors. */
export function supportRoutes({ store, flows, log, events, now }: Context): SupportRoutes {
  const { notes, replies, profiles } = store;
  /** The session of a conversation that is this flow's. */
  const found = async (path: { flow: string; conversation: string }) => {
    const { sid, n } = readId(path.conversation);
    const { id } = flows.get(path.flow);
    if ((await flowOf(log, sid, n)) !== id) throw missing();
    return { sid, n, flow: id };
  };
  const known = (id: string, who: Who): ReplyRow => {
    const reply = replies.get(id);
    if (!reply || !sees(who, reply)) throw new Refusal("not-found", "There is no such reply.");
    return reply;
  };
  const save = (id: string, { title, text, flow }: ReplyToSave, who: Who): SavedReply => {
    if (flow !== undefined && !sees(who, { flow })) throw new Refusal("not-found", "There is no such flow.");
    const key = flow === undefined ? null : flows.get(flow).key;
    replies.put({ id, title: title.trim(), text, by: byOf(who), at: now() }, key);
    return savedReply(replies.get(id)!);
  };
  return {
    "GET /api/flows/{flow}/conversations/{conversation}/notes": async ({ path }) => ({
      body: { notes: notes.of((await found(path)).sid).map(noteOf) },
    }),
    "POST /api/flows/{flow}/conversations/{conversation}/notes": async ({ path, body: { text }, who }) => {
      const { flow, sid, n } = await found(path);
      if (notes.of(sid).length >= MOST_NOTES) {
        throw new Refusal("too-many-notes", `There are ${MOST_NOTES} notes on this visitor. Remove one first.`);
      }
      const note = { id: newId(), sid, n, by: byOf(who), at: now(), text };
      notes.add(note);
      events.emit({ kind: "conversations", flow });
      return { body: noteOf(note) };
    },
    "DELETE /api/flows/{flow}/conversations/{conversation}/notes/{note}": async ({ path, who }) => {
      const { flow, sid } = await found(path);
      const note = notes.of(sid).find(({ id }) => id === path.note);
      if (!note) throw new Refusal("not-found", "There is no such note.");
      if (note.by !== byOf(who) && !rightsOf(who).includes("conversations:erase")) {
        throw new Refusal("forbidden", "This note is somebody else's.");
      }
      notes.remove(note.id);
      events.emit({ kind: "conversations", flow });
      return {};
    },

    "GET /api/replies": ({ who, query }) => ({
      body: {
        replies: replies
          .all()
          .filter((reply) => sees(who, reply))
          .filter(({ flow }) => query.flow === undefined || flow === null || flow === query.flow)
          .map(savedReply),
      },
    }),
    "POST /api/replies": ({ who, body }) => {
      if (replies.all().length >= MOST_REPLIES) {
        throw new Refusal("too-many-replies", `There are ${MOST_REPLIES} saved replies. Remove one first.`);
      }
      const reply = save(newId(), body, who);
      return { body: reply, headers: { Location: `/api/replies/${reply.id}` } };
    },
    "PUT /api/replies/{reply}": ({ path, who, body }) => ({ body: save(known(path.reply, who).id, body, who) }),
    "DELETE /api/replies/{reply}": ({ path, who }) => {
      replies.remove(known(path.reply, who).id);
      return {};
    },

    "PUT /api/profile": ({ who, body: profile }) => {
      if (who.kind !== "person") throw new Refusal("forbidden", "A token has no name for visitors.");
      store.transaction(() => {
        if (profile.picture !== undefined && !store.pictures.get(profile.picture)) {
          throw new Refusal("invalid", "This picture is not on the server. Upload it first.", {
            errors: [{ pointer: "/picture", message: "is no picture of this server" }],
          });
        }
        profiles.set(who.session.person.id, profile);
      });
      return { body: profile };
    },
  };
}

/** Whether a reply is for one of the flows of this one. */
const sees = (who: Who, { flow }: Pick<ReplyRow, "flow">): boolean =>
  flow === null || (flowsOf(who)?.includes(flow) ?? true);

const savedReply = ({ flow, at, ...reply }: ReplyRow): SavedReply => ({
  ...reply,
  ...(flow !== null && { flow }),
  at: new Date(at).toISOString(),
});

const noteOf = ({ id, sid, n, by, at, text }: NoteRow): Note => ({
  ...{ id, conversation: idOf({ sid, n }), by, text },
  at: new Date(at).toISOString(),
});

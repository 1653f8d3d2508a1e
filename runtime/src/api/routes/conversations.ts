import {
  type Deed as Body,
  CONVERSATION_ID,
  type ConversationRow,
  type FlowCounts,
  MOST_OTHERS,
} from "@parley/shared/api/conversations";
import { answerRows, idOf } from "../../conversations/answer-table.js";
import { type AskedWords, HIDDEN } from "../../conversations/asked.js";
import { readDiagnosis } from "../../conversations/diagnosis.js";
import type { Eraser } from "../../conversations/eraser.js";
import { exportAnswers, exportConversations } from "../../conversations/exports.js";
import { flowOf, readTranscript } from "../../conversations/transcript.js";
import { AppendError, type EventLog } from "../../log/event-log.js";
import type { Deed, OperatorDesk } from "../../operators/desk.js";
import { mayAnswer } from "../../operators/may-answer.js";
import type { After, ConversationReader, Filter, Kept } from "../../projection/reading.js";
import type { Flows } from "../../studio/flows.js";
import { type Profile, seenAs } from "../../studio/profiles.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import { byOf, flowsOf, nameOf, type Who } from "../gate.js";
import type { Handlers } from "../handler.js";
import { needAll, sofar } from "./catching-up.js";

export type ConversationRoutes = Pick<
  Handlers,
  | "GET /api/conversations"
  | "GET /api/flows/{flow}/conversations/{conversation}"
  | "GET /api/flows/{flow}/conversations/{conversation}/diagnosis"
  | "GET /api/flows/{flow}/conversations/{conversation}/same-person"
  | "POST /api/flows/{flow}/conversations/{conversation}/deeds"
  | "DELETE /api/flows/{flow}/conversations/{conversation}"
  | "GET /api/flows/{flow}/erasures"
  | "GET /api/flows/{flow}/answers"
  | "GET /api/flows/{flow}/export/answers"
  | "GET /api/flows/{flow}/export/conversations"
  | "GET /api/flows/{flow}/counts"
>;

export type ConversationContext = {
  readonly flows: Flows;
  readonly log: Pick<EventLog, "read">;
  readonly reader: ConversationReader;
  readonly catchingUp: () => number | undefined;
  readonly words: AskedWords;
  readonly eraser: Eraser;
  readonly desk: OperatorDesk;
  readonly store: StudioStore;
};

/** A request waits so long for an erasing to be done, ms; it goes on behind that. */
const ERASE_WITHIN = 1_500;
const PAGE = 50;

/** Visitors' conversations and answers. */
export function conversationRoutes(context: ConversationContext): ConversationRoutes {
  const { flows, log, reader, catchingUp, words, eraser, desk, store } = context;
  const exporting = { log, reader, words };
  /** A person appears to visitors as he wants to, whatever the client says. */
  const seen = (who: Who): Profile => (who.kind === "person" ? seenAs(store, who.session.person) : {});
  const chosen = (flow: string, wanted: string | undefined) => {
    const all = words.columns(flow, reader);
    if (wanted === undefined) return { all, columns: all.filter(({ key }) => key !== HIDDEN) };
    const keys = wanted.split(",").map(decoded);
    // One that is gone meanwhile is left out.
    return { all, columns: keys.flatMap((key) => all.find((column) => column.key === key) ?? []) };
  };
  const colleague = (id: string, flow: string) => {
    const person = store.people.get(id);
    if (person && mayAnswer(person, flow)) return { to: `person:${person.name}`, ...seenAs(store, person) };
    throw new Refusal("invalid", "There is nobody of this id who may answer conversations of this flow.", {
      errors: [{ pointer: "/to", message: "is nobody who may answer here" }],
    });
  };
  return {
    "GET /api/conversations": async ({ who, query }) => {
      const only = flowsOf(who);
      const hidden = only !== undefined && query.flow !== undefined && !only.includes(query.flow);
      if (hidden && who.kind === "token") throw new Refusal("forbidden", "This token is for other flows.");
      // To a person a flow that he may not see is as one that nobody has talked in.
      const filter = filterOf(query, hidden ? [] : query.flow === undefined ? only : [query.flow]);
      const search = await reader.search(filter);
      const limit = Number(query.limit ?? PAGE);
      const rows = await reader.list(search, limit, afterOf(query.after));
      const typed = filter.text;
      return {
        body: {
          conversations: rows.map((row) => ({ ...rowOf(row, words), ...found(typed && reader.found(row, typed)) })),
          total: await reader.number(search),
          ...nextOf(rows, limit),
          ...sofar(catchingUp()),
        },
      };
    },
    "GET /api/flows/{flow}/conversations/{conversation}": async ({ path }) => {
      const { sid, n } = readId(path.conversation);
      const transcript = await readTranscript(log, sid, n, words);
      if (transcript?.flow !== flows.get(path.flow).id) throw missing();
      return { body: transcript };
    },
    "GET /api/flows/{flow}/conversations/{conversation}/diagnosis": async ({ path }) => {
      const diagnosis = await readDiagnosis(log, readId(path.conversation).sid, words);
      if (diagnosis?.flow !== flows.get(path.flow).id) throw missing();
      return { body: diagnosis };
    },
    "GET /api/flows/{flow}/conversations/{conversation}/same-person": async ({ path, who }) => {
      const { sid, n } = readId(path.conversation);
      if ((await flowOf(log, sid, n)) !== flows.get(path.flow).id) throw missing();
      const rows = reader.ofSamePerson({ sid, n }, flowsOf(who), MOST_OTHERS);
      return { body: { conversations: rows.map((row) => rowOf(row, words)) } };
    },
    "POST /api/flows/{flow}/conversations/{conversation}/deeds": async ({ path, body, who }) => {
      const { id: flow } = flows.get(path.flow);
      const { sid, n } = readId(path.conversation);
      const transcript = await readTranscript(log, sid, n, words);
      if (transcript?.flow !== flow) throw missing();
      const done = await desk
        .take(
          sid,
          byOf(who),
          deedOf(body, seen(who), (id) => colleague(id, flow)),
        )
        .catch((cause: unknown) => {
          throw notStored(cause);
        });
      if (!done) throw missing();
      if (done === "no-state") {
        throw new Refusal("invalid", "The version of this conversation has no such step.", {
          errors: [{ pointer: "/state", message: "is no state of this version" }],
        });
      }
      const { outcome, act, holder } = done;
      return { body: { outcome, ...(act !== undefined && { act }), ...(holder && { holder }) } };
    },
    "DELETE /api/flows/{flow}/conversations/{conversation}": async ({ path, who }) => {
      const { sid } = readId(path.conversation);
      const { id } = flows.get(path.flow);
      const before = eraser.list(id).find(({ conversation }) => conversation === sid);
      if (!before && (await readTranscript(log, sid, 1, words))?.flow !== id) throw missing();
      return { body: await eraser.erase({ sid, flow: id, by: nameOf(who) }, ERASE_WITHIN) };
    },
    "GET /api/flows/{flow}/erasures": ({ path }) => ({ body: { erasures: eraser.list(flows.get(path.flow).id) } }),

    "GET /api/flows/{flow}/answers": async ({ path, query }) => {
      const { id } = flows.get(path.flow);
      const { all, columns } = chosen(id, query.columns);
      const search = await reader.search(filterOf(query, [id]));
      const limit = Number(query.limit ?? PAGE);
      const rows = await reader.list(search, limit, afterOf(query.after));
      const cells = answerRows(rows, columns, { reader, words });
      return {
        body: {
          all,
          columns,
          rows: rows.map((row, i) => ({
            id: idOf(row),
            started: row.started,
            status: row.status,
            cells: cells[i]!,
          })),
          total: await reader.number(search),
          ...nextOf(rows, limit),
          ...sofar(catchingUp()),
        },
      };
    },
    "GET /api/flows/{flow}/export/answers": ({ path, query }) => {
      const { id } = flows.get(path.flow);
      needAll(catchingUp());
      const stream = exportAnswers(exporting, filterOf(query, [id]), chosen(id, query.columns).columns);
      return { body: { stream, type: "text/csv; charset=utf-8" }, headers: file(`${id}-answers.csv`) };
    },
    "GET /api/flows/{flow}/export/conversations": ({ path, query }) => {
      const { id } = flows.get(path.flow);
      needAll(catchingUp());
      const one = query.conversation === undefined ? {} : readId(query.conversation);
      const format = query.format ?? "json";
      const { type, ending } = FILES[format];
      const notes = query.notes === undefined ? undefined : store.notes;
      const stream = exportConversations({ ...exporting, notes }, { ...filterOf(query, [id]), ...one }, format);
      return { body: { stream, type }, headers: file(`${id}-conversations.${ending}`) };
    },
    "GET /api/flows/{flow}/counts": ({ path, query }) => {
      const { id } = flows.get(path.flow);
      const counts = reader.counts(id, filterOf(query, [id]));
      const body = countsOf(counts, reader.versions(id), (state) => words.newest(id, state));
      return { body: { ...body, ...sofar(catchingUp()) } };
    },
  };
}

function countsOf(
  counts: ReturnType<ConversationReader["counts"]>,
  versions: ReturnType<ConversationReader["versions"]>,
  wordsOf: (state: string) => string | undefined,
): FlowCounts {
  type State = { times: number; conversations: number; waiting: number; stopped: number };
  const states = new Map<string, State>();
  const status = new Map<string, number>();
  for (const { kind, name, times, conversations } of counts) {
    if (kind === "status") status.set(name, conversations);
    if (kind !== "sent" && kind !== "matched" && kind !== "waiting" && kind !== "stopped") continue;
    const state = states.get(name) ?? { times: 0, conversations: 0, waiting: 0, stopped: 0 };
    if (kind === "waiting" || kind === "stopped") state[kind] = conversations;
    else Object.assign(state, { times, conversations });
    states.set(name, state);
  }
  return {
    conversations: status.get("begun") ?? 0,
    ended: status.get("ended") ?? 0,
    waiting: status.get("waiting") ?? 0,
    versions: versions.map(({ version, conversations, waiting }) => ({
      version,
      conversations,
      waiting: Object.values(waiting).reduce((sum, n) => sum + n, 0),
    })),
    states: [...states].map(([state, of]) => {
      const words = wordsOf(state);
      return { state, ...(words === undefined ? {} : { words }), ...of };
    }),
  };
}

/**
 * @param seen how visitors see whoever does it, where that is not as the body says
 * @param colleague how records name somebody who may have it, by his id; and how visitors see him
 */
function deedOf(body: Body, seen: Profile, colleague: (id: string) => Profile & { to: string; name: string }): Deed {
  if (body.kind === "Say") return { id: body.id, kind: "say", act: body.act, text: body.text };
  const { id, ...message } = body;
  if (message.kind === "Takeover") return { id, kind: "act", message: { ...message, ...seen } };
  if (message.kind === "Assign" && message.to !== undefined) {
    return { id, kind: "act", message: { ...message, ...colleague(message.to) } };
  }
  return { id, kind: "act", message };
}

const FILES = {
  json: { type: "application/json", ending: "json" },
  csv: { type: "text/csv; charset=utf-8", ending: "csv" },
  text: { type: "text/plain; charset=utf-8", ending: "txt" },
} as const;
const file = (name: string) => ({ "Content-Disposition": `attachment; filename="${name}"` });
/** Nobody can say for certain whether it stands: the same id again settles it. */
function notStored(cause: unknown): unknown {
  if (!(cause instanceof AppendError)) return cause;
  if (cause.code === "erased") return missing();
  return new Refusal("not-stored", "The log cannot be written now. Send the same again: it is done once.");
}

export const missing = () => new Refusal("not-found", "This flow has no such conversation.");
const found = (text: string | undefined) => (text === undefined || text === "" ? {} : { found: text });

export function readId(id: string): { sid: string; n: number } {
  const [, sid, n] = CONVERSATION_ID.exec(id) ?? [];
  if (sid === undefined) throw missing();
  return { sid, n: Number(n ?? 1) };
}

function rowOf(row: Kept, words: AskedWords): ConversationRow {
  const { values: _, no: __, sid: _sid, n: _n, waits, step: ___, said, page, person, ...rest } = row;
  const step = words.step(row);
  return {
    id: idOf(row),
    ...rest,
    ...(step === undefined ? {} : { step }),
    ...(waits === null ? {} : { waits }),
    ...(said === null ? {} : { said }),
    ...(page === null ? {} : { page }),
    ...(person === null ? {} : { person }),
  };
}

type AskedFor = {
  readonly version?: string;
  readonly status?: ConversationRow["status"];
  readonly waits?: string;
  readonly person?: "with" | "waiting";
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
};

function filterOf(query: AskedFor, flows: readonly string[] | undefined): Filter {
  const { version, status, waits, person, text } = query;
  return {
    flows,
    version: version === undefined ? undefined : Number(version),
    status,
    waits,
    person,
    text,
    from: timeOf(query.from, "from"),
    to: timeOf(query.to, "to"),
  };
}

/** As times stand in the lists, so that they compare as text. */
function timeOf(given: string | undefined, name: string): string | undefined {
  if (given === undefined) return undefined;
  const time = Date.parse(given);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new Refusal("invalid", "There is no such time.", {
    errors: [{ pointer: `?${name}`, message: "is no time" }],
  });
}

const nextOf = (rows: readonly Kept[], limit: number) => {
  const last = rows.at(-1);
  return rows.length < limit || !last ? {} : { next: `${last.started}~${last.sid}~${last.n}` };
};

function afterOf(cursor: string | undefined): After | undefined {
  const [started, sid, n] = cursor?.split("~") ?? [];
  return started === undefined || sid === undefined ? undefined : { started, sid, n: Number(n) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { ConversationDiagnosis } from "@parley/shared/api/conversations";
import { type LogRecord, waitOf } from "@parley/shared/record";
import { Conversation, type ConversationEvent, type Shown } from "@parley/shared/session/conversation";
import { wordsOf } from "@parley/shared/session/words";
import { firstUnits } from "@parley/shared/text";
import type { EventLog } from "../log/event-log.js";
import type { AskedWords } from "./asked.js";

/** So many of the newest records are listed, and so much of what an open request says. */
const LISTED = 30;
const SAID = 160;

/** How a session stands by its log: undefined for one that is not there, or was erased. */
export async function readDiagnosis(
  log: Pick<EventLog, "read">,
  sid: string,
  words: Pick<AskedWords, "of">,
): Promise<ConversationDiagnosis | undefined> {
  const records = await log.read(sid);
  const reader = new Conversation();
  const requests = new OpenRequests();
  const listed: ConversationDiagnosis["records"] = [];
  let state: string | undefined;
  for (const record of records) {
    const before = reader.has(record.id);
    const events = reader.push(record);
    for (const event of events) {
      requests.push(event);
      if (event.state !== undefined && event.kind === "message") ({ state } = event);
    }
    // A repeat changes nothing, and a run's record that shows nothing is void.
    listed.push({ ...about(record), ...((before || ("of" in record && events.length === 0)) && { void: true }) });
  }
  const { beginning } = reader;
  if (!beginning || reader.stopped === "erased") return undefined;
  const { steps } = words.of(beginning.flow, beginning.version);
  const named = (state: string | undefined) => {
    const step = state === undefined ? undefined : steps.get(state);
    return { ...(state !== undefined && { state }), ...(step !== undefined && { step }) };
  };
  // It waits where it asked last, else it stands where it spoke last.
  const open = requests.all;
  const waits = open.findLast((one) => one.state !== undefined)?.state;
  const { handOff } = reader;
  const due = handOff?.since !== undefined && handOff.timeout !== undefined;
  return {
    flow: beginning.flow,
    version: beginning.version,
    ...named(waits ?? state),
    open: open.map(({ message, state, at }) => ({
      kind: "handOff" in message ? "HandOff" : message.kind,
      ...named(state),
      said: firstUnits(wordsOf(message), SAID),
      since: at,
    })),
    unanswered: reader.unfinished.length,
    timers: due
      ? [{ kind: "wait", at: new Date(Date.parse(handOff.since!) + handOff.timeout! * 1_000).toISOString() }]
      : [],
    ...(reader.stopped !== undefined && { stopped: reader.stopped }),
    total: listed.length,
    records: listed.slice(-LISTED).reverse(),
  };
}

/** What the visitor may answer, after each event (SPEC F3, F5), the oldest first. */
class OpenRequests {
  readonly #open = new Map<string, Shown>();
  /** What was open where the run began: `Move` and `End` close it without a message. */
  #before: readonly [string, Shown][] = [];

  get all(): Shown[] {
    return [...this.#open.values()];
  }

  push(event: ConversationEvent): void {
    if (event.kind === "message") return this.#message(event);
    const closes = event.did?.kind === "Move" || event.did?.kind === "End";
    if (event.ended || event.failed !== undefined) this.#open.clear();
    for (const [key, one] of this.#before) if (closes && this.#open.get(key) === one) this.#open.delete(key);
    this.#before = [...this.#open];
  }

  #message(event: Shown): void {
    const { message } = event;
    if (message.kind === "ResetSession") this.#open.clear();
    else if (message.kind === "EndChatSession") this.#open.delete(`t:${message.sessionId}`);
    else if (message.kind === "ChoiceRequest") this.#put(`q:${message.groupId}`, event);
    else if (message.kind === "StartChatSession") this.#put(`t:${message.sessionId}`, event);
    else if (message.kind === "ChoiceResponse") {
      for (const key of [...this.#open.keys()]) if (key.startsWith("q:")) this.#open.delete(key);
    }
  }

  #put(key: string, event: Shown): void {
    this.#open.delete(key);
    this.#open.set(key, event);
  }
}

/** A record without what is said in it. */
function about(record: LogRecord): ConversationDiagnosis["records"][number] {
  const { id, timestamp: at, payload } = record;
  const common = { id, at, ...("by" in record && { by: record.by }) };
  if (payload === undefined) return { ...common, kind: "Begin" };
  const { message } = payload;
  if (message.kind === "Turn") {
    const { refused, failed, ended } = message;
    return {
      ...common,
      kind: "Turn",
      by: "bot",
      ...(refused && { refused }),
      ...(failed && { failed }),
      ...(ended && { ended }),
    };
  }
  const why = "why" in message && typeof message.why === "string" ? { why: message.why } : {};
  const kind = "handOff" in message ? "HandOff" : message.kind;
  return { ...common, ...(waitOf(record) && { by: "clock" }), kind, ...why };
}

import type { ConversationDetail } from "@parley/shared/api/conversations";
import type { LogRecord } from "@parley/shared/record";
import { type ConversationEvent, conversation } from "@parley/shared/session/conversation";
import { isDevice, isLanguage } from "@parley/shared/visitor";
import type { EventLog } from "../log/event-log.js";
import { type Part, SessionFold } from "../projection/fold.js";
import { idOf } from "./answer-table.js";
import type { AskedWords } from "./asked.js";

/** What happened in each conversation of a session: a start over begins the next. */
export function partsOf(events: readonly ConversationEvent[]): ConversationEvent[][] {
  const parts: ConversationEvent[][] = [[]];
  for (const event of events) {
    if (event.kind === "message" && event.message.kind === "ResetSession") parts.push([]);
    parts.at(-1)!.push(event);
  }
  return parts;
}

/** Whose the n-th conversation of a session is: its flow; undefined if there is none of this number. */
export async function flowOf(log: Pick<EventLog, "read">, sid: string, n: number): Promise<string | undefined> {
  const { events, after } = conversation(await log.read(sid));
  return partsOf(events).length < n ? undefined : after.beginning?.flow;
}

/** One conversation from the log alone; undefined if there is none of this number. */
export async function readTranscript(
  log: Pick<EventLog, "read">,
  sid: string,
  n: number,
  words: Pick<AskedWords, "step">,
): Promise<ConversationDetail | undefined> {
  const records = await log.read(sid);
  const fold = new SessionFold();
  for (const record of records) fold.push(record);
  const part = fold.parts[n - 1];
  if (!part) return undefined;
  const step = words.step(part);
  const { flow, version, started, last, status, messages, answers, values } = part;
  return {
    id: idOf(part),
    flow,
    version,
    started,
    last,
    status,
    ...optional(part),
    ...(step === undefined ? {} : { step }),
    ...browserOf(records),
    messages,
    answers,
    ...acted(fold.conversation),
    values: { ...values },
    others: fold.parts.filter((other) => other !== part).map(idOf),
    events: (partsOf(conversation(records).events)[n - 1] ?? []) as unknown as ConversationDetail["events"],
  };
}

/** What the visitor's browser said of itself, where it is that: a log that others write may hold anything. */
function browserOf(records: readonly LogRecord[]) {
  const first = records.find((record) => record.payload === undefined);
  const { language, device } = first ?? {};
  return { ...(isLanguage(language) && { language }), ...(isDevice(device) && { device }) };
}

/** Who has it, and the last act of people: whoever acts next names that. */
const acted = ({ act, holder }: SessionFold["conversation"]) => ({
  ...(act === undefined ? {} : { act }),
  ...(holder === undefined ? {} : { holder: { ...holder } }),
});

/** What a conversation may have or not. */
const optional = ({ waits, said, page }: Pick<Part, "waits" | "said" | "page">) => ({
  ...(waits === undefined ? {} : { waits }),
  ...(said === undefined ? {} : { said }),
  ...(page === undefined ? {} : { page }),
});

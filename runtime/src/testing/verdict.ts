import type { Program } from "@parley/shared/flow/compile";
import type { Message, ResponseMessage } from "@parley/shared/message";
import type { MessageFrame } from "@parley/shared/protocol/v1";
import { idOfClient, isInput, type LogRecord } from "@parley/shared/record";
import { Conversation, conversation } from "@parley/shared/session/conversation";
import { NO_ACT, type Programs, Replay, replay, runRecords } from "@parley/shared/session/replay";
import { type Session, sessionJson } from "@parley/shared/session/state";

/** A message as every reader must see it: its number, its id on the wire, what it says. */
export type Line = { readonly seq: number; readonly id: string; readonly message: Message };

export const linesOfFrames = (frames: readonly MessageFrame[]): Line[] =>
  frames.map(({ seq, id, message }) => ({ seq, id, message }));

/** The conversation that a session's records mean. */
export function linesOfLog(records: readonly LogRecord[]): Line[] {
  return conversation(records).events.flatMap((event) =>
    event.kind === "message" ? [{ seq: event.seq, id: wireId(event.id), message: event.message }] : [],
  );
}

const programsOf = (program: Program | Programs): Programs => (typeof program === "function" ? program : () => program);

/**
 * What a reader saw that no reader may see with people in a conversation (P16): a word of the bot while a person had it,
 * or numbers that are not 1..n.
 */
export function spokenOver(records: readonly LogRecord[]): string[] {
  const reader = new Conversation();
  const wrong: string[] = [];
  let last = 0;
  for (const record of records) {
    const held = reader.taken;
    for (const event of reader.push(record)) {
      if (event.kind !== "message") continue;
      if (event.seq !== last + 1) wrong.push(`${event.seq} follows ${last}`);
      last = event.seq;
      if (held && reader.taken && event.state !== undefined) wrong.push(`the bot says ${event.id} after a takeover`);
    }
  }
  return wrong;
}

/** The conversation that the session's inputs alone make, in their order: no record of the bot is read. */
export function linesOfInputs(records: readonly LogRecord[], program: Program | Programs): Line[] {
  const state = new Replay(programsOf(program));
  const known = new Set<string>();
  const lines: Line[] = [];
  const show = (id: string, message: Message) => lines.push({ seq: lines.length + 1, id: wireId(id), message });
  for (const record of records) {
    if (!isInput(record) || known.has(record.id)) continue;
    known.add(record.id);
    const run = state.input(record, NO_ACT)?.[0];
    if (!run || run.effects.some((effect) => effect.kind === "turn" && effect.refused)) continue;
    if (record.payload?.kind === "Response") show(record.id, withItemText(record.payload.message, lines));
    for (const said of runRecords(run, { timestamp: "", fence: 0 })) {
      if (said.payload.kind === "Request") show(said.id, said.payload.message);
    }
  }
  return lines;
}

/** F4: a choice says what the item says in the request that it answers, whatever stands in its record. */
function withItemText(message: ResponseMessage, before: readonly Line[]): ResponseMessage {
  if (message.kind !== "ChoiceResponse") return message;
  const { kind, groupId, itemId } = message;
  const asked = before.findLast((line) => line.message.kind === "ChoiceRequest" && line.message.groupId === groupId);
  const items = asked?.message.kind === "ChoiceRequest" ? asked.message.choices : [];
  const content = items.find((item) => item.itemId === itemId)?.content;
  return { kind, groupId, itemId, ...(content !== undefined && { content }) };
}

/** How many outcomes each client message has in the log: shown, refused, or taken as the page's values. */
export function outcomes(records: readonly LogRecord[]): Map<string, number> {
  const found = new Map<string, number>();
  const values = new Set(records.filter((r) => r.payload?.kind === "Control" && isInput(r)).map((r) => r.id));
  for (const event of conversation(records).events) {
    const of = event.kind === "message" ? event.id : event.refused || values.has(event.of) ? event.of : "";
    const id = idOfClient(of);
    if (id !== undefined) found.set(id, (found.get(id) ?? 0) + 1);
  }
  return found;
}

/** Ids of the bot's records that the log holds with another content than at their first place. */
export function contradictions(records: readonly LogRecord[]): string[] {
  const first = new Map<string, string>();
  return records.flatMap(({ timestamp: _, ...record }) => {
    if (isInput(record as LogRecord)) return [];
    const text = JSON.stringify(record);
    const known = first.get(record.id);
    if (known === undefined) first.set(record.id, text);
    return known === undefined || known === text ? [] : [record.id];
  });
}

/** The state of a session rebuilt from its records, as text. */
export const rebuilt = (
  records: readonly LogRecord[],
  program: Program | Programs,
): { session: Session; text: string } => {
  const { session } = replay(records, programsOf(program)).replay;
  return { session, text: JSON.stringify(sessionJson(session)) };
};

/** What waits for an answer, by id and the number of its message. */
export type Open = { seq: number; questions: [string, number][]; chats: [string, number][] };

export const openInState = ({ seq, questions, chats }: Session): Open => ({
  seq,
  questions: [...questions].map(([id, open]) => [id, open.seq]),
  chats: [...chats].map(([id, open]) => [id, open.seq]),
});

/** The same by the rules of a conversation (F3, F5) from what a reader sees. */
export function openToReader(lines: readonly Line[]): Open {
  const questions = new Map<string, number>();
  const chats = new Map<string, number>();
  for (const { seq, message } of lines) {
    if (message.kind === "ChoiceRequest") questions.set(message.groupId, seq);
    else if (message.kind === "StartChatSession") chats.set(message.sessionId, seq);
    else if (message.kind === "EndChatSession") chats.delete(message.sessionId);
    else if (message.kind === "ChoiceResponse") questions.clear();
    else if (message.kind === "ResetSession") {
      questions.clear();
      chats.clear();
    }
  }
  return { seq: lines.at(-1)?.seq ?? 0, questions: [...questions], chats: [...chats] };
}

/** What a socket that connects now is sent: everything since the last start over. */
export function sinceReset(lines: readonly Line[]): readonly Line[] {
  return lines.slice(lines.findLastIndex((line) => line.message.kind === "ResetSession") + 1);
}

/**
 * What is wrong with the numbers of a tab's messages, over all its sockets: they go up by one from the first message or
 * from a start over, and only a start over may end a gap.
 */
export function gaps(frames: readonly MessageFrame[], lines: readonly Line[]): string[] {
  const isReset = (seq: number) => lines[seq - 1]?.message.kind === "ResetSession";
  return frames.flatMap(({ seq }, i) => {
    const before = frames[i - 1]?.seq;
    const follows = before === undefined ? seq === 1 || isReset(seq - 1) : seq === before + 1;
    return follows || (isReset(seq) && seq > (before ?? 0)) ? [] : [`${before} then ${seq}`];
  });
}

const wireId = (id: string): string => idOfClient(id) ?? id;

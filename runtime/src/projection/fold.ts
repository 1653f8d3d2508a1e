import type { ConversationRow } from "@parley/shared/api/conversations";
import { OPERATOR_CHAT } from "@parley/shared/flow/naming";
import type { Beginning, LogRecord } from "@parley/shared/record";
import { Conversation, type Shown, type TurnShown } from "@parley/shared/session/conversation";
import { wordsOf } from "@parley/shared/session/words";
import { firstUnits } from "@parley/shared/text";
import { type HandOff, HandOffFold } from "./hand-offs.js";

/** A visitor's answer: `column` is `q:<id>` of a question or `t:<id>` of a text asked for. */
export type Answered = { readonly seq: number; readonly column: string; readonly text: string };

/**
 * One conversation of a session as the projections keep it: from its beginning to the visitor's next start over. A
 * function of the session's records; only `texts`, `given` and `handOffs` hold no more than what was not written yet.
 */
export type Part = {
  readonly sid: string;
  /** The n-th conversation of its session, from 1. */
  readonly n: number;
  readonly flow: string;
  readonly version: number;
  /** ISO 8601. */
  readonly started: string;
  last: string;
  /** The `seq` of its newest message. */
  seq: number;
  messages: number;
  answers: number;
  status: ConversationRow["status"];
  /** The state where it waits, or waited when it was left. */
  waits: string | undefined;
  /** The state that said something last. */
  step: string | undefined;
  said: string | undefined;
  page: string | undefined;
  /** Who the visitor is in every flow alike, once he was identified. */
  subject: string | undefined;
  values: Readonly<Record<string, string>>;
  /** How often each state `sent`, each `matched`, each column was `answered`: `<kind> <name>` → times. */
  readonly counts: Record<string, number>;
  texts: { readonly seq: number; readonly text: string }[];
  given: Answered[];
  /** The times that it was with a person or waited for one: those that were not written yet, and the open one. */
  handOffs: HandOff[];
};

type Open = { readonly key: string; readonly state: string | undefined };
const SAID = 160;

/** What a session's records mean for the lists: its conversations, by the one function that everybody reads by. */
export class SessionFold {
  readonly conversation = new Conversation();
  readonly parts: Part[] = [];
  #page: string | undefined;
  #values: Readonly<Record<string, string>> = {};
  readonly #waiting = new Map<string, Readonly<Record<string, string>>>();
  #open: Open[] = [];
  readonly handOffs = new HandOffFold(this.conversation);

  /** Takes the next record. @returns the conversations that it changed */
  push(record: LogRecord): ReadonlySet<Part> {
    const { conversation } = this;
    const changed = new Set<Part>();
    const begun = conversation.beginning === undefined;
    const repeat = conversation.has(record.id);
    const events = conversation.push(record);
    if (!repeat && !conversation.stopped) this.#note(record);
    if (begun && conversation.beginning) {
      if (record.payload === undefined) this.#page = record.page;
      changed.add(this.#begin(record.sid, conversation.beginning, record.timestamp));
    }
    const part = this.parts.at(-1);
    if (part && part.subject !== conversation.subject) {
      part.subject = conversation.subject;
      changed.add(part);
    }
    if (part && this.#noteHandOff(this.handOffs.acted(record, part))) changed.add(part);
    for (const event of events) {
      const before = this.parts.at(-1);
      if (before && event.kind === "message") this.#noteHandOff(this.handOffs.message(event, record, before));
      if (event.kind === "turn") this.#turn(event);
      else this.#message(record.sid, event);
      if (before) changed.add(before);
      changed.add(this.parts.at(-1)!);
    }
    return changed;
  }

  /** None outlives its conversation: a start over ends it before the next one begins. */
  #noteHandOff(one: HandOff | undefined): boolean {
    const { handOffs } = this.parts.at(-1)!;
    if (one && !handOffs.includes(one)) handOffs.push(one);
    return one !== undefined;
  }

  /** The page's values count where their run does. */
  #note(record: LogRecord): void {
    if (record.payload?.kind !== "Control" || record.payload.message.kind !== "SetVariables") return;
    this.#waiting.set(record.id, record.payload.message.values);
  }

  #begin(sid: string, { flow, version }: Beginning, at: string): Part {
    const part: Part = {
      sid,
      n: this.parts.length + 1,
      flow,
      version,
      started: at,
      last: at,
      seq: this.conversation.seq,
      messages: 0,
      answers: 0,
      status: "waiting",
      waits: undefined,
      step: undefined,
      said: undefined,
      page: this.#page,
      subject: this.conversation.subject,
      values: this.#values,
      counts: {},
      texts: [],
      given: [],
      handOffs: [],
    };
    this.#open = [];
    this.parts.push(part);
    return part;
  }

  #turn(event: TurnShown): void {
    const part = this.parts.at(-1)!;
    const values = this.#waiting.get(event.of);
    this.#waiting.delete(event.of);
    if (event.refused !== undefined) return;
    if (values) {
      this.#values = { ...this.#values, ...values };
      part.values = this.#values;
    }
    if (event.state !== undefined) add(part.counts, "matched", event.state);
    part.status = event.failed !== undefined ? "failed" : event.ended ? "ended" : "waiting";
    part.waits = event.ended ? undefined : this.#open.at(-1)?.state;
  }

  #message(sid: string, event: Shown): void {
    if (event.message.kind === "ResetSession") {
      const before = this.parts.at(-1)!;
      if (before.status === "waiting") before.status = "left";
      this.#begin(sid, this.conversation.beginning!, event.at).seq = event.seq;
      return;
    }
    const part = this.parts.at(-1)!;
    part.seq = event.seq;
    part.last = event.at;
    part.messages += 1;
    this.#opens(event);
    part.waits = this.#open.at(-1)?.state;
    const text = wordsOf(event.message);
    if (text !== "") part.texts.push({ seq: event.seq, text });
    if (event.state !== undefined) {
      add(part.counts, "sent", event.state);
      if (text !== "") part.step = event.state;
    } else if (event.by === undefined) this.#answer(part, event, text);
  }

  #answer(part: Part, { seq, message }: Shown, text: string): void {
    part.answers += 1;
    part.said = firstUnits(text.replace(/\s+/gu, " ").trim(), SAID);
    const column =
      message.kind === "ChoiceResponse"
        ? `q:${message.groupId}`
        : message.kind === "UserText"
          ? `t:${message.sessionId}`
          : undefined;
    // What is said to a person answers nothing that the flow asks.
    if (column === undefined || column === `t:${OPERATOR_CHAT}`) return;
    if (message.kind === "UserText" && message.sessionId === this.conversation.handOff?.id) return;
    add(part.counts, "answered", column);
    part.given.push({ seq, column, text });
  }

  /** What a message opens and closes (F3, F5). */
  #opens({ message, state }: Shown): void {
    const without = (key: string) => this.#open.filter((open) => open.key !== key);
    if (message.kind === "ChoiceRequest") {
      const key = `q:${message.groupId}`;
      this.#open = [...without(key), { key, state }];
    } else if (message.kind === "StartChatSession") {
      const key = `t:${message.sessionId}`;
      this.#open = [...without(key), { key, state }];
    } else if (message.kind === "EndChatSession") this.#open = without(`t:${message.sessionId}`);
    else if (message.kind === "ChoiceResponse") this.#open = this.#open.filter(({ key }) => key.startsWith("t:"));
  }
}

function add(counts: Record<string, number>, kind: string, name: string): void {
  const key = `${kind} ${name}`;
  counts[key] = (counts[key] ?? 0) + 1;
}

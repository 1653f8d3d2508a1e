import type { HandOffAsked, Message } from "@parley/shared/message";
import { type ActMessage, actOf, type InputRecord, type LogRecord } from "@parley/shared/record";
import type { Conversation, Shown } from "@parley/shared/session/conversation";
import { wordsOf } from "@parley/shared/session/words";
import { firstUnits } from "@parley/shared/text";

/**
 * How it ended: a person gave it back or ended the conversation (`closed`, `ended`) or took it elsewhere (`moved`); nobody
 * was there (`unavailable`), or came in time (`timeout`); the visitor started over (`left`).
 */
export const OUTCOMES = ["closed", "unavailable", "timeout", "left", "ended", "moved"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One time that a conversation was with a person or waited for one: asked for by its flow, or taken over by hand. */
export type HandOff = {
  readonly sid: string;
  /** The k-th of its session, from 1, and in which of its conversations (the n-th). */
  readonly k: number;
  readonly n: number;
  readonly flow: string;
  readonly version: number;
  /** The record that it began with: the flow's request, or the act of a takeover. Never another for the same row. */
  readonly id: string;
  /** The chat session that the flow opened; undefined: taken over by hand. */
  readonly chat: string | undefined;
  /** The flow's request that is open, its record and `seq`: another once it was asked again. */
  request: string | undefined;
  seq: number;
  timeout: number | undefined;
  queue: string | undefined;
  /** ISO 8601: when it began; since when it has been with whom it is with, or has waited. */
  readonly opened: string;
  since: string;
  /** When it was taken first, and by whom; who has it now, and under which name. */
  taken: string | undefined;
  takenBy: string | undefined;
  holder: string | undefined;
  name: string | undefined;
  ended: string | undefined;
  outcome: Outcome | undefined;
  /** The beginning of what the visitor said last, and when. */
  said: string | undefined;
  saidAt: string | undefined;
  /** The visitor's last texts in it, by `seq`; and the last that a person said. */
  texts: readonly number[];
  replied: number;
};

const MOST_TEXTS = 100;
const SAID = 160;
/** The acts that end a person's part, or the waiting for one. */
const ENDS: { readonly [K in ActMessage["kind"]]?: Outcome } = { GiveBack: "closed", Move: "moved", End: "ended" };
const CLOSED_BY: Readonly<Record<string, Outcome>> = { Due: "timeout", Unavailable: "unavailable", ...ENDS };

/** Which hand-offs a session's records tell of, beside the one reading of them that everybody shares. */
export class HandOffFold {
  /** Goes up whenever one begins, changes hands or ends: what people wait for. */
  stirs = 0;
  #open: HandOff | undefined;
  #k = 0;
  #act: string | undefined;

  constructor(private readonly conversation: Conversation) {}

  /**
   * An act of a person counts where it stands. Call it after each record that was pushed.
   * @returns the hand-off that it changed
   */
  acted(
    record: LogRecord,
    part: Pick<HandOff, "sid" | "n" | "flow" | "version"> & { readonly said?: string | undefined },
  ) {
    const { act, holder } = this.conversation;
    if (act === this.#act) return undefined;
    this.#act = act;
    const message = actOf(record);
    if (message === undefined || record.id !== act) return undefined;
    const at = record.timestamp;
    const outcome = ENDS[message.kind];
    if (outcome !== undefined) return this.#end(at, outcome);
    if (message.kind === "Takeover") this.#open ??= this.#begin(part, { id: record.id, at });
    const open = this.#open;
    if (!open || message.kind === "Resend") return undefined;
    if (message.kind === "Assign" && message.queue !== undefined) open.queue = message.queue;
    this.stirs += 1;
    open.since = at;
    open.holder = holder?.by;
    open.name = holder?.name;
    if (open.holder !== undefined && open.taken === undefined) [open.taken, open.takenBy] = [at, open.holder];
    return open;
  }

  /**
   * Takes the next message of the conversation.
   * @returns the hand-off that it changed
   */
  message(event: Shown, record: LogRecord, part: Parameters<HandOffFold["acted"]>[1]): HandOff | undefined {
    const { message, at, seq } = event;
    if (message.kind === "ResetSession") return this.#end(at, "left");
    const asked = handOffOf(message);
    if (asked) return this.#asked(asked, event, part);
    const open = this.#open;
    if (!open) return undefined;
    if (message.kind === "EndChatSession" && message.sessionId === open.chat) {
      return this.#end(at, this.#why(record) ?? "closed");
    }
    if (message.kind === "UserText") {
      open.said = firstUnits(wordsOf(message).replace(/\s+/gu, " ").trim(), SAID);
      open.saidAt = at;
      open.texts = [...open.texts, seq].slice(-MOST_TEXTS);
      return open;
    }
    if (message.kind !== "BotText" || event.by === undefined) return undefined;
    open.replied = seq;
    return open;
  }

  #asked(
    { chat, queue, timeout }: { readonly chat: string } & HandOffAsked,
    { id, at, seq }: Shown,
    part: Parameters<HandOffFold["acted"]>[1],
  ): HandOff {
    this.stirs += 1;
    // Asked again it is the same one.
    if (this.#open?.chat !== chat) this.#open = this.#begin(part, { id, at, chat });
    const open = this.#open!;
    const again = open.request !== undefined;
    open.request = id;
    open.seq = seq;
    open.timeout = timeout;
    if (!again) open.queue = queue;
    return open;
  }

  #begin(
    { sid, n, flow, version, said }: Parameters<HandOffFold["acted"]>[1],
    { id, at, chat }: { readonly id: string; readonly at: string; readonly chat?: string },
  ): HandOff {
    this.#k += 1;
    return {
      ...{ sid, n, k: this.#k, flow, version, id, chat, opened: at, since: at, said, seq: 0, texts: [], replied: 0 },
      ...{ request: undefined, timeout: undefined, queue: undefined, taken: undefined, takenBy: undefined },
      ...{ holder: undefined, name: undefined, ended: undefined, outcome: undefined, saidAt: undefined },
    };
  }

  #end(at: string, outcome: Outcome): HandOff | undefined {
    const open = this.#open;
    if (!open) return undefined;
    this.#open = undefined;
    this.stirs += 1;
    open.ended = at;
    open.outcome = outcome;
    open.holder = undefined;
    open.name = undefined;
    return open;
  }

  /** How the input ends it whose run has closed the chat. */
  #why(record: LogRecord): Outcome | undefined {
    const of = "of" in record ? record.of : undefined;
    const input: InputRecord | undefined = this.conversation.unfinished.find(({ id }) => id === of);
    return input?.payload === undefined ? undefined : CLOSED_BY[input.payload.message.kind];
  }
}

/** What a message asks of people, where it is a flow's request for one. */
function handOffOf(message: Message): ({ readonly chat: string } & HandOffAsked) | undefined {
  if (message.kind !== "StartChatSession" || message.handOff === undefined) return undefined;
  return { chat: message.sessionId, ...message.handOff };
}

import { isPictureName } from "../flow/pictures.js";
import type { Message, Outcome, RefusalCode, RequestMessage, ResponseMessage } from "../message.js";
import {
  ACTS,
  type ActMessage,
  type ActRecord,
  actOf,
  type Beginning,
  FIRST_ID,
  type InputRecord,
  idOfClient,
  isInput,
  isRunId,
  type LogRecord,
  type OperatorRecord,
  RECORD_VERSION,
  type RequestRecord,
  type TurnRecord,
  WAITS,
  waitOf,
} from "../record.js";
import { actCounts, takenAfter } from "./state.js";

/** One message of a conversation as everybody sees it. */
export type Shown = {
  readonly kind: "message";
  /** 1, 2, 3… without a gap, through all of the session. */
  readonly seq: number;
  readonly id: string;
  /** ISO 8601: when it was recorded. */
  readonly at: string;
  readonly message: Message;
  /** The state that sent it; an answer has none (its `turn` says what matched), nor what a person says. */
  readonly state?: string;
  /** Who says it, if that is neither the bot nor the visitor, as records name people; and as the visitor sees it. */
  readonly by?: string;
  readonly name?: string;
  /** The name of his picture, if he has one. */
  readonly picture?: string;
};
/** The end of the run that answers the input `of`. */
export type TurnShown = {
  readonly kind: "turn";
  readonly of: string;
  readonly refused?: RefusalCode;
  readonly ended: boolean;
  readonly failed?: string;
  readonly state?: string;
  /** The act of a person that it answers, and who did it. */
  readonly did?: { readonly kind: ActMessage["kind"]; readonly by: string; readonly why?: string };
  /** The hand-off that ended by it, and how; one that is only closed (a start over, `Move`, `End`) is not told here. */
  readonly over?: { readonly handOffId: string; readonly outcome: Outcome };
};
export type ConversationEvent = Shown | TurnShown;

/** Who has taken a conversation over; without `by` it waits, in the queue, for whoever does next. */
export type Holder = { readonly by?: string; readonly name?: string; readonly queue?: string };

/** A hand-off that is open: the visitor waits for a person, or talks with one. */
export type OpenHandOff = {
  /** Its `handOffId`. */
  readonly id: string;
  /** Its request: the number of the message, the id of the record, when it was recorded. */
  readonly seq: number;
  readonly request: string;
  readonly at: string;
  /** Where it waits, or waited last; none: the queue without a name. */
  readonly queue?: string;
  /** How long it waits at most, seconds. */
  readonly timeout?: number;
  /** Since when it waits, ISO 8601; none while somebody has it. */
  readonly since?: string;
};

/** Why reading stopped for good: a record that this build cannot read, or the session's erasure. */
export type Stop = "newer-version" | "unknown-kind" | "erased";

/**
 * What a session's records mean, for every reader alike (SPEC L3): the first of an id stands; the n-th record of a run
 * counts only after the one before it; an answer stands directly before the first record that answers it, and nowhere
 * if it was refused; void records are left out; the rest is numbered 1, 2, 3….
 * Records may be pushed more than once: a repeat changes nothing. Its memory grows with the session, not with the log.
 */
export class Conversation {
  /** Of the conversation that runs now: the first record, or the last accepted `ResetSession`. */
  beginning: Beginning | undefined;
  seq = 0;
  /** `seq` of the last accepted `ResetSession`, 0 for none: sockets that connect later get only what follows. */
  resetSeq = 0;
  lastTurn: TurnShown | undefined;
  stopped: Stop | undefined;
  /** Whose session it is, once somebody was identified in it; and, of the records under a person's name, their session. */
  person: string | undefined;
  /** Who that is in every flow alike. */
  subject: string | undefined;
  link: string | undefined;
  /** The number of exclusive acts that count: a workflow's record under another is void. */
  fence = 0;
  /** The id of the last one that does; whoever acts next has to name it (L8). */
  act: string | undefined;
  /** Who has the conversation instead of the bot, or left it to whoever comes. */
  holder: Holder | undefined;
  /** A person has the conversation: the bot says nothing. Not while a hand-off waits that was left to whoever comes. */
  taken = false;
  /** The hand-off that the visitor sees open. */
  handOff: OpenHandOff | undefined;
  /** As visitors see whoever acted last. */
  #name: string | undefined;
  /** Beside that name. */
  #picture: string | undefined;
  /** Inputs so far, repeats not counted; and those of the visitor, for the limit on a session. */
  inputs = 0;
  visitorRecords = 0;
  /** Ids of inputs and rights. A run's records need none: each counts only behind the one before it, and once. */
  readonly #seen = new Set<string>();
  /** Inputs without their `Turn`, and how many records of the run count so far: few, and answered in their order. */
  readonly #runs: Run[] = [];
  /** The last request of each question and chat session: what an answer refers to. */
  readonly #questions = new Map<string, Shown>();
  // Made by the first that needs them: many sessions wait, and most have none.
  #chats: Map<string, Shown> | undefined;
  #grants: Set<string> | undefined;
  #revoked: Set<string> | undefined;
  #refused: Map<string, RefusalCode> | undefined;

  /** Whether an input, or a record of rights, of this id was pushed. */
  has(id: string): boolean {
    return this.#seen.has(id);
  }

  /** SHA-256 of the secrets that may use the session. */
  get grants(): ReadonlySet<string> {
    return this.#grants ?? NO_GRANTS;
  }

  /** SHA-256 of the secrets that may not use it any more; of a bare cookie too, which no grant stands for. */
  get revoked(): ReadonlySet<string> {
    return this.#revoked ?? NO_GRANTS;
  }

  /** Refused inputs and why. */
  get refused(): ReadonlyMap<string, RefusalCode> {
    return this.#refused ?? NONE_REFUSED;
  }

  /** Inputs that no run has answered to its end. */
  get unfinished(): InputRecord[] {
    return this.#runs.map((run) => run.input);
  }

  /**
   * Inputs without their `Turn` where they stand now, in their order, and how many records of each one's run count: what
   * an act that was just pushed has cut.
   */
  get open(): ReadonlyMap<string, number> {
    return new Map(this.#runs.map(({ input, n }) => [input.id, n]));
  }

  /** The last request that asked what this answers. */
  asked(answer: ResponseMessage): Shown | undefined {
    if (answer.kind === "ResetSession") return undefined;
    return answer.kind === "UserText" ? this.#chats?.get(answer.sessionId) : this.#questions.get(answer.groupId);
  }

  /** Takes the next record of the log; what became visible by it, in order. */
  push(record: LogRecord): ConversationEvent[] {
    if (this.stopped) return [];
    const stop = unreadable(record);
    if (stop) {
      this.stopped = stop;
      return [];
    }
    if (isInput(record)) {
      this.#input(record);
      return [];
    }
    if (record.payload.kind === "Request" || record.payload.message.kind === "Turn") {
      return this.#answer(record as RequestRecord | TurnRecord);
    }
    if (!this.#isNew(record.id)) return [];
    const rights = record.payload.message;
    if (rights.kind === "Erased") this.stopped = "erased";
    else if (rights.kind === "Link") this.link = rights.to;
    else if (rights.kind === "Grant") {
      this.#grant(rights.hash);
      this.person = rights.person ?? this.person;
      this.subject = rights.subject ?? this.subject;
    } else {
      this.#grants?.delete(rights.hash);
      this.#revoked ??= new Set();
      this.#revoked.add(rights.hash);
    }
    return [];
  }

  #input(record: InputRecord): void {
    // Nothing stands before the first record.
    if (this.beginning === undefined && record.payload !== undefined) return;
    if (!this.#isNew(record.id)) return;
    if (record.payload === undefined) {
      if (record.id !== FIRST_ID) return;
      this.beginning = beginningOf(record);
      if (record.grant !== undefined) this.#grant(record.grant);
    } else if (idOfClient(record.id) !== undefined) this.visitorRecords += 1;
    const act = actOf(record);
    const wait = waitOf(record);
    let over: Run["over"];
    if (act && actCounts(this, act)) {
      if (act.kind === "GiveBack" && this.handOff) over = { handOffId: this.handOff.id, outcome: "closed" };
      this.#act(record, "by" in record ? record.by : "", act);
    } else if (wait) {
      over = { handOffId: wait.handOffId, outcome: wait.kind === "Due" ? "timeout" : "unavailable" };
    }
    this.inputs += 1;
    this.#runs.push(over === undefined ? { input: record, n: 0 } : { input: record, n: 0, over });
  }

  #act({ id, timestamp }: LogRecord, by: string, act: ActMessage): void {
    this.taken = takenAfter(this, act);
    this.fence += 1;
    this.act = id;
    if (act.kind === "Takeover" || act.kind === "Assign") {
      this.#name = act.name;
      this.#picture = pictureOf(act);
    } else this.#name = this.holder?.name;
    const { handOff } = this;
    if (act.kind === "Takeover") this.holder = { by, name: act.name };
    else if (act.kind === "Assign") {
      const { to, name, queue } = act;
      this.holder = {
        ...(to !== undefined && { by: to }),
        ...(name !== undefined && { name }),
        ...(queue !== undefined && { queue }),
      };
      if (handOff && queue !== undefined) this.handOff = { ...handOff, queue };
    } else this.holder = undefined;
    // What is asked again, or closed, is open when that is shown.
    if (act.kind !== "Takeover" && act.kind !== "Assign") this.handOff = undefined;
    else this.#waits(this.taken ? undefined : timestamp);
  }

  /** Since when the hand-off waits. */
  #waits(at: string | undefined): void {
    if (!this.handOff) return;
    const { since: _, ...rest } = this.handOff;
    this.handOff = at === undefined ? rest : { ...rest, since: at };
  }

  #handOffOver(): void {
    this.handOff = undefined;
    if (!this.taken) this.holder = undefined;
  }

  #grant(hash: string): void {
    this.#grants ??= new Set();
    this.#grants.add(hash);
  }

  #isNew(id: string): boolean {
    return this.#seen.size < this.#seen.add(id).size;
  }

  #answer(record: RequestRecord | TurnRecord): ConversationEvent[] {
    const first = this.#runs[0]?.input.id === record.of; // As nearly always.
    const at = first ? 0 : this.#runs.findIndex((open) => open.input.id === record.of);
    const run = this.#runs[at];
    if (!run || record.fence !== this.fence || !isRunId(record.id, record.of, record.fence, run.n + 1)) return [];
    run.n += 1;
    const events: ConversationEvent[] = [];
    const turn = record.payload.kind === "Control" ? record.payload.message : undefined;
    if (run.n === 1 && turn?.refused === undefined) this.#accept(run.input, events);
    if (record.payload.kind === "Request") {
      const { state, by } = record as RequestRecord;
      const said = state !== undefined ? { state } : by === BOT ? {} : { by };
      events.push(this.#show(record, record.payload.message, said));
    } else if (turn) {
      this.#runs.splice(at, 1);
      const { refused, failed, ended = false } = turn;
      if (refused !== undefined) {
        this.#refused ??= new Map();
        this.#refused.set(record.of, refused);
      }
      const shown: { -readonly [K in keyof TurnShown]: TurnShown[K] } = { kind: "turn", of: record.of, ended };
      if (refused !== undefined) shown.refused = refused;
      if (failed !== undefined) shown.failed = failed;
      if (record.state !== undefined) shown.state = record.state;
      const did = actOf(run.input);
      if (did && refused === undefined) {
        const why = "why" in did && did.why !== undefined ? { why: did.why } : {};
        shown.did = { kind: did.kind, by: (run.input as ActRecord).by, ...why };
      }
      if (run.over && refused === undefined) shown.over = run.over;
      if (ended || failed !== undefined) this.#handOffOver();
      this.lastTurn = shown;
      events.push(shown);
    }
    return events;
  }

  /** An input has its effect where its run begins: an answer is shown, a reset begins anew. */
  #accept(input: InputRecord, events: ConversationEvent[]): void {
    if (input.payload?.kind === "Request") {
      events.push(this.#show(input, input.payload.message, { by: (input as OperatorRecord).by }));
    }
    if (input.payload?.kind !== "Response") return;
    const message = input.payload.message;
    if (message.kind === "ResetSession") {
      this.beginning = beginningOf(input) ?? this.beginning;
      this.#questions.clear();
      this.#chats?.clear();
      this.#handOffOver();
    }
    events.push(this.#show(input, this.#asShown(message)));
    if (message.kind === "ResetSession") this.resetSeq = this.seq;
  }

  /** F4: a choice is shown with the item's own text, whatever the client sent. */
  #asShown(message: ResponseMessage): ResponseMessage {
    if (message.kind !== "ChoiceResponse") return message;
    const request = this.asked(message)?.message;
    const item =
      request?.kind === "ChoiceRequest"
        ? request.choices.find((choice) => choice.itemId === message.itemId)
        : undefined;
    const { kind, groupId, itemId } = message;
    return item ? { kind, groupId, itemId, content: item.content } : { kind, groupId, itemId };
  }

  #show({ id, timestamp: at }: LogRecord, message: Message, said: { state?: string; by?: string } = {}): Shown {
    this.seq += 1;
    const { seq } = this;
    const shown: { -readonly [K in keyof Shown]: Shown[K] } = { kind: "message", seq, id, at, message };
    if (said.state !== undefined) shown.state = said.state;
    if (said.by !== undefined) shown.by = said.by;
    if (said.by !== undefined && this.#name !== undefined) {
      shown.name = this.#name;
      if (this.#picture !== undefined) shown.picture = this.#picture;
    }
    if (message.kind === "ChoiceRequest") this.#questions.set(message.groupId, shown);
    else if (message.kind === "StartChatSession") {
      this.#chats ??= new Map();
      this.#chats.set(message.sessionId, shown);
      const { sessionId, handOff: asked } = message;
      if (asked) this.handOff = { id: sessionId, seq, request: id, at, ...asked, ...(!this.taken && { since: at }) };
    } else if (message.kind === "EndChatSession" && message.sessionId === this.handOff?.id) this.#handOffOver();
    return shown;
  }
}

/** An input without its `Turn`, how many records of its run count so far, and the hand-off that ends if it is accepted. */
type Run = { readonly input: InputRecord; n: number; readonly over?: NonNullable<TurnShown["over"]> };

/** A log that others write may hold anything: what is not of the form of a picture's name is none. */
const pictureOf = ({ picture }: { readonly picture?: unknown }): string | undefined =>
  typeof picture === "string" && isPictureName(picture) ? picture : undefined;

/** As records name the bot. */
export const BOT = "bot";

const NO_GRANTS: ReadonlySet<string> = new Set();
const NONE_REFUSED: ReadonlyMap<string, RefusalCode> = new Map();

/** A session's records as everybody sees them: all messages and turns in order, and the state of reading after them. */
export function conversation(records: Iterable<LogRecord>): { events: ConversationEvent[]; after: Conversation } {
  const after = new Conversation();
  const events: ConversationEvent[] = [];
  for (const record of records) for (const event of after.push(record)) events.push(event);
  return { events, after };
}

/** Where a record begins a conversation: its flow, version and step. */
export function beginningOf(record: InputRecord): Beginning | undefined {
  const { flow, version, step } = record as Partial<Beginning>;
  return flow === undefined || version === undefined || step === undefined ? undefined : { flow, version, step };
}

const REQUESTS: ReadonlySet<string> = new Set<RequestMessage["kind"]>([
  "BotText",
  "ChoiceRequest",
  "StartChatSession",
  "EndChatSession",
]);
const RESPONSES: ReadonlySet<string> = new Set<ResponseMessage["kind"]>(["ChoiceResponse", "UserText", "ResetSession"]);
const CONTROLS: ReadonlySet<string> = new Set([
  ...["Turn", "SetVariables", "Grant", "Revoke", "Link", "Erased"],
  ...ACTS,
  ...WAITS,
]);
const KINDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["Request", REQUESTS],
  ["Response", RESPONSES],
  ["Control", CONTROLS],
]);

/** L4: a reader never skips what it does not know. Why this build cannot read the record, or undefined. */
export function unreadable(record: LogRecord): Stop | undefined {
  if (record.v > RECORD_VERSION) return "newer-version";
  const payload = record.payload;
  return payload === undefined || KINDS.get(payload.kind)?.has(payload.message.kind) ? undefined : "unknown-kind";
}

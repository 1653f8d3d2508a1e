import type { AnswerMessage, Message } from "@parley/shared/message";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import { idOfClient, type LogRecord } from "@parley/shared/record";
import {
  type Conversation,
  type ConversationEvent,
  conversation,
  type Shown,
} from "@parley/shared/session/conversation";
import { reached } from "../fault-points.js";
import type { EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import { messageSpan, type Tracer } from "../tracing/tracer.js";
import type { Client } from "./client.js";

/** What a session's proxy side needs of the process. */
export type LiveContext = {
  readonly log: EventLog;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly tracer?: Tracer | undefined;
};

/** Clients tell it every 3 s (SPEC W2); what comes more often, or from several sockets at once, is told once, ms. */
const TYPING_EVERY = 2_000;

/** Where a client is in a conversation; without an `id` the place is known to be right. */
export type Place = { readonly seq: number; readonly id?: string };

/**
 * Who waits for what became of an input, and since when, ms (of a message that came again nobody knows); of a bare socket
 * also the answer, to ask again when no state matches (F7).
 */
export type Sender = { readonly client: Client; readonly at?: number; readonly answer?: AnswerMessage };

/** Messages kept for who is joining; of more than these the log is read once more. */
const RECENT = 2_000;

/**
 * A session with open sockets: delivers what the log says to each of them, in one order. Between messages it lets go
 * of the conversation and reads it again from the log when something happens.
 */
export class Live {
  readonly clients = new Set<Client>();
  /** Who waits for what became of an input, by record id. */
  readonly senders = new Map<string, Sender>();
  /** Appends under way, by record id: a repeat waits for the first. */
  readonly appending = new Map<string, Promise<void>>();
  touched: number;
  #conversation: Conversation | undefined;
  #loading: Promise<Conversation> | undefined;
  /** Records that the tail brought while the session is being read. */
  #early: LogRecord[] = [];
  #lastTurn: string | undefined;
  /** How many sockets are joining, and what was said meanwhile, without a gap. */
  #joining = 0;
  #recent: Shown[] = [];
  /** What the newest reading for one of them found, by number from 1: kept once, however many of them are slow. */
  #read: readonly Shown[] = [];
  /** A person has the conversation; known also while that is let go. */
  #manned = false;
  /** When it was last told that the visitor types, ms. */
  #typed = Number.NEGATIVE_INFINITY;

  constructor(
    readonly sid: string,
    private readonly context: LiveContext,
    begun?: Conversation,
  ) {
    this.#conversation = begun;
    this.touched = context.now();
  }

  /** Nothing under way: what was read may be let go. */
  get quiet(): boolean {
    return this.senders.size === 0 && this.appending.size === 0 && this.#loading === undefined;
  }

  /** Lets go of the conversation. */
  compact(): void {
    this.#conversation = undefined;
  }

  /** The conversation, read from the log if need be. */
  conversation(): Conversation | Promise<Conversation> {
    this.touched = this.context.now();
    return this.#conversation ?? this.#load();
  }

  #load(): Promise<Conversation> {
    this.#loading ??= (async () => {
      try {
        const { events, after } = conversation(await this.context.log.read(this.sid));
        for (const record of this.#early) events.push(...after.push(record));
        this.#conversation = after;
        this.#manned = after.holder?.by !== undefined;
        this.#deliverMissed(events, after);
        return after;
      } catch (error) {
        // Who has sockets here would miss what came meanwhile: they resume from the log.
        this.#closeAll(CLOSE.tryAgain);
        throw error;
      } finally {
        this.#early = [];
        this.#loading = undefined;
      }
    })();
    return this.#loading;
  }

  /** The tail brought a durable record of this session. */
  push(record: LogRecord): void {
    this.touched = this.context.now();
    if (record.payload?.kind === "Control" && record.payload.message.kind === "Revoke") {
      const { hash } = record.payload.message;
      for (const client of this.clients) if (client.grant === hash) client.close(CLOSE.voided);
    }
    if (!this.#conversation) {
      this.#early.push(record);
      if (!this.#loading) this.#load().catch(() => undefined); // It has told its sockets.
      return;
    }
    if (this.#conversation.stopped) return;
    for (const event of this.#conversation.push(record)) this.#deliver(event);
    this.#manned = this.#conversation.holder?.by !== undefined;
    if (this.#conversation.stopped) this.#stop();
  }

  #stop(): void {
    const stopped = this.#conversation!.stopped!;
    if (stopped !== "erased") this.context.metrics.blocked.inc({ reason: stopped });
    this.#closeAll(stopped === "erased" ? CLOSE.erased : CLOSE.unreadable);
  }

  #closeAll(code: number): void {
    for (const client of this.clients) client.close(code, code === CLOSE.tryAgain ? 1000 : undefined);
  }

  /** After a reading: messages are told by their number, the last turn by what it answers. */
  #deliverMissed(events: ConversationEvent[], after: Conversation): void {
    const audience = [...this.clients].some((client) => client.seq >= 0);
    if (!audience && this.senders.size === 0) this.#lastTurn = after.lastTurn?.of;
    for (const event of events) if (event.kind === "message") this.#deliver(event);
    for (const event of events) {
      if (event.kind === "turn" && (this.senders.has(event.of) || event === events.at(-1))) this.#deliver(event);
    }
    if (this.#conversation?.stopped) this.#stop();
  }

  #deliver(event: ConversationEvent): void {
    reached("before send");
    if (event.kind === "message") this.#deliverMessage(event);
    else if (event.of !== this.#lastTurn) {
      this.#lastTurn = event.of;
      this.context.metrics.turns.inc({ outcome: event.refused ?? (event.failed ? "failed" : "shown") });
      const sender = this.senders.get(event.of);
      this.senders.delete(event.of);
      if (event.refused !== undefined) {
        if (sender?.client.live === this) this.refuse(sender, event.of, event.refused);
      } else {
        let text: string | undefined;
        for (const client of this.clients) {
          if (client.protocol !== "v1" || client.seq < 0) continue;
          text ??= turnFrame(event.of, event.ended);
          client.write(text);
        }
      }
      if (sender) this.#answered(event.of, sender, event.refused);
    }
  }

  /** A visitor's message has what it led to. */
  #answered(of: string, { at }: Sender, refused: string | undefined): void {
    const { metrics, now, tracer } = this.context;
    if (at !== undefined && refused === undefined) metrics.turnSeconds.observe((now() - at) / 1000);
    tracer
      ?.begin("answer", {
        parent: messageSpan(this.sid, of),
        attributes: { "parley.outcome": refused ?? "shown", "parley.sockets": this.clients.size },
      })
      .end();
  }

  #deliverMessage(event: Shown): void {
    if (this.#joining > 0) this.#keep(event);
    const sender = this.senders.get(event.id)?.client;
    let v1: string | undefined;
    let bare: string | undefined;
    for (const client of this.clients) {
      if (client.seq < 0 || event.seq <= client.seq) continue;
      client.seq = event.seq;
      if (client.protocol === "v1") {
        v1 ??= messageFrame(event);
        client.write(v1);
      } else if (client !== sender && event.message.kind !== "ResetSession") {
        // W1: no client of that protocol was ever sent a start over; it sees the new conversation begin.
        bare ??= JSON.stringify(onWire(event.message));
        client.write(bare);
      }
    }
  }

  /** What was read again is there already. */
  #keep(event: Shown): void {
    const last = this.#recent.at(-1);
    if (last !== undefined && event.seq !== last.seq + 1) return;
    if (this.#recent.push(event) > RECENT) this.#recent.splice(0, RECENT / 2);
  }

  /** Whether somebody is to be told that the visitor types: a person who has the conversation, and not all the time. */
  mayTellTyping(now: number): boolean {
    if (!this.#manned || now - this.#typed < TYPING_EVERY) return false;
    this.#typed = now;
    return true;
  }

  /** A person types: the visitor's sockets are told, while a person has the conversation. */
  personTypes(name: string): void {
    if (!this.#manned) return;
    const text = JSON.stringify({ kind: "Typing", by: name });
    for (const client of this.clients) if (client.protocol === "v1" && client.seq >= 0) client.write(text);
  }

  /** Tells the socket that sent an answer why it had no effect (F6, F7). */
  refuse(
    { client, answer }: Pick<Sender, "client" | "answer">,
    id: string,
    code: "stale" | "no-match" | "paused",
  ): void {
    if (client.protocol === "v1") client.send({ kind: "Refused", id: wireId(id), code });
    else if (code === "no-match") {
      const open = answer && this.#conversation?.asked(answer);
      if (open) client.write(JSON.stringify(onWire(open.message)));
    }
  }

  /**
   * Brings a new socket up to now: the conversation so far (since the last start over), or what follows `after`; then it
   * is live. A place that this log does not have is answered by `Resync` and everything.
   * @returns the number of the newest message, told by `welcome` before anything else is sent.
   */
  async join(client: Client, after: Place | undefined, welcome: (latest: number) => void): Promise<void> {
    client.live = this;
    this.clients.add(client);
    this.#joining += 1;
    try {
      await this.#bring(client, after, welcome);
    } finally {
      this.#joining -= 1;
      if (this.#joining === 0) [this.#recent, this.#read] = [[], []];
    }
  }

  async #bring(client: Client, after: Place | undefined, welcome: (latest: number) => void): Promise<void> {
    let sent: number | undefined;
    for (;;) {
      const read = await this.#readForJoining();
      if (!read.begun) return client.close(CLOSE.erased); // Since it was looked up.
      if (sent === undefined) welcome(read.seq);
      await this.#catchUp(client, read, sent === undefined ? after : { seq: sent });
      if (!client.open || client.live !== this) return;
      sent = read.seq;
      let live: Conversation;
      do {
        sent = await this.#catchUpRecent(client, sent);
        live = await this.conversation();
        if (!client.open || client.live !== this) return; // Gone, or taken elsewhere meanwhile.
      } while (this.#follows(sent));
      // The tail may be ahead of what was read, by what was not kept: then read once more from there.
      if (live.seq > sent) continue;
      client.seq = sent;
      const turn = live.seq === sent ? (live.lastTurn ?? read.lastTurn) : read.lastTurn;
      if (turn && client.protocol === "v1") client.write(turnFrame(turn.of, turn.ended));
      if (read.stopped) this.#closeAll(read.stopped === "erased" ? CLOSE.erased : CLOSE.unreadable);
      return;
    }
  }

  /** Reads the log. What is told of it is all that one who is slow keeps of its own. */
  async #readForJoining() {
    const { events, after } = conversation(await this.context.log.read(this.sid));
    const messages = events.filter((event) => event.kind === "message");
    // Readings may overtake each other.
    if (messages.length >= this.#read.length) this.#read = messages;
    const { seq, resetSeq, lastTurn, stopped, beginning } = after;
    return { seq, resetSeq, lastTurn, stopped, begun: beginning !== undefined };
  }

  /** Sends what was said behind `seq` meanwhile: where much is said and reading is slow, reading again would never end. */
  async #catchUpRecent(client: Client, seq: number): Promise<number> {
    let sent = seq;
    for (let next = this.#follows(sent); next && client.open && client.live === this; next = this.#follows(sent)) {
      if (client.protocol === "v1") client.write(messageFrame(next));
      else if (next.message.kind !== "ResetSession") client.write(JSON.stringify(next.message));
      sent = next.seq;
      if (client.lagging) await client.drained();
    }
    return sent;
  }

  /** The message behind `seq`, if it was kept. */
  #follows(seq: number): Shown | undefined {
    const first = this.#recent[0];
    return first && this.#recent[seq + 1 - first.seq];
  }

  /** The client is not of this session any more. */
  leave(client: Client): void {
    if (client.live === this) client.live = undefined;
    this.clients.delete(client);
    for (const [id, sender] of this.senders) if (sender.client === client) this.senders.delete(id);
  }

  /** Sends what follows `after`, no faster than the socket takes it. */
  async #catchUp(client: Client, read: { seq: number; resetSeq: number }, after: Place | undefined): Promise<void> {
    let from = read.resetSeq;
    if (after) {
      const has = after.seq > read.seq ? undefined : this.#read[after.seq - 1]?.id;
      const known = after.id === undefined || after.seq === 0 || (has !== undefined && wireId(has) === after.id);
      if (!known) client.send({ kind: "Resync" });
      // A socket that has something from before the last start over is told of it: it clears its pane.
      else from = after.seq >= read.resetSeq ? after.seq : read.resetSeq - 1;
    }
    for (let i = from; i < read.seq && client.open && client.live === this; i++) {
      const event = this.#read[i]!;
      if (client.protocol === "v1") client.write(messageFrame(event));
      else if (event.message.kind !== "ResetSession") client.write(JSON.stringify(onWire(event.message)));
      if (client.lagging) await client.drained();
    }
  }
}

/** On the wire what a client sent has the id that the client gave it. */
const wireId = (id: string): string => idOfClient(id) ?? id;
/** A hand-off is a chat session to visitors: whose work it is, and how long is waited, is not for them. */
function onWire(message: Message): Message {
  if (message.kind !== "StartChatSession" || message.handOff === undefined) return message;
  const { handOff: _, ...seen } = message;
  return seen;
}
const messageFrame = ({ seq, at, id, message, name, picture }: Shown): string =>
  JSON.stringify({
    kind: "Message",
    seq,
    at,
    id: wireId(id),
    message: onWire(message),
    ...(name !== undefined && { by: name }),
    ...(picture !== undefined && { picture }),
  });
const turnFrame = (of: string, ended: boolean): string => JSON.stringify({ kind: "Turn", of: wireId(of), ended });

import type { ResponseMessage } from "@parley/shared/message";
import {
  type ClientFrame,
  type MessageFrame,
  type Refused,
  type ServerFrame,
  SUBPROTOCOL,
  type Turn,
} from "@parley/shared/protocol/v1";
import { WebSocket } from "ws";
import type { Load } from "./load.js";

/** The ledger's entry of one message: what was said, how often it was sent, what came back. */
export type Sent = {
  readonly frame: Extract<ClientFrame, { id: string }>;
  sends: number;
  acks: number;
  /** Sent over a socket that is still open, and not acknowledged since. */
  inFlight: boolean;
  /** It stood in the log before it was acknowledged, when the server was killed. */
  stored: boolean;
  /** Its sender left for good: it is not sent again. */
  givenUp: boolean;
};

/** A person with one session of `parley.v1` and several tabs, and the ledger of all that was said. */
export class Visitor {
  readonly sent = new Map<string, Sent>();
  readonly tabs: Tab[];
  /** Given by the first `Welcome`. */
  token: string | undefined;
  /** Each session that a `Welcome` named: more than one is a session lost. */
  readonly sids = new Set<string>();
  readonly unexpected: ServerFrame[] = [];

  constructor(
    readonly load: Load,
    readonly name: string,
    /**
     * `thinks`: ms before the next thing is said; absent, at once. `repeated`: the network may send twice what it says.
     * `manned`: people may take the conversation over.
     */
    readonly options: {
      readonly tabs: number;
      readonly resets: boolean;
      readonly thinks?: number;
      readonly repeated?: boolean;
      readonly manned?: boolean;
    },
  ) {
    this.tabs = Array.from({ length: options.tabs }, (_, i) => new Tab(this, `${name}t${i}`));
  }

  /** Connects every tab; the first alone where there is no session yet. Resolves when each is welcome or closed. */
  async connect(chatUrl: string): Promise<void> {
    const [first, ...others] = this.tabs;
    if (this.token === undefined) await first!.connect(chatUrl);
    if (this.token === undefined) return;
    await Promise.all((first!.open ? others : this.tabs).map((tab) => tab.connect(chatUrl)));
  }

  addTab(): void {
    this.tabs.push(new Tab(this, `${this.name}t${this.tabs.length}`));
  }

  get unacked(): Sent[] {
    return this.tabs.flatMap((tab) => tab.unacked);
  }
}

/** One tab: it resumes after every loss, sends what is unacknowledged again and answers what it is asked. */
export class Tab {
  /** Messages over all sockets, as they came. */
  readonly received: MessageFrame[] = [];
  readonly refused: Refused[] = [];
  lastTurn: Turn | undefined;
  /** How the last socket ended. */
  close: { readonly code: number; readonly reason: string } | undefined;
  #ws: WebSocket | undefined;
  #greeted = false;
  #ids = 0;
  readonly #mine: Sent[] = [];
  /** The open request, and whether this tab has answered it. */
  #asked: { message: MessageFrame["message"]; seq: number; answered: boolean } | undefined;
  #closed = Promise.resolve();
  #again: NodeJS.Timeout | undefined;
  #thinking: NodeJS.Timeout | undefined;
  readonly #waits = new Set<() => void>();

  constructor(
    private readonly visitor: Visitor,
    private readonly name: string,
  ) {}

  get open(): boolean {
    return this.#greeted;
  }

  /** What this tab sent, will send again and has no acknowledgement of. */
  get unacked(): Sent[] {
    return this.#mine.filter((entry) => entry.acks === 0 && !entry.givenUp);
  }

  /** Resolves when the tab is welcome, or when its socket has closed before. */
  connect(chatUrl: string): Promise<void> {
    const ws = new WebSocket(chatUrl, SUBPROTOCOL);
    this.#ws = ws;
    const last = this.received.at(-1);
    const { token } = this.visitor;
    ws.on("open", () => {
      const after = last && { seq: last.seq, id: last.id };
      ws.send(JSON.stringify({ kind: "Hello", ...(token !== undefined && { token }), ...(after && { after }) }));
    });
    ws.on("message", (data) => this.#frame(JSON.parse(data.toString()) as ServerFrame));
    ws.on("error", () => undefined); // The close that follows says all.
    this.#closed = new Promise((resolve) => {
      ws.on("close", (code, reason) => {
        this.close = { code, reason: reason.toString() };
        for (const entry of this.#mine) entry.inFlight = false;
        this.#greeted = false;
        this.#wake();
        resolve();
      });
    });
    return Promise.race([this.#closed, this.until(() => this.#greeted)]);
  }

  /** Resolves when the socket has closed. */
  async whenClosed(): Promise<void> {
    await this.#closed;
  }

  /** Leaves a connection on which nothing comes any more, as a client does whose ping is not answered. */
  giveUp(): void {
    this.#ws?.terminate();
  }

  /** Resolves when `test` holds; it is asked after every frame. */
  until(test: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!test()) return;
        this.#waits.delete(look);
        resolve();
      };
      this.#waits.add(look);
      look();
    });
  }

  #wake(): void {
    for (const look of this.#waits) look();
  }

  #frame(frame: ServerFrame): void {
    const { visitor } = this;
    visitor.load.count("frames");
    switch (frame.kind) {
      case "Welcome":
        visitor.token = frame.token;
        visitor.sids.add(frame.sid);
        this.#greeted = true;
        if (this.#asked) this.#asked.answered = false;
        this.#writeAgain();
        break;
      case "Message":
        this.received.push(frame);
        this.#note(frame);
        break;
      case "Ack": {
        const entry = visitor.sent.get(frame.id);
        if (entry) {
          entry.acks += 1;
          entry.inFlight = false;
        } else visitor.unexpected.push(frame);
        visitor.load.count("acks");
        this.#think();
        break;
      }
      case "Refused":
        this.refused.push(frame);
        if (this.#asked) this.#asked.answered = false;
        this.#think();
        break;
      case "Nack":
        if (frame.code !== "busy") visitor.unexpected.push(frame);
        // One sending again for all that is told so meanwhile.
        else this.#again ??= setTimeout(() => this.#writeAgain(), frame.retryAfter ?? 0);
        break;
      case "Turn":
        this.lastTurn = frame;
        this.#think();
        break;
      default:
        visitor.unexpected.push(frame);
    }
    this.#wake();
  }

  #writeAgain(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    for (const entry of this.unacked) this.#write(entry);
  }

  #note({ seq, message }: MessageFrame): void {
    if (message.kind === "ChoiceRequest" || message.kind === "StartChatSession") {
      this.#asked = { message, seq, answered: false };
    } else if (message.kind !== "BotText") this.#asked = undefined;
  }

  #think(): void {
    const { thinks } = this.visitor.options;
    if (thinks === undefined) return this.#act();
    this.#thinking ??= setTimeout(() => {
      this.#thinking = undefined;
      this.#act();
    }, thinks);
  }

  /** Says the next thing, unless something of this tab is still unacknowledged. */
  #act(): void {
    const { load, options } = this.visitor;
    const { random } = load;
    if (load.stopping || !this.#greeted || this.unacked.length > 0) return;
    if (options.resets && random.chance(0.03)) return this.say({ kind: "ResetSession" });
    // Two under way at once, in their order.
    if (random.chance(0.04)) this.setNothing();
    if (random.chance(0.05)) return this.say({ kind: "ChoiceResponse", groupId: "lang", itemId: "none" });
    const asked = this.#asked;
    if (!asked || asked.answered) return;
    asked.answered = true;
    if (asked.message.kind === "ChoiceRequest") {
      const { groupId, choices } = asked.message;
      const itemId = groupId === "others" ? "yes" : random.pick(choices).itemId;
      const re = random.chance(0.05) ? asked.seq - 1 : asked.seq;
      this.say({ kind: "ChoiceResponse", groupId, itemId }, random.chance(0.5) ? re : undefined);
    } else if (asked.message.kind === "StartChatSession") {
      const { sessionId } = asked.message;
      this.say({ kind: "UserText", sessionId, content: `text ${this.#ids} of ${this.name} <&"é` });
    }
  }

  say(message: ResponseMessage, re?: number): void {
    this.#send({ kind: "Send", id: this.#id(), message, ...(re !== undefined && { re }) });
  }

  /** An input that says nothing: the page has no values. @returns its id */
  setNothing(): string {
    const id = this.#id();
    this.#send({ kind: "SetVariables", id, values: {} });
    return id;
  }

  #id(): string {
    return `${this.name}-${this.#ids++}`;
  }

  /** Sends something new, and now and then again: on this socket, on another at once, or something from before. */
  #send(frame: Sent["frame"]): void {
    const { visitor } = this;
    const { random } = visitor.load;
    const entry: Sent = { frame, sends: 0, acks: 0, inFlight: false, stored: false, givenUp: false };
    visitor.sent.set(frame.id, entry);
    this.#mine.push(entry);
    this.#write(entry);
    if (random.chance(0.1)) this.#write(entry);
    if (random.chance(0.1)) random.pick(visitor.tabs).#write(entry);
    if (random.chance(0.1)) this.#write(random.pick(this.#mine));
  }

  #write(entry: Sent): void {
    if (!this.#greeted || entry.givenUp || this.#ws?.readyState !== WebSocket.OPEN) return;
    entry.sends += 1;
    entry.inFlight = entry.acks === 0;
    this.#ws.send(JSON.stringify(entry.frame));
    this.visitor.load.count("sent");
  }
}

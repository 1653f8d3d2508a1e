import type { ResponseMessage } from "@parley/shared/message";
import { CLOSE, FINAL_CLOSES, retryAfter } from "@parley/shared/protocol/close-codes";
import {
  type After,
  type ClientFrame,
  type Nack,
  type NackCode,
  type Send,
  SUBPROTOCOL,
} from "@parley/shared/protocol/v1";
import { type Incoming, parseFrame } from "./guards.js";
import { PageVariables } from "./page-variables.js";
import type { Store } from "./storage.js";
import { voidToken } from "./void-token.js";

/** What of a `WebSocket` is used. */
export type Socket = Pick<WebSocket, "onopen" | "onmessage" | "onclose" | "send" | "close">;

/** `closed`: the server said that coming back makes no sense. */
export type Status = "connecting" | "connected" | "offline" | "closed";

export type ConnectionPorts = {
  readonly connect: (url: string, protocol: string) => Socket;
  readonly setTimeout: (run: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** A new message id, as `CLIENT_ID` allows. */
  readonly newId: () => string;
};

export type ConnectionEvents = {
  readonly status: (status: Status) => void;
  readonly frame: (frame: Incoming) => void;
  /** The place to resume from; asked at each connect. */
  readonly after: () => After | undefined;
  /** The page's address without query, told where a conversation begins. */
  readonly page?: () => string;
  /** What is shown is not this visitor's any more. It connects again by itself, unless it is closed now. */
  readonly forgotten: () => void;
  readonly error: (code: string, detail: string) => void;
  readonly trace?: (direction: "in" | "out", text: string) => void;
};

/** Only these are tried again: a code of a newer server must not be asked about for ever. */
const PASSING_NACKS: ReadonlySet<NackCode> = new Set<NackCode>(["rate-limited", "busy"]);
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const WELCOME_WITHIN = 15_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/**
 * One session's connection: it resumes, and sends what the server has not acknowledged again, with the same ids and in
 * order, until it is taken or refused for good. Nothing sent is lost by a lost network.
 */
export class Connection {
  #socket: Socket | undefined;
  #welcomed = false;
  #attempts = 0;
  /** The token that this socket is good by. */
  #token: string | undefined;
  /** Who the visitor is to be, until the server has answered; and what of it this socket was asked. */
  #jwt: string | undefined;
  #asked: string | undefined;
  readonly #variables: PageVariables;
  /** One timer each: the next connect, the liveness check, the next sending after a Nack. */
  readonly #timers: { again?: number; alive?: number; resend?: number } = {};

  constructor(
    private readonly url: string,
    private readonly store: Store,
    private readonly ports: ConnectionPorts,
    private readonly events: ConnectionEvents,
  ) {
    this.#variables = new PageVariables(store, ports.newId);
  }

  /** Whether what is sent now goes to the conversation that is shown. */
  get #ready(): boolean {
    return this.#welcomed && this.#jwt === undefined && this.#timers.resend === undefined;
  }

  /** Connects, at once if it was waiting for its next try; nothing if it is connected or on its way. */
  open(): void {
    if (this.#socket) return;
    this.#clear("again");
    this.events.status("connecting");
    let socket: Socket;
    try {
      socket = this.ports.connect(this.url, SUBPROTOCOL);
    } catch (error) {
      // The page itself may not open this address (its policy, or an insecure address on a secure page): no retry helps.
      this.events.status("closed");
      this.events.error("blocked", String(error));
      return;
    }
    this.#socket = socket;
    this.#arm("alive", () => this.#lost("", 0), WELCOME_WITHIN);
    socket.onopen = () => {
      const { token } = this.store;
      const after = this.events.after();
      const page = token ? undefined : this.events.page?.();
      this.#token = token;
      this.#asked = this.#jwt;
      this.#write({
        kind: "Hello",
        ...(token && { token }),
        ...(after && { after }),
        ...(page && { page }),
        ...(this.#jwt !== undefined && { jwt: this.#jwt }),
      });
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#lost(reason, code);
  }

  /** Sends what a visitor did, or keeps it for when that is possible. `re`: the `seq` of what it answers. */
  send(message: ResponseMessage, re?: number): Send {
    const send: Send = { kind: "Send", id: this.ports.newId(), ...(re !== undefined && { re }), message };
    const ready = this.#ready;
    this.store.add(send);
    if (ready) this.#write(send);
    return send;
  }

  /** The visitor types: told while connected, and else of no use. */
  typing(): void {
    if (this.#ready) this.#write({ kind: "Typing" });
  }

  /** Tells the page's values, now or once there is a conversation. */
  setVariables(values: Readonly<Record<string, string>>): void {
    this.#variables.set(values);
    if (this.#ready) this.#writeVariables();
  }

  /** Says who the visitor is: now, or with the next `Hello`. */
  identify(jwt: string): void {
    this.#jwt = jwt;
    if (this.#welcomed) this.#identify();
  }

  /** Forgets the session here and voids its token on the server. */
  signOut(): void {
    const { token } = this.store;
    this.close();
    this.#jwt = undefined;
    this.#variables.forget();
    this.store.forget();
    if (token !== undefined) voidToken(this.url, token, this.ports);
  }

  /** Closes and connects again, to resume from `after` as it is now. */
  reconnect(): void {
    this.close();
    this.open();
  }

  /** Closes for now; `open` resumes. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#welcomed = false;
    for (const name of ["again", "alive", "resend"] as const) this.#clear(name);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** Finds out now whether the server is there: the network, or the machine after its sleep, has said something. */
  check(): void {
    if (this.#welcomed) this.#ping();
  }

  /** Another tab has changed what is stored: its session is this one's too. */
  stored(): void {
    const { token } = this.store;
    if (!this.#socket || token === this.#token) return;
    const gone = !sameSession(token, this.#token);
    this.reconnect();
    if (gone) this.events.forgotten();
  }

  #receive(data: unknown): void {
    this.events.trace?.("in", String(data));
    this.#arm("alive", () => this.#ping(), PING_EVERY);
    const parsed = parseFrame(data);
    if ("wrong" in parsed) this.events.error("bad-frame", `The server sent ${parsed.wrong}.`);
    if (!("frame" in parsed)) return;
    const { frame } = parsed;
    if (frame.kind === "Pong") return;
    if (frame.kind === "Nack" && this.#nacked(frame)) return;
    if (frame.kind === "Ack" && !this.#variables.acked(frame.id)) this.store.remove(frame.id);
    if (frame.kind !== "Welcome") return this.events.frame(frame);
    // Of a conversation that begins with this, nothing was seen before, however much the bot has said by now.
    const latest = this.#token === undefined ? 0 : frame.latest;
    this.#welcome(frame.sid, frame.token);
    this.events.frame({ ...frame, latest });
  }

  /** Whether that was all: it is tried again, or was no message of the visitor. */
  #nacked({ id, code, retryAfter: asked }: Nack): boolean {
    if (PASSING_NACKS.has(code)) {
      const wait = asked ?? 1_000 + this.ports.random() * 2_000;
      this.#arm("resend", () => this.#resend(), Math.min(wait, LONGEST_WAIT));
      return true;
    }
    if (code === "not-identified") {
      this.#jwt = undefined;
      this.events.error(code, "The server does not take this identity.");
      if (this.#welcomed) this.#resend();
      return true;
    }
    this.events.error(code, "The server did not take a message.");
    if (this.#variables.refused(id)) return true;
    this.store.remove(id);
    return false;
  }

  #welcome(sid: string, token: string): void {
    // Another session than the one asked for: what waits to be sent belongs to a conversation that is gone.
    if (this.store.token !== undefined && !sameSession(this.store.token, token)) this.store.clear();
    this.store.token = this.#token = token;
    this.#welcomed = true;
    this.#attempts = 0;
    this.#variables.of(sid);
    if (this.#asked === this.#jwt) this.#jwt = undefined;
    this.events.status("connected");
    this.#resend();
  }

  #resend(): void {
    this.#clear("resend");
    if (this.#jwt !== undefined) return this.#identify();
    this.#writeVariables();
    for (const send of this.store.outbox) this.#write(send);
  }

  #writeVariables(): void {
    const frame = this.#variables.pending();
    if (frame) this.#write(frame);
  }

  #identify(): void {
    if (this.#jwt === undefined) return;
    this.#asked = this.#jwt;
    this.#write({ kind: "Identify", id: this.ports.newId(), jwt: this.#jwt });
  }

  #ping(): void {
    this.#write({ kind: "Ping" });
    this.#arm("alive", () => this.#lost("", 0), PONG_WITHIN);
  }

  #write(frame: ClientFrame): void {
    const text = JSON.stringify(frame);
    this.events.trace?.("out", text);
    this.#socket?.send(text);
  }

  #lost(reason: string, code: number): void {
    this.close();
    if (code === CLOSE.erased) this.store.clear();
    if (FINAL_CLOSES.has(code)) {
      this.events.status("closed");
      this.events.error(code === CLOSE.erased ? "erased" : "refused", `The server closed the connection (${code}).`);
      return;
    }
    // Void is the token of this socket; another tab may have stored a fresh one of the same session.
    if (code === CLOSE.voided && this.store.token === this.#token) this.store.forget();
    const gone = code === CLOSE.voided && !sameSession(this.store.token, this.#token);
    this.events.status("offline");
    const wait = Math.min(FIRST_WAIT * 2 ** this.#attempts++, LONGEST_WAIT);
    // Half of it at random, so that the visitors of a site do not come back as one.
    this.#arm("again", () => this.open(), retryAfter(reason) ?? wait * (0.5 + this.ports.random() / 2));
    if (gone) this.events.forgotten();
  }

  #arm(name: "again" | "alive" | "resend", run: () => void, ms: number): void {
    this.#clear(name);
    this.#timers[name] = this.ports.setTimeout(run, ms);
  }

  #clear(name: "again" | "alive" | "resend"): void {
    const timer = this.#timers[name];
    if (timer !== undefined) this.ports.clearTimeout(timer);
    delete this.#timers[name];
  }
}

/** Whether two tokens are of one session; of none both. */
const sameSession = (one: string | undefined, other: string | undefined): boolean =>
  one?.split(".")[0] === other?.split(".")[0];

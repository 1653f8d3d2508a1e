import type { ResponseMessage } from "@parley/shared/message";
import { CLOSE, FINAL_CLOSES, retryAfter } from "@parley/shared/protocol/close-codes";
import { type After, type ClientFrame, type NackCode, type Send, SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { type Incoming, parseFrame } from "./guards.js";
import type { Store } from "./storage.js";

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
  /** One timer each: the next connect, the liveness check, the next sending after a Nack. */
  readonly #timers: { again?: number; alive?: number; resend?: number } = {};

  constructor(
    private readonly url: string,
    private readonly store: Store,
    private readonly ports: ConnectionPorts,
    private readonly events: ConnectionEvents,
  ) {}

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
      this.#write({ kind: "Hello", ...(token && { token }), ...(after && { after }) });
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#lost(reason, code);
  }

  /** Sends what a visitor did, or keeps it for when that is possible. `re`: the `seq` of what it answers. */
  send(message: ResponseMessage, re?: number): Send {
    const send: Send = { kind: "Send", id: this.ports.newId(), ...(re !== undefined && { re }), message };
    this.store.add(send);
    if (this.#welcomed && this.#timers.resend === undefined) this.#write(send);
    return send;
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

  #receive(data: unknown): void {
    this.events.trace?.("in", String(data));
    this.#arm("alive", () => this.#ping(), PING_EVERY);
    const parsed = parseFrame(data);
    if ("wrong" in parsed) this.events.error("bad-frame", `The server sent ${parsed.wrong}.`);
    if (!("frame" in parsed)) return;
    const { frame } = parsed;
    if (frame.kind === "Pong") return;
    if (frame.kind === "Welcome") this.#welcome(frame.sid, frame.token);
    if (frame.kind === "Ack") this.store.remove(frame.id);
    if (frame.kind === "Nack") {
      if (PASSING_NACKS.has(frame.code)) {
        const wait = frame.retryAfter ?? 1_000 + this.ports.random() * 2_000;
        this.#arm("resend", () => this.#resend(), Math.min(wait, LONGEST_WAIT));
        return;
      }
      this.store.remove(frame.id);
      this.events.error(frame.code, "The server did not take a message.");
    }
    this.events.frame(frame);
  }

  #welcome(sid: string, token: string): void {
    const known = this.store.token;
    // Another session than the one asked for: what waits to be sent belongs to a conversation that is gone.
    if (known !== undefined && !known.startsWith(`${sid}.`)) this.store.clear();
    this.store.token = token;
    this.#welcomed = true;
    this.#attempts = 0;
    this.events.status("connected");
    this.#resend();
  }

  #resend(): void {
    this.#clear("resend");
    for (const send of this.store.outbox) this.#write(send);
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
    this.events.status("offline");
    const wait = Math.min(FIRST_WAIT * 2 ** this.#attempts++, LONGEST_WAIT);
    // Half of it at random, so that the visitors of a site do not come back as one.
    this.#arm("again", () => this.open(), retryAfter(reason) ?? wait * (0.5 + this.ports.random() / 2));
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

import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BARE_COOKIE } from "@parley/shared/protocol/bare";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import { type Hello, type SignOut, SUBPROTOCOL } from "@parley/shared/protocol/v1";
import type { Logger } from "pino";
import proxyaddr from "proxy-addr";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Config } from "../config.js";
import type { EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import { AddressBook, addressKey, Bucket } from "./address-book.js";
import { hostAllowed, originAllowed } from "./admission.js";
import { Client } from "./client.js";
import { type Door, type Room, Usher } from "./door.js";
import { readBareFrame, readFrame } from "./frames.js";
import { Greeter } from "./greeter.js";
import { Identities } from "./identities.js";
import type { IdentityKeys } from "./identity-keys.js";
import { type InboundContext, refuse, take } from "./inbound.js";
import type { Live, Place } from "./live.js";
import { NotPublishedError, newCookie, Sessions, sha256, sidOfCookie } from "./sessions.js";

/** Pings, handshake times and idle sockets are looked after by this one timer, not by one a socket. */
const SWEEP = 1_000;
const PING = 30_000;
/** Unread chunks of a message; a bound of the library that its types do not list yet. */
const MAX_BUFFERED_CHUNKS = 1024;

export type ProxyOptions = {
  readonly config: Config;
  readonly log: EventLog;
  readonly registry: Pick<Registry, "live" | "last" | "beginning">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly identityKeys: IdentityKeys;
  /** The flow at `/`. */
  readonly defaultFlow: () => string | undefined;
  /** The one way in, at `/preview`; absent: the flows. */
  readonly door?: Door;
};

/** Holds sockets: origin, token, limits, parse, append, acknowledge, deliver. No rule of a flow lives here. */
export class ProxyRole {
  readonly #sessions: Sessions;
  readonly #greeter: Greeter;
  readonly #usher: Usher | undefined;
  readonly #inbound: InboundContext;
  readonly #addresses: AddressBook;
  readonly #clients = new Map<WebSocket, Client>();
  readonly #cookies = new WeakMap<IncomingMessage, string>();
  readonly #server: WebSocketServer;
  readonly #trust: (address: string, hop: number) => boolean;
  #draining = false;
  #lastPing: number;

  constructor(private readonly options: ProxyOptions) {
    const { config, now } = options;
    this.#lastPing = now();
    this.#addresses = new AddressBook(config.limits, now);
    this.#sessions = new Sessions(options);
    this.#inbound = { ...options, addresses: this.#addresses, limits: config.limits };
    const sessions = this.#sessions;
    this.#greeter = new Greeter({
      registry: options.registry,
      sessions,
      identities: new Identities({ ...options, sessions, keys: options.identityKeys, newId: randomUUID }),
      addresses: this.#addresses,
      join: (client, live, after, welcome) => this.#join(client, live, after, welcome),
      refuse: (client, id, code, wait) => refuse(this.#inbound, client, id, code, wait),
    });
    const { door } = options;
    this.#usher = door && new Usher({ door, sessions, join: (...of) => this.#join(...of) });
    this.#trust = (_address, hop) => hop < config.trustProxy;
    const { fragments: maxFragments, closeTimeout } = config.socket;
    const wsBounds = { maxFragments, closeTimeout, maxBufferedChunks: MAX_BUFFERED_CHUNKS };
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: config.socket.frameBytes,
      ...wsBounds,
      handleProtocols: (asked) => (asked.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.#server.on("headers", (headers, request) => {
      const cookie = this.#cookies.get(request);
      if (cookie !== undefined) headers.push(`Set-Cookie: ${cookie}`);
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#sessions.start(signal);
    const timer = setInterval(() => this.#sweep(), SWEEP);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  get sockets(): number {
    return this.#clients.size;
  }
  /** Sessions that memory holds. */
  get sessions(): number {
    return this.#sessions.held;
  }

  /** Answers an upgrade. Never throws; a refused one gets an HTTP status and one sentence. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroy);
    this.#upgrade(request, socket as Socket, head).catch((error: unknown) => {
      if (error instanceof NotPublishedError) return this.#reject(socket, 404, "not-published", error.message);
      this.options.logger.warn({ err: error }, "upgrade failed");
      this.#reject(socket, 503, "log-unavailable", "The conversation cannot begin now. Try again.");
    });
  }

  async #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const { config, registry, defaultFlow, now } = this.options;
    if (this.#draining) return this.#reject(socket, 503, "draining", "The server is stopping. Come back soon.");
    if (!hostAllowed(request.headers.host, config)) {
      return this.#reject(socket, 421, "wrong-host", "This server is not known by that name. Set PUBLIC_URL to it.");
    }
    const path = (request.url ?? "/").split("?")[0]!;
    if (this.#usher) return this.#visit(request, socket, head, path);
    const named = /^\/chat\/([a-z0-9][a-z0-9-]{0,63})$/.exec(path)?.[1];
    const flow = named ?? (path === "/" ? defaultFlow() : undefined);
    const version = flow === undefined ? undefined : registry.last(flow);
    if (!flow || !version) return this.#reject(socket, 404, "no-flow", "There is no such flow here.");
    if (!originAllowed(request, version.settings.origins ?? [], config)) {
      return this.#reject(socket, 403, "origin", "This site may not open this conversation.");
    }
    const address = addressKey(proxyaddr(request, this.#trust) ?? "");
    if (!this.#addresses.open(address)) {
      return this.#reject(socket, 429, "too-many-sockets", "Too many connections from one address.");
    }
    let client: Client | undefined;
    try {
      const v1 = (request.headers["sec-websocket-protocol"] ?? "").split(",").some((p) => p.trim() === SUBPROTOCOL);
      const session = v1 ? undefined : await this.#bareSession(request, flow, address);
      if (typeof session === "number") {
        return this.#reject(socket, 429, "too-many-sessions", "Too many new conversations from one address.");
      }
      if (socket.destroyed) return;
      if (this.#draining) return this.#reject(socket, 503, "draining", "The server is stopping. Come back soon.");
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        client = new Client(v1 ? "v1" : "bare", flow, address, ws, socket, now());
        // The one that was just made counts, not one that was good for nothing.
        const cookie = cookieOf(this.#cookies.get(request)) ?? cookieOf(request.headers.cookie);
        if (v1) client.cookie = cookie;
        else if (cookie !== undefined) client.grant = sha256(cookie);
        this.#connected(client, session);
      });
    } finally {
      if (!client) this.#addresses.close(address);
    }
  }

  /** An upgrade at the door: who may is said by the first frame, also by a page in a sandbox, whose origin is `null`. */
  #visit(request: IncomingMessage, socket: Socket, head: Buffer, path: string): void {
    const { config, now } = this.options;
    if (path !== "/preview") return this.#reject(socket, 404, "no-flow", "There is no such flow here.");
    const asked = (request.headers["sec-websocket-protocol"] ?? "").split(",").some((p) => p.trim() === SUBPROTOCOL);
    if (!asked) return this.#reject(socket, 400, "subprotocol", `Ask for the subprotocol ${SUBPROTOCOL}.`);
    // With a list that is not empty no other loopback origin is let in, as it is where a flow has no list.
    if (!originAllowed(request, ["null"], config)) {
      return this.#reject(socket, 403, "origin", "This site may not open this conversation.");
    }
    const address = addressKey(proxyaddr(request, this.#trust) ?? "");
    if (!this.#addresses.open(address)) {
      return this.#reject(socket, 429, "too-many-sockets", "Too many connections from one address.");
    }
    let connected = false;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      connected = true;
      this.#connected(new Client("v1", "", address, ws, socket, now()), undefined);
    });
    if (!connected) this.#addresses.close(address);
  }

  /** Takes the sockets of a session to another, see `Usher.move`. Only with a door. */
  async move(sid: string, to: () => Promise<Room>): Promise<void> {
    await this.#usher!.move(sid, to);
  }

  /** The session of the cookie, or a new one whose first record is durable; a number: too many, wait so many ms. */
  async #bareSession(request: IncomingMessage, flow: string, address: string): Promise<Live | number> {
    const value = cookieOf(request.headers.cookie);
    const found = value === undefined ? undefined : await this.#sessions.find(flow, sidOfCookie(value));
    if (found && !found.conversation.revoked.has(sha256(value!))) return found.live;
    if (found) this.#sessions.release(found.live);
    const wait = this.#addresses.session(address);
    if (wait > 0) return wait;
    const fresh = newCookie();
    const live = await this.#sessions.begin(flow, sidOfCookie(fresh), undefined, request.headers.origin);
    this.#cookies.set(request, this.#cookie(fresh, request));
    return live;
  }

  #cookie(value: string, request: IncomingMessage): string {
    const { config } = this.options;
    const forwarded = config.trustProxy > 0 && request.headers["x-forwarded-proto"] === "https";
    const secure = config.publicUrl ? config.publicUrl.protocol === "https:" : forwarded;
    const httpOnly = config.cookieHttpOnly ? "; HttpOnly" : "";
    return `${BARE_COOKIE}=${value}; Path=/; SameSite=Lax${secure ? "; Secure" : ""}${httpOnly}`;
  }

  #reject(socket: Duplex, status: number, code: string, sentence: string): void {
    this.options.metrics.refusals.inc({ reason: code });
    if (socket.destroyed) return;
    const body = JSON.stringify({ type: "about:blank", title: sentence, status, code });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS[status] ?? "Refused"}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }

  #connected(client: Client, session: Live | undefined): void {
    const { config, metrics, now } = this.options;
    const ws = client.ws;
    this.#clients.set(ws, client);
    metrics.sockets.inc({ protocol: client.protocol });
    if (config.limits) client.frames = new Bucket(config.limits.framesPerSocket, now());
    ws.on("message", this.#onMessage);
    ws.on("pong", this.#onPong);
    ws.on("error", ignore); // The close that follows says all.
    ws.on("close", this.#onClose);
    if (session) this.#join(client, session, undefined, ignore);
  }

  #join(client: Client, live: Live, after: Place | undefined, welcome: (latest: number) => void): void {
    this.#sessions.join(client, live, after, welcome).catch((error: unknown) => {
      this.options.logger.warn({ err: error }, "a conversation could not be read");
      client.close(CLOSE.tryAgain, 1000);
    });
  }

  // One function for all sockets each, so that a socket costs no closures.
  readonly #onMessage = ((proxy: ProxyRole) =>
    function (this: WebSocket, data: RawData, binary: boolean): void {
      const client = proxy.#clients.get(this);
      if (client) proxy.#frame(client, binary ? "" : data.toString());
    })(this);
  readonly #onPong = ((proxy: ProxyRole) =>
    function (this: WebSocket): void {
      const client = proxy.#clients.get(this);
      if (client) client.heard = proxy.options.now();
    })(this);
  readonly #onClose = ((proxy: ProxyRole) =>
    function (this: WebSocket): void {
      proxy.#closed(this);
    })(this);

  #closed(ws: WebSocket): void {
    const client = this.#clients.get(ws);
    if (!client) return;
    this.#clients.delete(ws);
    this.#addresses.close(client.address);
    this.options.metrics.sockets.dec({ protocol: client.protocol });
    const live = client.live;
    if (!live) return;
    live.leave(client);
    this.#sessions.release(live);
  }

  #frame(client: Client, text: string): void {
    const now = this.options.now();
    client.heard = now;
    client.tap?.("in", text);
    if (this.#draining) return;
    const limited = !(client.frames?.take(now) ?? true) || !this.#addresses.frame(client.address);
    if (client.protocol === "bare") this.#bareFrame(client, text, limited);
    else this.#v1Frame(client, text, limited);
  }

  #bareFrame(client: Client, text: string, limited: boolean): void {
    if (limited) {
      this.options.metrics.refusals.inc({ reason: "rate-limited" });
      // This protocol has no word for it: a client that comes back has lost nothing that was recorded.
      return client.close(CLOSE.tooMany, 1000);
    }
    const message = readBareFrame(text, this.options.config.socket);
    if ("bad" in message) return refuse(this.#inbound, client, "", message.bad);
    if (client.live) void this.#take(client, client.live, { id: randomUUID(), message });
  }

  #v1Frame(client: Client, text: string, limited: boolean): void {
    const frame = readFrame(text, this.options.config.socket);
    if (!client.greeted) {
      if ("bad" in frame || (frame.kind !== "Hello" && frame.kind !== "SignOut")) return client.close(CLOSE.badHello);
      client.greeted = true;
      if (this.#usher) return void this.#enter(client, frame);
      const greeted =
        frame.kind === "Hello" ? this.#greeter.hello(client, frame) : this.#greeter.signOut(client, frame);
      greeted.catch((error: unknown) => this.#lost(client, error));
      return;
    }
    if ("bad" in frame) return refuse(this.#inbound, client, frame.id, frame.bad);
    if (frame.kind === "Ping") return client.send({ kind: "Pong" });
    if (frame.kind === "Hello" || frame.kind === "SignOut") return refuse(this.#inbound, client, "", "bad-message");
    if (limited) return refuse(this.#inbound, client, frame.id, "rate-limited", 1000);
    // Before the Welcome there is nothing to answer: the client sends it again.
    if (!client.live) return refuse(this.#inbound, client, frame.id, "busy", 200);
    const { id } = frame;
    if (client.inert || (this.#usher && frame.kind === "Identify")) {
      return refuse(this.#inbound, client, id, "bad-message");
    }
    if (frame.kind === "Identify") {
      this.#greeter.identify(client, frame).catch((error: unknown) => this.#lost(client, error));
    } else if (frame.kind === "SetVariables") {
      const message = { kind: "SetVariables" as const, values: { ...frame.values } };
      void this.#take(client, client.live, { id, message });
    } else {
      const re = frame.re === undefined ? {} : { re: frame.re };
      void this.#take(client, client.live, { id, message: frame.message, ...re });
    }
  }

  /** Closes the sockets of a session that is no more. */
  closeSession(sid: string): void {
    for (const client of this.#sessions.at(sid)?.clients ?? []) client.close(CLOSE.erased);
  }

  async #enter(client: Client, hello: Hello | SignOut): Promise<void> {
    try {
      const entered = hello.kind === "Hello" && (await this.#usher!.enter(client, hello));
      if (!entered) client.close(CLOSE.erased);
    } catch (error) {
      this.#lost(client, error);
    }
  }

  /** The log did not answer for certain: the client comes back and finds out. */
  #lost(client: Client, error: unknown): void {
    if (error instanceof NotPublishedError) return client.close(CLOSE.notPublished);
    this.options.logger.warn({ err: error }, "a session could not begin");
    client.close(CLOSE.tryAgain, 1000);
  }

  async #take(client: Client, live: Live, input: Parameters<typeof take>[3]): Promise<void> {
    try {
      await take(this.#inbound, client, live, input);
    } catch (error) {
      this.options.logger.warn({ err: error }, "a message could not be taken");
      client.close(CLOSE.tryAgain, 1000);
    }
  }

  #sweep(): void {
    const now = this.options.now();
    const { handshake, idle } = this.options.config.socket;
    const ping = now - this.#lastPing >= PING;
    if (ping) this.#lastPing = now;
    for (const client of this.#clients.values()) {
      if (client.protocol === "v1" && !client.greeted && now - client.heard > handshake) {
        client.close(CLOSE.badHello);
      } else if (now - client.heard > idle) client.ws.terminate();
      else if (ping) client.ws.ping();
    }
    this.#sessions.sweep();
    this.#addresses.sweep();
  }

  /** Takes no more upgrades and frames. */
  stopTaking(): void {
    this.#draining = true;
  }

  /** Closes every socket with "come back", the times spread over `jitter` ms; resolves when all are closed. */
  async closeAll(jitter: number, deadline: number): Promise<void> {
    const closed = [...this.#clients.values()].map(
      (client) =>
        new Promise<void>((resolve) => {
          client.ws.once("close", () => resolve());
          client.close(CLOSE.restart, this.options.random() * jitter);
        }),
    );
    const timer = setTimeout(() => {
      for (const client of this.#clients.values()) client.ws.terminate();
    }, deadline);
    await Promise.all(closed);
    clearTimeout(timer);
  }
}

const ignore = (): void => undefined;
function destroy(this: Duplex): void {
  this.destroy();
}

const STATUS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  421: "Misdirected Request",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

/** The session cookie's value, if the header has one of the right form. */
function cookieOf(header: string | undefined): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${BARE_COOKIE}=([0-9a-f]{40})(?:;|$)`).exec(header ?? "");
  return match?.[1];
}

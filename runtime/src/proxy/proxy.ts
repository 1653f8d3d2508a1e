import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import type { Config } from "../config.js";
import type { Descriptors } from "../descriptors.js";
import type { Cursor, EventLog } from "../log/event-log.js";
import { hearTyping } from "../log/typing-signals.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import type { Tracer } from "../tracing/tracer.js";
import { AddressBook, Bucket } from "./address-book.js";
import type { Client } from "./client.js";
import { type Door, type Room, Usher } from "./door.js";
import { FrameDesk } from "./frame-desk.js";
import { Greeter } from "./greeter.js";
import { Identities } from "./identities.js";
import type { IdentityKeys } from "./identity-keys.js";
import { type InboundContext, refuse } from "./inbound.js";
import type { Live, Place } from "./live.js";
import { Sessions } from "./sessions.js";
import { Upgrades } from "./upgrades.js";

/** Pings, handshake times and idle sockets are looked after by this one timer, not by one a socket. */
const SWEEP = 1_000;
const PING = 30_000;

export type ProxyOptions = {
  readonly config: Config;
  readonly log: EventLog;
  readonly registry: Pick<Registry, "live" | "last" | "beginning">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly identityKeys: IdentityKeys;
  /** There is no room for a conversation that begins. Absent: there always is. */
  readonly full?: () => boolean;
  /** Absent: whoever comes is let in as far as descriptors are concerned. */
  readonly descriptors?: Descriptors;
  /** The flow at `/`. */
  readonly defaultFlow: () => string | undefined;
  /** The one way in, at `/preview`; absent: the flows. */
  readonly door?: Door;
  readonly tracer?: Tracer | undefined;
};

/** Holds sockets, from the upgrade to the close. No rule of a flow lives here. */
export class ProxyRole {
  readonly #sessions: Sessions;
  readonly #upgrades: Upgrades;
  readonly #desk: FrameDesk;
  readonly #usher: Usher | undefined;
  readonly #addresses: AddressBook;
  readonly #clients = new Map<WebSocket, Client>();
  /** Of connections in log lines: two processes have different ones. */
  readonly #name: string;
  #connections = 0;
  #draining = false;
  #lastPing: number;

  constructor(private readonly options: ProxyOptions) {
    const { config, now } = options;
    this.#lastPing = now();
    this.#name = Math.floor(options.random() * 2 ** 32).toString(36);
    this.#addresses = new AddressBook(config.limits, now);
    options.descriptors?.counts(() => this.#addresses.sockets);
    this.#sessions = new Sessions(options);
    const [sessions, addresses] = [this.#sessions, this.#addresses];
    const connection = (client: Client) => this.#connection(client);
    const inbound: InboundContext = { ...options, addresses, limits: config.limits, connection };
    const greeter = new Greeter({
      registry: options.registry,
      sessions,
      identities: new Identities({ ...options, sessions, keys: options.identityKeys, newId: randomUUID }),
      addresses,
      join: (...of) => this.#join(...of),
      refuse: (...of) => refuse(inbound, ...of),
    });
    const { door } = options;
    this.#usher = door && new Usher({ door, sessions, join: (...of) => this.#join(...of) });
    this.#desk = new FrameDesk({ ...options, inbound, greeter, usher: this.#usher });
    this.#upgrades = new Upgrades({
      ...options,
      sessions,
      addresses,
      preview: door !== undefined,
      draining: () => this.#draining,
      connected: (...of) => this.#connected(...of),
    });
  }

  start(signal: AbortSignal): void {
    this.#sessions.start(signal);
    const timer = setInterval(() => this.#sweep(), SWEEP);
    const deaf = hearTyping(this.options.log, (sid, typing) => {
      if (typing.who === "person") this.#sessions.at(sid)?.personTypes(typing.name);
    });
    const end = () => {
      clearInterval(timer);
      deaf();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  get sockets(): number {
    return this.#clients.size;
  }
  /** Sessions that memory holds. */
  get sessions(): number {
    return this.#sessions.held;
  }
  /** Sockets that much of what was written to has not left. */
  get lagging(): number {
    let lagging = 0;
    for (const client of this.#clients.values()) if (client.lagging) lagging += 1;
    return lagging;
  }
  /** How far the partitions are read that have sessions here. */
  get places(): ReadonlyMap<number, Cursor> {
    return this.#sessions.places;
  }

  /** Answers an upgrade. Never throws; a refused one gets an HTTP status and one sentence. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrades.take(request, socket, head);
  }

  /** Takes the sockets of a session to another, see `Usher.move`. Only with a door. */
  async move(sid: string, to: () => Promise<Room>): Promise<void> {
    await this.#usher!.move(sid, to);
  }

  #connected(client: Client, session: Live | undefined): void {
    const { config, metrics, now } = this.options;
    const ws = client.ws;
    this.#clients.set(ws, client);
    metrics.sockets.inc({ protocol: client.protocol });
    client.number = ++this.#connections;
    const { protocol, flow } = client;
    this.options.logger.debug({ conn: this.#connection(client), protocol, flow }, "connected");
    if (config.limits) client.frames = new Bucket(config.limits.framesPerSocket, now());
    ws.on("message", this.#onMessage);
    ws.on("pong", this.#onPong);
    ws.on("error", ignore); // The close that follows says all.
    ws.on("close", this.#onClose);
    if (session) this.#join(client, session, undefined, ignore);
  }

  #connection(client: Client): string {
    return `${this.#name}-${client.number}`;
  }

  #join(client: Client, live: Live, after: Place | undefined, welcome: (latest: number) => void): void {
    this.#sessions.join(client, live, after, welcome).catch((error: unknown) => {
      this.options.logger.warn({ err: error, conn: this.#connection(client) }, "a conversation could not be read");
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
    const { metrics, logger } = this.options;
    const reason = client.ending ?? "gone";
    metrics.sockets.dec({ protocol: client.protocol });
    metrics.closes.inc({ reason });
    logger.debug({ conn: this.#connection(client), reason }, "disconnected");
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
    this.#desk.frame(client, text, limited);
  }

  /** Closes the sockets of a session that is no more. */
  closeSession(sid: string): void {
    for (const client of this.#sessions.at(sid)?.clients ?? []) client.close(CLOSE.erased);
  }

  #sweep(): void {
    const now = this.options.now();
    const { handshake, idle } = this.options.config.socket;
    const ping = now - this.#lastPing >= PING;
    if (ping) this.#lastPing = now;
    for (const client of this.#clients.values()) {
      if (client.protocol === "v1" && !client.greeted && now - client.heard > handshake) {
        client.close(CLOSE.badHello);
      } else if (now - client.heard > idle) {
        client.ending ??= "idle";
        client.ws.terminate();
      } else if (ping) client.ws.ping();
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

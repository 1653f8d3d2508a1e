import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Right } from "@parley/shared/api/access";
import { CONVERSATION_ID } from "@parley/shared/api/conversations";
import {
  type Happened,
  type OpenInbox,
  type ReadUpTo,
  STUDIO_CLOSE,
  STUDIO_SUBPROTOCOL,
  type StudioClientFrame,
  type StudioServerFrame,
  type VisitorTyping,
  type Watch,
} from "@parley/shared/api/socket";
import type { Holder } from "@parley/shared/session/conversation";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { type WebSocket, WebSocketServer } from "ws";
import type { Config } from "../config.js";
import type { InboxDesk } from "../operators/inbox.js";
import { Bucket } from "../proxy/address-book.js";
import { hostAllowed } from "../proxy/admission.js";
import { refuseUpgrade } from "../proxy/refuse-upgrade.js";
import type { StudioEvent, StudioEvents } from "./events.js";
import { PresenceBook, type Tab } from "./presence.js";
import { mayIn, rightsOf } from "./rights.js";
import { hashOf, newId } from "./secrets.js";
import { type SiteConfig, sessionCookie, siteOf } from "./site.js";
import type { StudioStore } from "./store.js";

export type SocketOptions = {
  readonly config: Pick<Config, "publicUrl" | "studioUrl">;
  readonly site: SiteConfig;
  readonly store: StudioStore;
  readonly events: StudioEvents;
  /** What people see who answer conversations; there once the log is followed. */
  readonly inbox: () => Pick<InboxDesk, "open" | "close" | "read"> | undefined;
  /** Tells a tab what happens in a conversation, until the signal aborts; one that is not there, nothing. */
  readonly watch: (
    flow: string,
    conversation: string,
    tell: (frame: Happened | VisitorTyping) => void,
    signal: AbortSignal,
  ) => void;
  /** The person who has a conversation, and goes by this name there, types. */
  readonly types: (conversation: string, name: string) => void;
  readonly now: () => number;
  readonly random: () => number;
};

const closed = { additionalProperties: false };
const Frame = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("Look"),
      flow: Type.Optional(Type.String({ maxLength: 64 })),
      step: Type.Optional(Type.String({ maxLength: 200 })),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("Watch"),
      flow: Type.Optional(Type.String({ maxLength: 64 })),
      conversation: Type.Optional(Type.String({ maxLength: 50 })),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("Typing") }, closed),
  Type.Object({ kind: Type.Literal("OpenInbox"), on: Type.Boolean() }, closed),
  Type.Object(
    {
      kind: Type.Literal("ReadUpTo"),
      conversation: Type.String({ pattern: CONVERSATION_ID.source }),
      seq: Type.Integer({ minimum: 1 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("Ping") }, closed),
]);

const FRAMES_PER_SECOND = 20;
const SOCKETS_PER_SESSION = 50;
/** What comes more often of one tab's typing is not told, ms. */
const TYPING_EVERY = 2_000;
const IDLE = 90_000;
const PING = 30_000;
/** So often it is asked whether another process changed who may enter, ms. */
const LOOK = 1_000;
/** What another process cannot tell: a session that nobody has used for twelve hours. */
const CHECK = 60_000;
const WS_LIMITS = { maxFragments: 64, maxBufferedChunks: 1024, closeTimeout: 5_000 };
/** A reader this far behind, in bytes, is closed; what it missed it can read again. */
const MAX_BUFFERED = 1024 * 1024;

type Client = Tab & {
  readonly ws: WebSocket;
  readonly session: string;
  readonly frames: Bucket;
  heard: number;
  /** What it watches: ended by `end`; who has it, as told last. */
  watching:
    | {
        readonly end: AbortController;
        readonly flow: string;
        readonly conversation: string;
        holder: Holder | undefined;
      }
    | undefined;
  /** When it was last told that its person types, ms. */
  typed: number;
};

/** The studio's socket: who has which flow open, and what was saved. By cookie, from the server's own pages only. */
export class StudioSocket {
  readonly #book = new PresenceBook();
  readonly #clients = new Map<WebSocket, Client>();
  readonly #server: WebSocketServer;
  #draining = false;

  constructor(private readonly options: SocketOptions) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: 4 * 1024,
      ...WS_LIMITS,
      handleProtocols: (asked) => (asked.has(STUDIO_SUBPROTOCOL) ? STUDIO_SUBPROTOCOL : false),
    });
  }

  /** Whether this person has a tab connected. */
  connected(person: string): boolean {
    for (const { user } of this.#book.tabs) if (user === person) return true;
    return false;
  }

  /** Whether this tab is connected. */
  has(tab: string): boolean {
    return this.#book.find(tab) !== undefined;
  }

  /** Tells one tab, if it is connected. */
  tell(tab: string, frame: StudioServerFrame): void {
    this.#book.find(tab)?.send(frame);
  }

  start(signal: AbortSignal): void {
    const { store, events } = this.options;
    const off = events.on((event) => this.#notify(event));
    let seen = store.outsideChanges;
    let last = this.options.now();
    let pinged = last;
    const timer = setInterval(() => {
      const now = this.options.now();
      const changes = store.outsideChanges;
      if (changes !== seen || now - last >= CHECK) {
        [seen, last] = [changes, now];
        this.#checkSessions();
      }
      for (const client of this.#clients.values()) if (now - client.heard > IDLE) client.ws.terminate();
      if (now - pinged < PING) return;
      pinged = now;
      for (const client of this.#clients.values()) client.ws.ping();
    }, LOOK);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(timer);
        off();
      },
      { once: true },
    );
  }

  /** Answers an upgrade at `/api/socket`. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const { config, store } = this.options;
    if (request.url?.split("?")[0] !== "/api/socket") {
      return void refuseUpgrade(socket, 404, "not-found", "There is nothing at this address.");
    }
    if (this.#draining) return void refuseUpgrade(socket, 503, "draining", "The server is stopping. Come back soon.");
    if (!hostAllowed(request.headers.host, config)) {
      return void refuseUpgrade(
        socket,
        421,
        "wrong-host",
        "This server is not known by that name. Set PUBLIC_URL to it.",
      );
    }
    const site = siteOf(request, this.options.site);
    const secret = sessionCookie(request, site);
    const session = secret === undefined ? undefined : store.sessions.find(hashOf(secret));
    if (!session) return void refuseUpgrade(socket, 401, "not-signed-in", "Sign in first.");
    if (request.headers.origin !== site.origin) {
      return void refuseUpgrade(socket, 403, "foreign-origin", "This has to come from the studio's own page.");
    }
    const asked = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
    if (!asked.includes(STUDIO_SUBPROTOCOL)) {
      return void refuseUpgrade(socket, 400, "bad-request", `Ask for the subprotocol ${STUDIO_SUBPROTOCOL}.`);
    }
    const open = [...this.#clients.values()].filter((client) => client.session === session.hash).length;
    if (open >= SOCKETS_PER_SESSION) return void refuseUpgrade(socket, 429, "too-many-requests", "Too many open tabs.");
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#connected(ws, session.hash, session.person));
  }

  #connected(ws: WebSocket, session: string, { id: user, name }: { id: string; name: string }): void {
    const now = this.options.now();
    const client: Client = {
      id: newId(),
      user,
      name,
      ws,
      session,
      frames: new Bucket(FRAMES_PER_SECOND, now),
      heard: now,
      watching: undefined,
      typed: 0,
      send: (frame: StudioServerFrame) => {
        if (ws.bufferedAmount > MAX_BUFFERED) ws.terminate();
        else ws.send(JSON.stringify(frame));
      },
    };
    this.#clients.set(ws, client);
    this.#book.join(client);
    client.send({ kind: "Welcome", tab: client.id });
    this.options.events.emit({ kind: "people" });
    ws.on("message", (data, binary) => this.#frame(client, binary ? "" : data.toString()));
    ws.on("pong", () => {
      client.heard = this.options.now();
    });
    ws.on("error", () => undefined); // The close that follows says all.
    ws.on("close", () => {
      this.#clients.delete(ws);
      client.watching?.end.abort();
      this.options.inbox()?.close(client);
      this.#book.leave(client);
      this.options.events.emit({ kind: "people", left: client.user });
    });
  }

  #frame(client: Client, text: string): void {
    const now = this.options.now();
    client.heard = now;
    if (!client.frames.take(now)) return client.ws.close(STUDIO_CLOSE.tooMany, "retry-after=1000");
    const frame = readFrame(text);
    if (!frame) return client.ws.close(STUDIO_CLOSE.badFrame);
    if (frame.kind === "Ping") return client.send({ kind: "Pong" });
    if (frame.kind === "Watch") return this.#watch(client, frame);
    if (frame.kind === "Typing") return this.#types(client, now);
    if (frame.kind === "OpenInbox" || frame.kind === "ReadUpTo") return this.#inbox(client, frame);
    // A flow that is not there is as none.
    const known =
      frame.flow !== undefined &&
      this.options.store.flows.get(frame.flow) !== undefined &&
      this.#may(client, "flows:read", frame.flow);
    this.#book.look(client, known ? frame.flow : undefined, known ? frame.step : undefined);
  }

  #watch(client: Client, { flow, conversation }: Watch): void {
    client.watching?.end.abort();
    client.watching = undefined;
    if (flow === undefined || conversation === undefined || !this.#may(client, "conversations:read", flow)) return;
    const watching: NonNullable<Client["watching"]> = {
      end: new AbortController(),
      flow,
      conversation,
      holder: undefined,
    };
    client.watching = watching;
    const tell = (frame: Happened | VisitorTyping) => {
      if (frame.kind === "Happened") watching.holder = frame.holder;
      client.send(frame);
    };
    this.options.watch(flow, conversation, tell, watching.end.signal);
  }

  /** Only who has the conversation types in it, and the visitor knows him by the name he took it under. */
  #types(client: Client, now: number): void {
    const { watching } = client;
    if (!watching || watching.holder?.by !== `person:${client.name}` || watching.holder.name === undefined) return;
    if (now - client.typed < TYPING_EVERY || !this.#may(client, "conversations:answer", watching.flow)) return;
    client.typed = now;
    this.options.types(watching.conversation, watching.holder.name);
  }

  /** @param flow undefined: in any */
  #may(client: Client, right: Right, flow?: string): boolean {
    const person = this.options.store.sessions.find(client.session)?.person;
    if (!person) return false;
    return flow === undefined ? rightsOf(person).includes(right) : mayIn(person, right, flow);
  }

  /** Tells every tab whose person may see the flow. */
  #tellOf(flow: string, frame: StudioServerFrame): void {
    for (const client of this.#clients.values()) if (this.#may(client, "flows:read", flow)) client.send(frame);
  }

  #inbox(client: Client, frame: OpenInbox | ReadUpTo): void {
    const inbox = this.options.inbox();
    if (!inbox || !this.#may(client, "conversations:answer")) return;
    if (frame.kind === "ReadUpTo") inbox.read(client.user, frame.conversation.slice(0, 40), frame.seq);
    else if (frame.on) inbox.open(client);
    else inbox.close(client);
  }

  #notify(event: StudioEvent): void {
    if (event.kind === "people") return;
    if (event.kind === "access") return this.#checkSessions();
    if (event.kind === "flow") return this.#tellOf(event.flow, { kind: "FlowsChanged", flow: event.flow });
    if (event.kind === "conversations") {
      return this.#tellOf(event.flow, { kind: "ConversationsChanged", flow: event.flow });
    }
    const { flow, etag, by, tab } = event;
    for (const one of this.#book.at(flow)) {
      one.send({ kind: "DraftSaved", flow, etag, by, ...(tab === undefined ? {} : { tab }) });
    }
  }

  /** Closes the sockets whose session is over. */
  #checkSessions(): void {
    for (const client of this.#clients.values()) {
      if (!this.options.store.sessions.find(client.session)) client.ws.close(STUDIO_CLOSE.signedOut);
    }
  }

  /** Takes no more, and closes every socket with "come back", the times spread over `jitter` ms. */
  async closeAll(jitter: number, deadline: number): Promise<void> {
    this.#draining = true;
    const all = [...this.#clients.values()];
    const timer = setTimeout(() => {
      for (const { ws } of all) ws.terminate();
    }, deadline);
    await Promise.all(
      all.map(({ ws }) => {
        const gone = new Promise((resolve) => ws.once("close", resolve));
        ws.close(STUDIO_CLOSE.restart, `retry-after=${Math.round(this.options.random() * jitter)}`);
        return gone;
      }),
    );
    clearTimeout(timer);
  }
}

function readFrame(text: string): StudioClientFrame | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return Value.Check(Frame, json) ? (json as StudioClientFrame) : undefined;
  } catch {
    return undefined;
  }
}

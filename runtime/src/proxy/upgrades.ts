import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BARE_COOKIE } from "@parley/shared/protocol/bare";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import type { Logger } from "pino";
import proxyaddr from "proxy-addr";
import { WebSocketServer } from "ws";
import type { Config } from "../config.js";
import type { Descriptors } from "../descriptors.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import { type AddressBook, addressKey } from "./address-book.js";
import { hostAllowed, originAllowed } from "./admission.js";
import { Client } from "./client.js";
import type { Live } from "./live.js";
import { refuseUpgrade } from "./refuse-upgrade.js";
import { NoRoomError, NotPublishedError, newCookie, type Sessions, sha256, sidOfCookie } from "./sessions.js";
import { visitOf } from "./visitor.js";

/** Seconds until whoever found no room comes back. */
const FULL_RETRY = 10;
/** Unread chunks of a message; a bound of the library that its types do not list yet. */
const MAX_BUFFERED_CHUNKS = 1024;

export type UpgradeContext = {
  readonly config: Config;
  readonly registry: Pick<Registry, "last">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly sessions: Sessions;
  readonly addresses: AddressBook;
  readonly descriptors?: Descriptors;
  /** The flow at `/`. */
  readonly defaultFlow: () => string | undefined;
  /** The one way in is at `/preview`. */
  readonly preview: boolean;
  /** The server stops: nobody is let in any more. */
  readonly draining: () => boolean;
  /** A socket is open; of the bare protocol with its session. */
  readonly connected: (client: Client, session: Live | undefined) => void;
};

/** Who is let in: host, origin, limits, and on the bare protocol the session of the cookie. */
export class Upgrades {
  readonly #cookies = new WeakMap<IncomingMessage, string>();
  readonly #server: WebSocketServer;
  readonly #trust: (address: string, hop: number) => boolean;

  constructor(private readonly context: UpgradeContext) {
    const { config } = context;
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

  /** Answers an upgrade. Never throws; a refused one gets an HTTP status and one sentence. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroy);
    this.#upgrade(request, socket as Socket, head).catch((error: unknown) => {
      if (error instanceof NotPublishedError) return this.#reject(socket, 404, "not-published", error.message);
      if (error instanceof NoRoomError) return this.#reject(socket, 503, "no-space", error.message, FULL_RETRY);
      this.context.logger.warn({ err: error }, "upgrade failed");
      this.#reject(socket, 503, "log-unavailable", "The conversation cannot begin now. Try again.");
    });
  }

  async #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const { config, registry, defaultFlow, now, preview, draining, connected } = this.context;
    if (draining()) return this.#reject(socket, 503, "draining", "The server is stopping. Come back soon.");
    if (this.context.descriptors?.spent) {
      return this.#reject(socket, 503, "too-many-open", "The server has as many connections as it can.", FULL_RETRY);
    }
    if (!hostAllowed(request.headers.host, config)) {
      return this.#reject(socket, 421, "wrong-host", "This server is not known by that name. Set PUBLIC_URL to it.");
    }
    const path = (request.url ?? "/").split("?")[0]!;
    if (preview) return this.#visit(request, socket, head, path);
    const named = /^\/chat\/([a-z0-9][a-z0-9-]{0,63})$/.exec(path)?.[1];
    const flow = named ?? (path === "/" ? defaultFlow() : undefined);
    const version = flow === undefined ? undefined : registry.last(flow);
    if (!flow || !version) return this.#reject(socket, 404, "no-flow", "There is no such flow here.");
    if (!originAllowed(request, version.settings.origins ?? [], config)) {
      return this.#reject(socket, 403, "origin", "This site may not open this conversation.");
    }
    const address = addressKey(proxyaddr(request, this.#trust) ?? "");
    if (!this.context.addresses.open(address)) {
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
      if (draining()) return this.#reject(socket, 503, "draining", "The server is stopping. Come back soon.");
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        client = new Client(v1 ? "v1" : "bare", flow, address, ws, socket, now());
        // The one that was just made counts, not one that was good for nothing.
        const cookie = cookieOf(this.#cookies.get(request)) ?? cookieOf(request.headers.cookie);
        if (v1) Object.assign(client, { cookie, visit: visitOf(request.headers) });
        else if (cookie !== undefined) client.grant = sha256(cookie);
        connected(client, session);
      });
    } finally {
      if (!client) this.context.addresses.close(address);
    }
  }

  /** An upgrade at the door: who may is said by the first frame, also by a page in a sandbox, whose origin is `null`. */
  #visit(request: IncomingMessage, socket: Socket, head: Buffer, path: string): void {
    const { config, now } = this.context;
    if (path !== "/preview") return this.#reject(socket, 404, "no-flow", "There is no such flow here.");
    const asked = (request.headers["sec-websocket-protocol"] ?? "").split(",").some((p) => p.trim() === SUBPROTOCOL);
    if (!asked) return this.#reject(socket, 400, "subprotocol", `Ask for the subprotocol ${SUBPROTOCOL}.`);
    // With a list that is not empty no other loopback origin is let in, as it is where a flow has no list.
    if (!originAllowed(request, ["null"], config)) {
      return this.#reject(socket, 403, "origin", "This site may not open this conversation.");
    }
    const address = addressKey(proxyaddr(request, this.#trust) ?? "");
    if (!this.context.addresses.open(address)) {
      return this.#reject(socket, 429, "too-many-sockets", "Too many connections from one address.");
    }
    let client: Client | undefined;
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      client = new Client("v1", "", address, ws, socket, now());
      this.context.connected(client, undefined);
    });
    if (!client) this.context.addresses.close(address);
  }

  /** The session of the cookie, or a new one whose first record is durable; a number: too many, wait so many ms. */
  async #bareSession(request: IncomingMessage, flow: string, address: string): Promise<Live | number> {
    const { sessions, addresses } = this.context;
    const value = cookieOf(request.headers.cookie);
    const found = value === undefined ? undefined : await sessions.find(flow, sidOfCookie(value));
    if (found && !found.conversation.revoked.has(sha256(value!))) return found.live;
    if (found) sessions.release(found.live);
    const wait = addresses.session(address);
    if (wait > 0) return wait;
    const fresh = newCookie();
    const live = await sessions.begin(flow, sidOfCookie(fresh), undefined, {
      ...visitOf(request.headers),
      page: request.headers.origin,
    });
    this.#cookies.set(request, this.#cookie(fresh, request));
    return live;
  }

  #cookie(value: string, request: IncomingMessage): string {
    const { config } = this.context;
    const forwarded = config.trustProxy > 0 && request.headers["x-forwarded-proto"] === "https";
    const secure = config.publicUrl ? config.publicUrl.protocol === "https:" : forwarded;
    const httpOnly = config.cookieHttpOnly ? "; HttpOnly" : "";
    return `${BARE_COOKIE}=${value}; Path=/; SameSite=Lax${secure ? "; Secure" : ""}${httpOnly}`;
  }

  /** @param retryAfter seconds */
  #reject(socket: Duplex, status: number, code: string, sentence: string, retryAfter?: number): void {
    this.context.metrics.refusals.inc({ reason: code });
    const requestId = refuseUpgrade(socket, status, code, sentence, retryAfter);
    this.context.logger.debug({ requestId, status, code }, "an upgrade was refused");
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** The session cookie's value, if the header has one of the right form. */
function cookieOf(header: string | undefined): string | undefined {
  const match = new RegExp(`(?:^|;\\s*)${BARE_COOKIE}=([0-9a-f]{40})(?:;|$)`).exec(header ?? "");
  return match?.[1];
}

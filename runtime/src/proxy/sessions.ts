import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { FIRST_ID, type FirstRecord, type LogRecord, RECORD_VERSION } from "@parley/shared/record";
import { Conversation } from "@parley/shared/session/conversation";
import { firstUnits } from "@parley/shared/text";
import type { Logger } from "pino";
import type { Cursor, EventLog } from "../log/event-log.js";
import type { Metrics } from "../metrics.js";
import type { Registry } from "../registry/registry.js";
import type { Tracer } from "../tracing/tracer.js";
import type { Client } from "./client.js";
import { Live, type Place } from "./live.js";
import { Tails } from "./tails.js";
import type { Visit } from "./visitor.js";

/** The flow was taken down: nobody begins a conversation. */
export class NotPublishedError extends Error {
  override readonly name = "NotPublishedError";
}

/** There is too little room for another conversation: later there may be. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/** A session without a frame for this long lets go of its conversation. */
const IDLE = 5_000;

export type SessionsOptions = {
  readonly log: EventLog;
  readonly registry: Pick<Registry, "beginning">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly full?: () => boolean;
  readonly tracer?: Tracer | undefined;
};

/** The sessions with sockets in this process, fed by one durable tail for each partition that they are in. */
export class Sessions {
  readonly #live = new Map<string, Live>();

  readonly #tails: Tails;

  constructor(private readonly options: SessionsOptions) {
    this.#tails = new Tails({
      ...options,
      only: (sid) => this.#live.has(sid),
      push: (record) => this.#push(record),
      lost: (partition) => this.#readAgain(partition),
    });
  }

  /** From here on sessions can be held, until the signal aborts. */
  start(signal: AbortSignal): void {
    this.#tails.start(signal);
  }

  #push(record: LogRecord): void {
    this.#live.get(record.sid)?.push(record);
  }

  /** Records were lost on the way here: what the sessions hold may lack some. */
  #readAgain(partition: number): void {
    for (const live of this.#live.values()) {
      if (this.options.log.partitionOf(live.sid) !== partition) continue;
      live.compact();
      if (live.clients.size > 0) void Promise.resolve(live.conversation()).catch(() => undefined);
    }
  }

  /** Begins a session on the flow's live version; it exists once this resolves. @throws AppendError, NotPublishedError, NoRoomError */
  async begin(flow: string, sid: string, grant: string | undefined, visit: Visit = {}): Promise<Live> {
    const { log, registry, metrics, now } = this.options;
    const beginning = registry.beginning(flow);
    if (!beginning) throw new NotPublishedError("This conversation was taken down.");
    if (this.options.full?.()) throw new NoRoomError("The server has no room for a new conversation now.");
    const { page, language, device } = visit;
    const where = page === undefined ? undefined : pageOf(page);
    const record: FirstRecord = {
      v: RECORD_VERSION,
      sid,
      id: FIRST_ID,
      timestamp: new Date(now()).toISOString(),
      ...beginning,
      ...(grant !== undefined && { grant }),
      ...(where !== undefined && { page: where }),
      ...(language !== undefined && { language }),
      ...(device !== undefined && { device }),
    };
    await this.#tails.need(log.partitionOf(sid));
    // There before the record is: the tail brings it and the first run, perhaps before the append has resolved.
    const live = new Live(sid, this.options, new Conversation());
    this.#live.set(sid, live);
    const begun = log.append([record]);
    live.appending.set(FIRST_ID, begun); // Until then it is in use, though nobody has joined.
    try {
      await begun;
    } catch (error) {
      this.#live.delete(sid);
      throw error;
    } finally {
      live.appending.delete(FIRST_ID);
    }
    metrics.sessions.inc();
    return live;
  }

  /** The session `sid` of this flow, if there is one that may still be used. */
  async find(flow: string, sid: string): Promise<{ live: Live; conversation: Conversation } | undefined> {
    await this.#tails.need(this.options.log.partitionOf(sid));
    const live = this.#live.get(sid) ?? new Live(sid, this.options);
    const known = this.#live.has(sid);
    this.#live.set(sid, live);
    let conversation = await live.conversation();
    if (known && !conversation.beginning) {
      // Begun here, and the tail has not brought it: the log knows.
      live.compact();
      conversation = await live.conversation();
    }
    if (conversation.beginning?.flow === flow && conversation.stopped !== "erased") return { live, conversation };
    if (!known) this.release(live);
    return undefined;
  }

  /** Brings a socket into a session that was begun or found, see `Live.join`. */
  async join(client: Client, live: Live, after: Place | undefined, welcome: (latest: number) => void): Promise<void> {
    const beginning = this.#tails.need(this.options.log.partitionOf(live.sid));
    if (beginning) await beginning;
    let held = this.#live.get(live.sid);
    if (held === undefined) {
      // Another look-up of it has let go of it meanwhile: the tail did not feed it.
      live.compact();
      this.#live.set(live.sid, live);
      held = live;
    }
    return held.join(client, after, welcome);
  }

  /** The session, while this process holds it. */
  at(sid: string): Live | undefined {
    return this.#live.get(sid);
  }

  /** Sessions that memory holds. */
  get held(): number {
    return this.#live.size;
  }

  /** How far the partitions are read that have sessions here. */
  get places(): ReadonlyMap<number, Cursor> {
    return this.#tails.places;
  }

  /** Forgets a session that no socket uses. */
  release(live: Live): void {
    if (live.clients.size === 0 && live.quiet && this.#live.get(live.sid) === live) this.#live.delete(live.sid);
  }

  /** Lets go of what is not in use. Called now and then. */
  sweep(): void {
    const { log, now } = this.options;
    const before = now() - IDLE;
    const used = new Set<number>();
    for (const live of this.#live.values()) {
      if (used.size < log.partitions) used.add(log.partitionOf(live.sid));
      if (live.touched > before || !live.quiet) continue;
      if (live.clients.size === 0) this.release(live);
      else live.compact();
    }
    this.#tails.sweep(used);
  }
}

/** `sid` of a bare cookie: the cookie is the capability, and stands nowhere. */
export const sidOfCookie = (value: string): string => sha256(`bare:${value}`).slice(0, 40);
export const newCookie = (): string => randomBytes(20).toString("hex");
export const newSid = (): string => randomBytes(20).toString("hex");
export const newSecret = (): string => randomBytes(32).toString("base64url");

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const MAX_PAGE = 500;

/** An address as it is kept: scheme, host and path. What stands behind them may be about the visitor. */
export function pageOf(address: string): string | undefined {
  if (address.length > 4 * MAX_PAGE || !/^https?:/i.test(address) || !URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return firstUnits(origin + pathname, MAX_PAGE);
}

/** The two parts of a `parley.v1` token, or undefined when it is none. */
export function readToken(token: string | undefined): { sid: string; secret: string } | undefined {
  const match = /^([0-9a-f]{40})\.([A-Za-z0-9_-]{43})$/.exec(token ?? "");
  return match ? { sid: match[1]!, secret: match[2]! } : undefined;
}

/** Whether one of the session's grants is for this secret. */
export function grants(conversation: Conversation, secret: string): boolean {
  const hash = Buffer.from(sha256(secret));
  let granted = false;
  for (const grant of conversation.grants) {
    const known = Buffer.from(grant);
    if (known.length === hash.length && timingSafeEqual(known, hash)) granted = true;
  }
  return granted;
}

import type { RightsMessage, RightsRecord } from "@parley/shared/record";
import { RECORD_VERSION } from "@parley/shared/record";
import { type Conversation, conversation } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";
import type { IdentityKeys } from "./identity-keys.js";
import { verifyIdentity } from "./jwt.js";
import type { Live } from "./live.js";
import { grants, newSecret, newSid, type Sessions, sha256, sidOfCookie } from "./sessions.js";

/** A session that a token was good for, and that token's hash. */
export type Held = { readonly live: Live; readonly conversation: Conversation; readonly hash: string };
/** A person's session and the fresh token to it; a number: too many new sessions, wait so many ms. */
export type Identified = { readonly live: Live; readonly token: string; readonly hash: string } | number;

/** A person as one flow knows him, and as all flows do. */
export type Identity = { readonly person: string; readonly subject: string };

/** The same for one person in every flow: nothing stands under it, so that it opens nothing. */
export const subjectOf = (issuer: string, subject: string): string =>
  sha256(`subject:${JSON.stringify([issuer, subject])}`).slice(0, 40);

/** The name of a person's `Link` records: nobody who has not the person's number finds it. */
export const sidOfPerson = (flow: string, issuer: string, subject: string): string =>
  sha256(`person:${JSON.stringify([flow, issuer, subject])}`).slice(0, 40);

/** Whose conversation it is: signed identities, fresh tokens for void ones. All of it is records of the log. */
export class Identities {
  /** One at a time for each person, so that two devices do not begin two conversations. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly options: {
      readonly log: EventLog;
      readonly logger: Logger;
      readonly keys: IdentityKeys;
      readonly sessions: Sessions;
      readonly now: () => number;
      readonly newId: () => string;
    },
  ) {}

  /** The person that a token names, or undefined. Why not is said in the log, and to no client. */
  async person(flow: string, jwt: string): Promise<Identity | undefined> {
    const { keys, logger, now } = this.options;
    let active: Awaited<ReturnType<IdentityKeys["of"]>>;
    try {
      active = await keys.of(flow);
    } catch (error) {
      logger.error({ err: error, flow }, "nobody can be identified");
      return undefined;
    }
    const verdict = verifyIdentity(jwt, flow, active, now());
    if (!("refused" in verdict)) {
      const { issuer, subject } = verdict;
      return { person: sidOfPerson(flow, issuer, subject), subject: subjectOf(issuer, subject) };
    }
    logger.info({ flow, reason: verdict.refused }, "an identity was refused");
    return undefined;
  }

  /**
   * The person's conversation under a fresh token: the one there is, else the one held if it is nobody's, else a new
   * one. What was held is void from then on.
   * @param begin makes the new session, or says how many ms to wait
   * @throws AppendError
   */
  take(
    flow: string,
    identity: Identity,
    held: Held | undefined,
    begin: (sid: string) => Promise<Live | number>,
  ): Promise<Identified> {
    const { person } = identity;
    const before = this.#queues.get(person) ?? Promise.resolve();
    const taken = before.catch(ignore).then(() => this.#take(flow, identity, held, begin));
    this.#queues.set(person, taken);
    const done = (): void => {
      if (this.#queues.get(person) === taken) this.#queues.delete(person);
    };
    taken.then(done, done);
    return taken;
  }

  async #take(
    flow: string,
    { person, subject }: Identity,
    held: Held | undefined,
    begin: (sid: string) => Promise<Live | number>,
  ): Promise<Identified> {
    const { log, sessions } = this.options;
    const { link } = conversation(await log.read(person)).after;
    let live = link === undefined ? undefined : (await sessions.find(flow, link))?.live;
    if (!live) {
      const free = held !== undefined && (held.conversation.person ?? person) === person;
      const begun = free ? held.live : await begin(newSid());
      if (typeof begun === "number") return begun;
      live = begun;
    }
    const secret = newSecret();
    const hash = sha256(secret);
    // In this order a stop in between leaves the visitor what he came with, and he identifies again.
    await this.#append(live.sid, { kind: "Grant", hash, person, subject }, live);
    if (link !== live.sid) await this.#link(person, live.sid);
    if (held) await this.#append(held.live.sid, { kind: "Revoke", hash: held.hash }, held.live);
    return { live, token: `${live.sid}.${secret}`, hash };
  }

  /** Nothing names the person of a session that was erased meanwhile, which found no link yet. */
  async #link(person: string, to: string): Promise<void> {
    const { log, now, newId } = this.options;
    await this.#append(person, { kind: "Link", to });
    if ((await log.read(to)).length > 0) return;
    await log.erase(to, { id: `r.${newId()}`, timestamp: new Date(now()).toISOString() }, person);
  }

  /** Voids a token; one that is good for nothing changes nothing. @throws AppendError */
  async void(flow: string, token: { readonly sid: string; readonly secret: string }): Promise<void> {
    const found = await this.options.sessions.find(flow, token.sid);
    if (!found) return;
    if (grants(found.conversation, token.secret)) {
      await this.#append(token.sid, { kind: "Revoke", hash: sha256(token.secret) }, found.live);
    }
    this.options.sessions.release(found.live);
  }

  /** Voids the bare cookie that came with a request. @throws AppendError */
  async voidCookie(flow: string, cookie: string): Promise<void> {
    const found = await this.options.sessions.find(flow, sidOfCookie(cookie));
    if (!found) return;
    const hash = sha256(cookie);
    if (!found.conversation.revoked.has(hash)) await this.#append(found.live.sid, { kind: "Revoke", hash }, found.live);
    this.options.sessions.release(found.live);
  }

  async #append(sid: string, message: RightsMessage, live?: Live): Promise<void> {
    const { log, now, newId } = this.options;
    const record: RightsRecord = {
      v: RECORD_VERSION,
      sid,
      id: `r.${newId()}`,
      timestamp: new Date(now()).toISOString(),
      payload: { kind: "Control", message },
    };
    await log.append([record]);
    // It holds from now on, not only once the tail has brought it.
    live?.push(record);
  }
}

const ignore = (): void => undefined;

import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { Hello, Identify, NackCode, SignOut } from "@parley/shared/protocol/v1";
import type { Registry } from "../registry/registry.js";
import type { AddressBook } from "./address-book.js";
import type { Client } from "./client.js";
import type { Held, Identities, Identity } from "./identities.js";
import type { Live, Place } from "./live.js";
import { grants, newSecret, newSid, readToken, type Sessions, sha256 } from "./sessions.js";

export type GreeterContext = {
  readonly registry: Pick<Registry, "last">;
  readonly sessions: Sessions;
  readonly identities: Identities;
  readonly addresses: AddressBook;
  /** Brings a client into a session. */
  readonly join: (client: Client, live: Live, after: Place | undefined, welcome: (latest: number) => void) => void;
  /** Tells the client that a frame was not taken. */
  readonly refuse: (client: Client, id: string, code: NackCode, retryAfter?: number) => void;
};

const BUSY_RETRY = 200;

/** Which conversation a socket of `parley.v1` is in: by its token, by a signed identity, or a fresh one. */
export class Greeter {
  constructor(private readonly context: GreeterContext) {}

  /** Resumes the token's session, or begins a fresh one: an unknown, void, erased or foreign token is as none. */
  async hello(client: Client, hello: Hello): Promise<void> {
    const { sessions, identities, addresses, refuse } = this.context;
    const { flow } = client;
    let held = await this.#held(flow, hello.token);
    let refused = false;
    if (hello.jwt !== undefined) {
      const person = await identities.person(flow, hello.jwt);
      if (person !== undefined) return this.#enter(client, person, held, hello);
      refused = true;
      // The page believes somebody to be here who is not: what is a person's is not shown.
      if (held?.conversation.person !== undefined) {
        sessions.release(held.live);
        held = undefined;
      }
    }
    let { token, after } = hello as { token: string; after?: Place };
    if (!held) {
      const wait = addresses.session(client.address);
      if (wait > 0) return client.close(CLOSE.tooMany, wait);
      const secret = newSecret();
      const sid = newSid();
      const hash = sha256(secret);
      const live = await sessions.begin(flow, sid, hash, { ...client.visit, page: hello.page });
      token = `${sid}.${secret}`;
      after = undefined;
      this.#welcome(client, { live, token, hash }, after, hello.after !== undefined);
    } else this.#welcome(client, { live: held.live, token, hash: held.hash }, after, false);
    if (refused) refuse(client, "", "not-identified");
  }

  /** Goes on as the person of the token, under a fresh one; a refused identity changes nothing. */
  async identify(client: Client, { id, jwt }: Identify): Promise<void> {
    const { sessions, identities, refuse } = this.context;
    const person = await identities.person(client.flow, jwt);
    if (person === undefined) return refuse(client, id, "not-identified");
    const { live, grant: hash, seq } = client;
    // It is still brought up to now, or changes to another conversation: it asks again.
    if (!live || hash === undefined || seq < 0) return refuse(client, id, "busy", BUSY_RETRY);
    // Until the Welcome the client is nowhere: what it sends meanwhile comes again.
    live.leave(client);
    const held = { live, conversation: await live.conversation(), hash };
    await this.#enter(client, person, held, { kind: "Hello" }, { id, seq });
    if (client.live !== live) sessions.release(live);
  }

  /** Voids a token, and the bare cookie that came along. Whether it was good for anything is not told. */
  async signOut(client: Client, { token }: SignOut): Promise<void> {
    const { identities } = this.context;
    const given = readToken(token);
    if (given) await identities.void(client.flow, given);
    await this.#voidCookie(client);
    client.close(CLOSE.voided);
  }

  /** @param asked the id of the `Identify`, and what the client has of the conversation it is in */
  async #enter(
    client: Client,
    person: Identity,
    held: Held | undefined,
    hello: Hello,
    asked?: { readonly id: string; readonly seq: number },
  ): Promise<void> {
    const { sessions, identities, addresses } = this.context;
    const { flow } = client;
    const begin = (sid: string): Promise<Live | number> => {
      const wait = addresses.session(client.address);
      return wait > 0
        ? Promise.resolve(wait)
        : sessions.begin(flow, sid, undefined, { ...client.visit, page: hello.page });
    };
    const identified = await identities.take(flow, person, held, begin);
    if (typeof identified === "number") return client.close(CLOSE.tooMany, identified);
    await this.#voidCookie(client);
    const same = identified.live.sid === held?.live.sid;
    if (held && !same) sessions.release(held.live);
    const after = !same ? undefined : asked ? { seq: asked.seq } : hello.after;
    if (asked) client.send({ kind: "Ack", id: asked.id });
    this.#welcome(client, identified, after, hello.after !== undefined && !same);
  }

  async #voidCookie(client: Client): Promise<void> {
    if (client.cookie !== undefined) await this.context.identities.voidCookie(client.flow, client.cookie);
  }

  /** The session that a token is good for. */
  async #held(flow: string, token: string | undefined): Promise<Held | undefined> {
    const { sessions } = this.context;
    const given = readToken(token);
    const found = given && (await sessions.find(flow, given.sid));
    if (!found) return undefined;
    if (grants(found.conversation, given.secret)) return { ...found, hash: sha256(given.secret) };
    sessions.release(found.live);
    return undefined;
  }

  /** @param resync it came with a place in a conversation that is not this one */
  #welcome(
    client: Client,
    { live, token, hash }: { live: Live; token: string; hash: string },
    after: Place | undefined,
    resync: boolean,
  ): void {
    const { registry, sessions, join } = this.context;
    if (!client.open) return sessions.release(live);
    client.grant = hash;
    client.seq = -1;
    join(client, live, after, (latest) => {
      const { version, settings } = registry.last(client.flow)!;
      const appearance = { title: settings.title, ...settings.appearance };
      client.send({
        kind: "Welcome",
        sid: live.sid,
        token,
        flow: { id: client.flow, version, appearance },
        latest,
      });
      if (resync) client.send({ kind: "Resync" });
    });
  }
}

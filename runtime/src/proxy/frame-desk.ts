import { randomUUID } from "node:crypto";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { Hello, SignOut } from "@parley/shared/protocol/v1";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import { tellTyping } from "../log/typing-signals.js";
import type { Client } from "./client.js";
import type { Usher } from "./door.js";
import { readBareFrame, readFrame } from "./frames.js";
import type { Greeter } from "./greeter.js";
import { type InboundContext, type Input, refuse, take } from "./inbound.js";
import type { Live } from "./live.js";
import { NoRoomError, NotPublishedError } from "./sessions.js";

export type FrameContext = {
  readonly config: Config;
  readonly random: () => number;
  readonly logger: Logger;
  readonly inbound: InboundContext;
  readonly greeter: Greeter;
  /** Brings in who comes by a ticket; absent: the flows. */
  readonly usher: Usher | undefined;
};

/** Whoever found no room comes back after so many ms, give or take a half. */
const NO_ROOM_RETRY = 10_000;

/** What a frame of a client leads to: a greeting, a message that is taken, or a refusal. */
export class FrameDesk {
  constructor(private readonly context: FrameContext) {}

  /** @param limited more came than the client, or its address, may send */
  frame(client: Client, text: string, limited: boolean): void {
    if (client.protocol === "bare") this.#bareFrame(client, text, limited);
    else this.#v1Frame(client, text, limited);
  }

  #bareFrame(client: Client, text: string, limited: boolean): void {
    const { inbound, config } = this.context;
    if (limited) {
      inbound.metrics.refusals.inc({ reason: "rate-limited" });
      // This protocol has no word for it: a client that comes back has lost nothing that was recorded.
      return client.close(CLOSE.tooMany, 1000);
    }
    const message = readBareFrame(text, config.socket);
    if ("bad" in message) return refuse(inbound, client, "", message.bad);
    if (client.live) void this.#take(client, client.live, { id: randomUUID(), message });
  }

  #v1Frame(client: Client, text: string, limited: boolean): void {
    const { inbound, greeter, usher, config } = this.context;
    const frame = readFrame(text, config.socket);
    if (!client.greeted) {
      if ("bad" in frame || (frame.kind !== "Hello" && frame.kind !== "SignOut")) return client.close(CLOSE.badHello);
      client.greeted = true;
      if (usher) return void this.#enter(client, frame, usher);
      const greeted = frame.kind === "Hello" ? greeter.hello(client, frame) : greeter.signOut(client, frame);
      greeted.catch((error: unknown) => this.#lost(client, error));
      return;
    }
    if ("bad" in frame) return refuse(inbound, client, frame.id, frame.bad);
    if (frame.kind === "Ping") return client.send({ kind: "Pong" });
    if (frame.kind === "Hello" || frame.kind === "SignOut") return refuse(inbound, client, "", "bad-message");
    if (frame.kind === "Typing") return this.#typing(client, limited);
    if (limited) return refuse(inbound, client, frame.id, "rate-limited", 1000);
    // Before the Welcome there is nothing to answer: the client sends it again.
    if (!client.live) return refuse(inbound, client, frame.id, "busy", 200);
    const { id } = frame;
    if (client.inert || (usher && frame.kind === "Identify")) {
      return refuse(inbound, client, id, "bad-message");
    }
    if (frame.kind === "Identify") {
      greeter.identify(client, frame).catch((error: unknown) => this.#lost(client, error));
    } else if (frame.kind === "SetVariables") {
      const message = { kind: "SetVariables" as const, values: { ...frame.values } };
      void this.#take(client, client.live, { id, message });
    } else {
      const re = frame.re === undefined ? {} : { re: frame.re };
      void this.#take(client, client.live, { id, message: frame.message, ...re });
    }
  }

  /** Whoever has the conversation is told that the visitor types; nothing is ever answered to it. */
  #typing({ live }: Client, limited: boolean): void {
    const { log, now } = this.context.inbound;
    if (!limited && live?.mayTellTyping(now())) tellTyping(log, live.sid, { who: "visitor" });
  }

  async #enter(client: Client, hello: Hello | SignOut, usher: Usher): Promise<void> {
    try {
      const entered = hello.kind === "Hello" && (await usher.enter(client, hello));
      if (!entered) client.close(CLOSE.erased);
    } catch (error) {
      this.#lost(client, error);
    }
  }

  /** The log did not answer for certain: the client comes back and finds out. */
  #lost(client: Client, error: unknown): void {
    if (error instanceof NotPublishedError) return client.close(CLOSE.notPublished);
    if (error instanceof NoRoomError) {
      // Said once by whoever looks at the disk, and not by each who comes.
      this.context.inbound.metrics.refusals.inc({ reason: "no-space" });
      return client.close(CLOSE.tryAgain, NO_ROOM_RETRY * (0.5 + this.context.random()));
    }
    const conn = this.context.inbound.connection(client);
    this.context.logger.warn({ err: error, conn }, "a session could not begin");
    client.close(CLOSE.tryAgain, 1000);
  }

  async #take(client: Client, live: Live, input: Input): Promise<void> {
    try {
      await take(this.context.inbound, client, live, input);
    } catch (error) {
      const conn = this.context.inbound.connection(client);
      this.context.logger.warn({ err: error, conn, sid: live.sid }, "a message could not be taken");
      client.close(CLOSE.tryAgain, 1000);
    }
  }
}

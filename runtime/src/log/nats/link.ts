import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { ConnectionOptions, MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import { reason } from "../../errors.js";
import { LogOpenError } from "../event-log.js";
import type { NatsAddress } from "./address.js";

/** How long the server gets to answer, in ms. */
export const TIMEOUT = 5_000;
/** Between two tries to connect again, in ms. */
const RECONNECT = 250;
/** A connection is given up after PINGS to one more of these without an answer, in ms. A busy server may take its time. */
const PING = 1_000;
const PINGS = 4;

/** The connection to the server: it comes back by itself, and says when it is away. */
export class Link {
  #away: string | undefined;
  #closed = false;
  readonly #lost = new Set<() => void>();
  #back: (() => void)[] = [];

  private constructor(
    readonly nc: NatsConnection,
    readonly js: JetStreamClient,
    readonly jsm: JetStreamManager,
    readonly address: NatsAddress,
    /** Makes headers with nothing in them. */
    readonly headers: () => MsgHdrs,
  ) {}

  /** @throws LogOpenError `no-package`, `unreachable` */
  static async open(address: NatsAddress): Promise<Link> {
    const { transport, jetstream } = await packages();
    const { user, password, token } = address;
    const options: ConnectionOptions = {
      servers: [...address.servers],
      name: "parley",
      timeout: TIMEOUT,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT,
      pingInterval: PING,
      maxPingOut: PINGS,
      // A signal is told to the listeners of this process by itself.
      noEcho: true,
      // A stack for every question that might fail costs more than the question; what failed says so itself.
      noAsyncTraces: true,
      ...(user !== undefined && { user, pass: password ?? "" }),
      ...(token !== undefined && { token }),
      ...(address.tls && { tls: {} }),
    };
    try {
      const nc = await transport.connect(options);
      const js = jetstream.jetstream(nc, { timeout: TIMEOUT });
      const jsm = await jetstream.jetstreamManager(nc, { timeout: TIMEOUT, checkAPI: false });
      const link = new Link(nc, js, jsm, address, transport.headers);
      void link.#watch();
      return link;
    } catch (cause) {
      const message = `The NATS server ${address.shown} cannot be reached (${words(cause)}): start it, or correct LOG.`;
      throw new LogOpenError("unreachable", message, { cause });
    }
  }

  /** Why nothing can be asked now, in one sentence. */
  get away(): string | undefined {
    return this.#away;
  }
  get closed(): boolean {
    return this.#closed;
  }

  /** Calls when the connection goes, for whatever reason; what it gives takes the call back. */
  onLost(call: () => void): () => void {
    this.#lost.add(call);
    return () => this.#lost.delete(call);
  }

  /** The outcome, or at once that the connection is lost: what the server had answered does not come any more. */
  unlessLost<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // What is asked now would not be sent, and nobody would say so before its time is up.
      if (this.#away !== undefined) return reject(new Error(this.#away));
      const off = this.onLost(() => reject(new Error("the connection was lost")));
      ask().then(resolve, reject).finally(off);
    });
  }

  /** Resolves when there is a connection, or will be none any more. */
  async connected(): Promise<void> {
    while (this.#away !== undefined && !this.#closed) await new Promise<void>((resolve) => this.#back.push(resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.nc.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === "disconnect") {
        this.#away = `The NATS server ${this.address.shown} is away: nothing is stored until it is back.`;
        for (const call of [...this.#lost]) call();
      } else if (status.type === "reconnect") {
        this.#away = undefined;
        this.#wake();
      }
    }
  }

  #wake(): void {
    for (const resolve of this.#back.splice(0)) resolve();
  }
}

async function packages() {
  try {
    const [transport, jetstream] = await Promise.all([import("@nats-io/transport-node"), import("@nats-io/jetstream")]);
    return { transport, jetstream };
  } catch (cause) {
    const message =
      "A log on NATS needs the packages @nats-io/transport-node and @nats-io/jetstream, which are not there: run npm install.";
    throw new LogOpenError("no-package", message, { cause });
  }
}

/** What the client says of a failure, with what lies below it. */
export function words(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const own = reason(error).replace(/\.$/, "");
  const below = cause === undefined ? "" : reason(cause).replace(/\.$/, "");
  return below === "" || own.includes(below) ? own : `${own}: ${below}`;
}

/** The code by which the server's own interface tells errors apart, where it answered with one. */
export const codeOf = (error: unknown): number | undefined =>
  (error as Error).constructor.name.endsWith("Error") && typeof (error as { code?: unknown }).code === "number"
    ? (error as { code: number }).code
    : undefined;

export const NO_STREAM = 10059;
export const WRONG_LAST_SEQUENCE = 10071;

import { BARE_COOKIE } from "@parley/shared/protocol/bare";
import type { After, ClientFrame, MessageFrame, ServerFrame, Welcome } from "@parley/shared/protocol/v1";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { WebSocket } from "ws";

/** Frames of one socket as they came, and waiting for one: an event, with a ceiling that only a hang reaches. */
export class Frames<F> {
  readonly all: F[] = [];
  readonly raw: string[] = [];
  closed: { code: number; reason: string } | undefined;
  #wake = new Set<() => void>();

  constructor(readonly ws: WebSocket) {
    ws.on("message", (data) => {
      this.raw.push(data.toString());
      this.all.push(JSON.parse(data.toString()) as F);
      for (const wake of this.#wake) wake();
    });
    ws.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      for (const wake of this.#wake) wake();
    });
    ws.on("error", () => undefined);
  }

  async until<T>(find: () => T | undefined | false, what: string): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found as T;
      if (this.closed)
        throw new Error(`closed with ${this.closed.code} ${this.closed.reason} while waiting for ${what}`);
      await new Promise<void>((resolve, reject) => {
        const hang = setTimeout(() => reject(new Error(`no ${what}; frames: ${this.raw.join("\n")}`)), 20_000);
        const wake = () => {
          clearTimeout(hang);
          this.#wake.delete(wake);
          resolve();
        };
        this.#wake.add(wake);
      });
    }
  }

  async close(): Promise<{ code: number; reason: string }> {
    this.ws.close();
    return this.whenClosed();
  }

  async whenClosed(): Promise<{ code: number; reason: string }> {
    while (!this.closed) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#wake.delete(wake);
          resolve();
        };
        this.#wake.add(wake);
      });
    }
    return this.closed;
  }
}

type BareMessage = { kind: string; content?: string; groupId?: string; itemId?: string; sessionId?: string };

/** A client of the bare protocol. */
export class BareClient extends Frames<BareMessage> {
  cookie: string | undefined;

  static async connect(
    url: string,
    options: { cookie?: string; headers?: Record<string, string> } = {},
  ): Promise<BareClient> {
    const cookie = options.cookie === undefined ? {} : { Cookie: `a=b; ${BARE_COOKIE}=${options.cookie}` };
    const ws = new WebSocket(url, { headers: { ...cookie, ...options.headers } });
    const client = new BareClient(ws);
    ws.on("upgrade", (response) => {
      client.cookie = new RegExp(`${BARE_COOKIE}=([0-9a-f]{40})`).exec(response.headers["set-cookie"]?.[0] ?? "")?.[1];
    });
    await opened(ws);
    return client;
  }

  send(message: object): void {
    this.ws.send(JSON.stringify(message));
  }

  /** Waits for `count` frames; all so far, as short words. */
  async words(count: number): Promise<string[]> {
    await this.until(() => this.all.length >= count, `${count} frames`);
    return this.all.map(word);
  }
}

/** Client ids are never used twice, whichever client of a session sends. */
let sent = 0;

/** A client of `parley.v1`. */
export class V1Client extends Frames<ServerFrame> {
  welcome!: Welcome;

  static async connect(
    url: string,
    hello: { token?: string; after?: After; jwt?: string; page?: string } = {},
    headers = {},
  ): Promise<V1Client> {
    const client = await V1Client.raw(url, headers);
    client.frame({ kind: "Hello", ...hello });
    client.welcome = await client.until(() => client.all.find((frame) => frame.kind === "Welcome"), "Welcome");
    return client;
  }

  /** A socket that has said nothing yet. */
  static async raw(url: string, headers = {}): Promise<V1Client> {
    const ws = new WebSocket(url, SUBPROTOCOL, { headers });
    const client = new V1Client(ws);
    await opened(ws);
    return client;
  }

  frame(frame: ClientFrame | object): void {
    this.ws.send(JSON.stringify(frame));
  }

  get messages(): MessageFrame[] {
    return this.all.filter((frame) => frame.kind === "Message");
  }

  /** Messages as `seq word`. */
  get words(): string[] {
    return this.messages.map((frame) => `${frame.seq} ${word(frame.message as BareMessage)}`);
  }

  async seq(seq: number): Promise<MessageFrame> {
    return this.until(() => this.messages.find((frame) => frame.seq === seq), `message ${seq}`);
  }

  /** Sends a message and waits for its `Ack` or `Nack`. */
  async send(message: object, options: { id?: string; re?: number } = {}): Promise<ServerFrame> {
    const id = options.id ?? `m${sent++}`;
    const from = this.all.length;
    this.frame({ kind: "Send", id, message, ...(options.re !== undefined && { re: options.re }) });
    return this.until(
      () => this.all.slice(from).find((f) => (f.kind === "Ack" || f.kind === "Nack") && f.id === id),
      `answer to ${id}`,
    );
  }
}

const word = (message: BareMessage): string =>
  [message.kind, message.groupId ?? message.sessionId, message.itemId ?? message.content]
    .filter((w) => w !== undefined)
    .join(" ");

/** Resolves when the socket is open; rejects with the HTTP status of a refusal. */
export function opened(ws: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    ws.once("open", () => resolve());
    ws.once("unexpected-response", (_request, response) => {
      ws.once("error", () => undefined);
      ws.terminate();
      reject(new Error(`HTTP ${response.statusCode}`));
    });
    ws.once("error", reject);
  });
}

export const choose = (groupId: string, itemId: string) => ({ kind: "ChoiceResponse", groupId, itemId });
export const type = (sessionId: string, content: string) => ({ kind: "UserText", sessionId, content });

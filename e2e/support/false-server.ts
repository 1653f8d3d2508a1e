import type { Page, WebSocketRoute } from "@playwright/test";

const SID = "0123456789abcdef0123456789abcdef01234567";

/** A server in the hands of a test: it may say anything. */
export class FalseServer {
  readonly said: { kind: string; [field: string]: unknown }[] = [];
  #seq = 0;
  #socket: WebSocketRoute | undefined;
  #begun: () => void = () => undefined;
  readonly begun = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });

  /** Answers every websocket of this page in place of the real server; `greet`: with a `Welcome`. */
  static async of(page: Page, options: { greet: boolean } = { greet: true }): Promise<FalseServer> {
    const server = new FalseServer();
    await page.routeWebSocket(/\/chat\//, (socket) => {
      server.#socket = socket;
      socket.onMessage((data) => {
        const frame = JSON.parse(String(data)) as { kind: string };
        server.said.push(frame);
        if (frame.kind !== "Hello") return;
        if (options.greet) server.welcome();
        server.#begun();
      });
    });
    return server;
  }

  welcome(latest = 0): void {
    const flow = { id: "bot-assistant", version: 1, appearance: {} };
    this.frame({ kind: "Welcome", sid: SID, token: `${SID}.${"s".repeat(43)}`, flow, latest });
  }

  /** Sends anything: an object as JSON, a text as it is. */
  frame(frame: unknown): void {
    this.#socket?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** The next message of the conversation. */
  message(message: object): void {
    this.#seq += 1;
    this.frame({ kind: "Message", seq: this.#seq, at: "2026-01-01T00:00:00Z", id: `b.${this.#seq}`, message });
  }
}

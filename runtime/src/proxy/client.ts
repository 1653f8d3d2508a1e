import type { Socket } from "node:net";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import type { ServerFrame } from "@parley/shared/protocol/v1";
import type { WebSocket } from "ws";
import type { Bucket } from "./address-book.js";
import type { Live } from "./live.js";
import { textFrame } from "./text-frame.js";
import type { Visit } from "./visitor.js";

/** A reader that lags behind by more than this is cut off; it resumes from the log (P10). */
const MAX_BUFFERED = 1024 * 1024;
/** More of a long conversation is not written before this much has left. */
const LAGGING = 256 * 1024;

/** Why we close, in metrics and log lines. */
const REASONS = new Map<number, string>(
  Object.entries(CLOSE).map(([name, code]) => [code, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

const corked: Client[] = [];
function uncorkAll(): void {
  for (const client of corked) client.uncork();
  corked.length = 0;
}

/** One websocket: what the proxy knows of it. Small, because thousands are idle. */
export class Client {
  live: Live | undefined;
  /** `seq` of the last message that this socket was sent; -1 until it has the conversation so far. */
  seq = -1;
  /** When the last frame came, in ms. */
  heard: number;
  /** The first frame of `parley.v1` is on its way through. */
  greeted = false;
  /** SHA-256 of the secret that it uses the session by: once that is void, so is the socket. */
  grant: string | undefined;
  /** The bare cookie that a socket of `parley.v1` came with: it goes when the visitor identifies or signs out. */
  cookie: string | undefined;
  /** What its browser says of itself, for a conversation that begins with it. */
  visit: Visit | undefined;
  frames: Bucket | undefined;
  /** Which one of its process, for log lines. */
  number = 0;
  /** Why we ended it; undefined as long as we did not. */
  ending: string | undefined;
  /** It shows an earlier moment: what it sends is not taken. */
  inert = false;
  /** Sees every frame of a preview's socket; absent on all others. */
  tap: ((way: "in" | "out", text: string) => void) | undefined;
  #corked = false;

  constructor(
    readonly protocol: "bare" | "v1",
    /** Of a preview's socket known only after its `Hello`. */
    public flow: string,
    readonly address: string,
    readonly ws: WebSocket,
    readonly socket: Socket,
    now: number,
  ) {
    this.heard = now;
  }

  get open(): boolean {
    return this.ws.readyState === this.ws.OPEN;
  }
  /** Much of what was written has not left yet. */
  get lagging(): boolean {
    return this.ws.bufferedAmount > LAGGING;
  }

  /** Resolves when all that was written has left, or nothing more will. */
  async drained(): Promise<void> {
    const { socket } = this;
    if (!socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off("drain", done).off("close", done);
        resolve();
      };
      socket.on("drain", done).on("close", done);
    });
  }

  send(frame: ServerFrame): void {
    this.write(JSON.stringify(frame));
  }

  /** Sends a text; what one turn of the event loop sends to a socket leaves in one write. */
  write(text: string): void {
    if (!this.open) return;
    if (!this.#corked) {
      this.#corked = true;
      this.socket.cork();
      if (corked.push(this) === 1) setImmediate(uncorkAll);
    }
    this.socket.write(textFrame(text));
    this.tap?.("out", text);
    if (this.ws.bufferedAmount > MAX_BUFFERED) {
      this.ending ??= "slow-reader";
      this.close(CLOSE.tryAgain, 1000);
      this.ws.terminate();
    }
  }

  uncork(): void {
    this.#corked = false;
    this.socket.uncork();
  }

  /** Closes with a code of the close-code table; `retryAfter` in ms tells the client how long to wait. */
  close(code: number, retryAfter?: number): void {
    this.ending ??= REASONS.get(code) ?? "other";
    this.ws.close(code, retryAfter === undefined ? "" : `retry-after=${Math.round(retryAfter)}`);
  }
}

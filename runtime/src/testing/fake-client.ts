import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { Client } from "../proxy/client.js";

/** A websocket that takes what the test lets it take. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  /** What was sent and has not left. */
  readonly waiting: string[] = [];
  /** What has left. */
  readonly left: string[] = [];
  /** The most that ever waited, in characters. */
  most = 0;
  closed: { code: number; reason: string } | undefined;
  terminated = false;
  stalled = false;

  get bufferedAmount(): number {
    return this.waiting.reduce((sum, text) => sum + text.length, 0);
  }
  get writableNeedDrain(): boolean {
    return this.waiting.length > 0;
  }

  /** @param frame of text, unmasked: what comes behind its head is the text */
  write(frame: Buffer): void {
    const head = { 126: 4, 127: 10 }[frame[1]!] ?? 2;
    this.waiting.push(frame.toString("utf8", head));
    this.most = Math.max(this.most, this.bufferedAmount);
    if (!this.stalled) setImmediate(() => this.drain());
  }

  drain(): void {
    if (this.waiting.length === 0) return;
    this.left.push(...this.waiting.splice(0));
    this.emit("drain");
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
    this.readyState = 2;
  }
  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
    this.emit("close");
  }
  cork(): void {}
  uncork(): void {}
}

/** A client of the proxy without a network. */
export class FakeClient {
  readonly socket = new FakeSocket();
  readonly client: Client;

  constructor(protocol: "bare" | "v1", flow = "chat") {
    this.client = new Client(
      protocol,
      flow,
      "address",
      this.socket as unknown as WebSocket,
      this.socket as unknown as Socket,
      0,
    );
  }

  get frames(): Record<string, unknown>[] {
    return [...this.socket.left, ...this.socket.waiting].map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  /** Frames as short words: `3 hello`, `Ack 1`, `Turn s.1`; messages of the bare protocol as their text or kind. */
  get words(): string[] {
    return this.frames.map((frame) => {
      const message = (frame.message ?? frame) as { kind: string; content?: string };
      const said = message.content ?? message.kind;
      if (frame.kind === "Message") return `${frame.seq} ${said}`;
      if (this.client.protocol === "bare") return said;
      return [frame.kind, frame.id ?? frame.of, frame.code].filter((word) => word !== undefined).join(" ");
    });
  }
}

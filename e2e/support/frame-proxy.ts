import { createConnection, createServer, type Server, type Socket } from "node:net";

type Direction = "up" | "down";
/** What befalls the n-th frame (from 1) of one direction, counted over all websockets: the line is cut, or goes silent. */
export type Fault = { readonly direction: Direction; readonly frame: number; readonly kind: "cut" | "silence" };

/** A line between a browser and a server that fails at a frame; what is no websocket passes. */
export class FrameProxy {
  fault: Fault | undefined;
  /** Frames that went through, control frames left out. */
  readonly passed: Record<Direction, number> = { up: 0, down: 0 };
  /** Where the server sees the visitor come from. */
  from = "127.0.0.1";
  /** Called when the fault has befallen a frame. */
  onFault: () => void = () => undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly port: number,
    private readonly server: Server,
  ) {}

  static async before(origin: string): Promise<FrameProxy> {
    const server = createServer((client) => proxy.#connect(client));
    const proxy = new FrameProxy(Number(new URL(origin).port), server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The origin of the server, by this line. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  #connect(client: Socket): void {
    const server = createConnection({ port: this.port, host: "127.0.0.1", localAddress: this.from });
    const line = { silent: false };
    for (const [from, to, direction] of [
      [client, server, "up"],
      [server, client, "down"],
    ] as const) {
      this.#sockets.add(from);
      const frames = new Frames();
      from.on("error", () => undefined); // The close that follows says all.
      from.on("close", () => {
        this.#sockets.delete(from);
        if (!line.silent) to.destroy();
      });
      from.on("data", (chunk) => {
        for (const { bytes, counts } of frames.read(chunk)) {
          if (line.silent) return;
          if (counts && this.#befalls(direction)) {
            if (this.fault?.kind === "cut") {
              client.destroy();
              server.destroy();
            }
            line.silent = true;
            this.fault = undefined;
            return this.onFault();
          }
          to.write(bytes);
        }
      });
    }
  }

  #befalls(direction: Direction): boolean {
    const { fault } = this;
    this.passed[direction] += 1;
    return fault?.direction === direction && fault.frame === this.passed[direction];
  }
}

/** Cuts the bytes of one direction into the head of HTTP and the frames after it (RFC 6455, 5.2). */
class Frames {
  #held = Buffer.alloc(0);
  #upgraded = false;
  #plain = false;

  *read(chunk: Buffer): Generator<{ bytes: Buffer; counts: boolean }> {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (!this.#upgraded && !this.#plain) {
      const end = this.#held.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = this.#held.subarray(0, end + 4);
      this.#upgraded = /\r\nupgrade: websocket/i.test(head.toString("latin1"));
      this.#plain = !this.#upgraded;
      if (this.#upgraded) {
        this.#held = this.#held.subarray(head.length);
        yield { bytes: head, counts: false };
      }
    }
    if (this.#plain) {
      const bytes = this.#held;
      this.#held = Buffer.alloc(0);
      yield { bytes, counts: false };
      return;
    }
    for (;;) {
      const length = this.#length();
      if (length === undefined || this.#held.length < length) return;
      const bytes = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      yield { bytes, counts: (bytes[0]! & 0x0f) < 8 };
    }
  }

  /** Bytes of the frame that the held bytes begin with. */
  #length(): number | undefined {
    if (this.#held.length < 2) return undefined;
    const short = this.#held[1]! & 0x7f;
    const mask = this.#held[1]! & 0x80 ? 4 : 0;
    if (short < 126) return 2 + mask + short;
    if (this.#held.length < 4) return undefined;
    if (short === 126) return 4 + mask + this.#held.readUInt16BE(2);
    if (this.#held.length < 10) return undefined;
    return 10 + mask + Number(this.#held.readBigUInt64BE(2));
  }
}

import { createConnection, createServer, type Server, type Socket } from "node:net";

/** What befalls one connection: after so many bytes in one direction it is cut, or nothing goes either way any more. */
export type Fault = { readonly direction: "up" | "down"; readonly after: number; readonly kind: "cut" | "silence" };

/** A network between clients and a server that fails as it is told. */
export class TcpProxy {
  /** Asked for each new connection; undefined: nothing befalls it. */
  next: () => Fault | undefined = () => undefined;
  /** Called when a connection has gone silent, as the end that wonders why no answer comes. */
  onSilence: () => void = () => undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(private readonly port: number) {
    this.#server = createServer((client) => this.#connect(client));
  }

  /** A proxy in front of the server at this address. */
  static async before(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(Number(new URL(url).port));
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The server's address, through the proxy. */
  url(url: string): string {
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String((this.#server.address() as { port: number }).port);
    return through.href;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #connect(client: Socket): void {
    const server = createConnection(this.port, "127.0.0.1");
    const fault = this.next();
    let failed = false;
    const forward = (from: Socket, to: Socket, direction: Fault["direction"]): void => {
      let left = fault?.direction === direction ? fault.after : Number.POSITIVE_INFINITY;
      this.#sockets.add(from);
      from.on("data", (chunk) => {
        if (failed) return;
        to.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left > 0) return;
        failed = true;
        if (fault?.kind === "silence") return this.onSilence();
        client.destroy();
        server.destroy();
      });
      from.on("error", () => undefined); // The close that follows says all.
      // A silent network does not say that the other end has gone either.
      from.on("close", () => {
        this.#sockets.delete(from);
        if (!failed) to.destroy();
      });
    };
    forward(client, server, "up");
    forward(server, client, "down");
  }
}

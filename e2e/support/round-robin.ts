import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

export type RoundRobin = {
  readonly port: number;
  /** Where connections go, one after the other; may be changed. */
  readonly ports: number[];
  close(): Promise<void>;
};

/** A load balancer: each connection goes to the next server; one that does not answer is passed over. */
export async function startRoundRobin(): Promise<RoundRobin> {
  const ports: number[] = [];
  const open = new Set<Socket>();
  let turn = 0;
  const forward = (client: Socket, tries: number): void => {
    const port = ports[turn++ % ports.length];
    if (port === undefined || tries === 0) return void client.destroy();
    const server = createConnection({ port, host: "127.0.0.1" });
    const refused = () => forward(client, tries - 1);
    server.once("error", refused);
    server.once("connect", () => {
      server.off("error", refused);
      pair(client, server);
    });
  };
  const pair = (one: Socket, other: Socket): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      open.add(from);
      from.on("error", () => undefined); // The close that follows says all.
      from.once("close", () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  };
  const listening = createServer((client) => forward(client, ports.length));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return {
    port: (listening.address() as AddressInfo).port,
    ports,
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => listening.close(() => resolve()));
    },
  };
}

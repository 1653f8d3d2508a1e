import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { reason, UserError } from "./errors.js";

/** A host as it stands in an address that can be opened. */
export const urlHost = (host: string): string =>
  host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;

/** Listens; the port. @throws UserError `port-in-use`, `cannot-listen` */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolved, rejected) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const text =
        cause.code === "EADDRINUSE"
          ? `Port ${port} on ${host} is in use by another program. Stop it, or choose another port with --port.`
          : `Cannot listen on ${host} port ${port}: ${reason(cause)}.`;
      rejected(new UserError(cause.code === "EADDRINUSE" ? "port-in-use" : "cannot-listen", text, { cause }));
    });
    server.listen({ port, host, backlog: 4096 }, () => resolved((server.address() as AddressInfo).port));
  });
}

/** Ends every connection and stops listening. */
export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolved) => {
    if (server.listening) server.close(() => resolved());
    else resolved();
  });
}

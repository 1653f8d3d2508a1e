// The bare counterpart: a `ws` server that sends every message back. Says its port to the process that started it.
import { serverPackage } from "./server-package.mjs";

const { WebSocketServer } = serverPackage("ws");
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  backlog: 4096,
  perMessageDeflate: false,
  clientTracking: false,
});
server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data, binary) => socket.send(data, { binary }));
});
server.on("listening", () => process.send?.({ port: server.address().port }));
process.on("disconnect", () => process.exit());

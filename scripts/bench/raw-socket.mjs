import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const MASK = [0x37, 0xfa, 0x21, 0x3d];

/**
 * A text as the bytes of one frame from a client. Made once for texts that are sent often.
 * @param {string} text at most 65,535 bytes
 */
export function clientFrame(text) {
  const length = Buffer.byteLength(text);
  const start = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.set(MASK, start - 4);
  frame.write(text, start);
  for (let i = start, k = 0; i < frame.length; i++, k++) frame[i] ^= MASK[k & 3];
  return frame;
}

/**
 * A websocket client that costs as little as it can: what a load generator spends is taken from the server beside it.
 * It reads unfragmented text frames and answers pings.
 */
export class RawSocket {
  /** Called with each text frame: the bytes of its payload, valid until it returns. @type {(payload: Buffer) => void} */
  onFrame = () => undefined;
  /** @type {(reason: string) => void} */
  onClose = () => undefined;
  #socket;
  #rest = Buffer.alloc(0);

  /** @param {import("node:net").Socket} socket @param {Buffer} rest */
  constructor(socket, rest) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", (error) => this.onClose(error.message));
    socket.on("close", () => this.onClose("closed"));
    if (rest.length > 0) setImmediate(() => this.#read(rest));
  }

  /** @param {Buffer} frame */
  send(frame) {
    this.#socket.write(frame);
  }

  end() {
    this.onClose = () => undefined;
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #read(chunk) {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (data.length - at >= 2) {
      let length = data[at + 1];
      let start = at + 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) throw new Error("a frame of more than 65,535 bytes");
      if (data.length < start + length) break;
      const kind = data[at] & 0x0f;
      const payload = data.subarray(start, start + length);
      at = start + length;
      if (kind === 1) this.onFrame(payload);
      else if (kind === 8) this.onClose(`closed with ${length >= 2 ? payload.readUInt16BE(0) : "no code"}`);
      else if (kind === 9) this.#socket.write(Buffer.from([0x8a, 0x80, ...MASK]));
    }
    this.#rest = at === data.length ? Buffer.alloc(0) : data.subarray(at);
  }
}

/**
 * Opens a websocket on this machine.
 * @param {{ port: number, path?: string, protocol?: string, localAddress?: string }} to
 * @returns {Promise<RawSocket>}
 */
export function openSocket({ port, path = "/", protocol, localAddress }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true, ...(localAddress && { localAddress }) });
    let head = Buffer.alloc(0);
    const failed = (/** @type {Error} */ error) => reject(error);
    const ended = () => reject(new Error("the server closed the connection before the handshake was done"));
    const read = (/** @type {Buffer} */ chunk) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", read).off("error", failed).off("close", ended);
      const status = head.toString("latin1", 0, head.indexOf("\r\n"));
      if (!status.startsWith("HTTP/1.1 101")) {
        socket.destroy();
        return reject(new Error(`the server refused a websocket: ${status}`));
      }
      resolve(new RawSocket(socket, head.subarray(end + 4)));
    };
    socket.on("data", read).on("error", failed).on("close", ended);
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  });
}

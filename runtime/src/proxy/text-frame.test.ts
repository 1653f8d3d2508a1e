import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { textFrame } from "./text-frame.js";

/** Lengths in bytes around which the head changes its form, and what takes more than a byte each. */
const TEXTS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_001]
  .map((length) => "x".repeat(length))
  .concat("ä日本🎈", '\u0000"\\\n', "é".repeat(63), "日".repeat(21_846), "half a \ud800 pair");

describe("a text frame", () => {
  it("is read by the library's client as the library's own would be", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    server.on("connection", (ws, { socket }) => {
      for (const text of TEXTS) {
        socket.write(textFrame(text));
        ws.send(text);
      }
      ws.close();
    });
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const got: [text: string, binary: boolean][] = [];
    client.on("message", (data, binary) => got.push([String(data), binary]));
    await once(client, "close");
    server.close();
    const sent = TEXTS.map((text) => Buffer.from(text).toString());
    expect(got).toEqual(sent.flatMap((text) => [[text, false], [text, false]])); // biome-ignore format: a pair a text
  });
});

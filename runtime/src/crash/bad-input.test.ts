import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { BareClient, choose, opened, type, V1Client } from "../testing/clients.js";
import { serve } from "../testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A server, and a visitor whose conversation has to go on whatever others send. */
async function start(options: Parameters<typeof serve>[1] = {}) {
  const runtime = await serve(createMemoryLog({ partitions: 2 }), options);
  cleanup.push(() => runtime.drain());
  const chat = `${runtime.wsUrl}chat/bot-assistant`;
  const witness = await V1Client.connect(chat);
  await witness.seq(2);
  const goesOn = async () => {
    await witness.send(choose("lang", "go"));
    expect((await witness.seq(4)).message).toMatchObject({ kind: "ChoiceRequest", groupId: "others" });
    await (await V1Client.connect(chat)).seq(2);
  };
  return { runtime, chat, goesOn };
}

const send = (message: unknown, id: unknown = "x") => JSON.stringify({ kind: "Send", id, message });
const big = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`v${i}`, "x"]));

describe("frames of parley.v1", () => {
  it.each<[string, string | Buffer, string, string]>([
    ["no JSON", "{", "", "bad-message"],
    ["JSON, but no object", "[1]", "", "bad-message"],
    ["nested thousands deep", "[".repeat(8_000) + "]".repeat(8_000), "", "bad-message"],
    ["binary", Buffer.from(send(choose("lang", "go"))), "", "bad-message"],
    ["a second Hello", '{"kind":"Hello"}', "", "bad-message"],
    ["no id", send(choose("lang", "go"), null), "", "bad-message"],
    ["an id of other letters", send(choose("lang", "go"), "a b"), "", "bad-message"],
    ["an id of 65 letters", send(choose("lang", "go"), "x".repeat(65)), "", "bad-message"],
    ["an id that is no text", send(choose("lang", "go"), { toString: 1 }), "", "bad-message"],
    ["a message of the bot's", send({ kind: "BotText", content: "I am the bot" }), "x", "bad-message"],
    ["a message that is none", send("hello"), "x", "bad-message"],
    ["a text that is none", send({ kind: "UserText", sessionId: "s", content: ["a"] }), "x", "bad-message"],
    ["an id in it of 2 KiB", send(choose("lang", "x".repeat(2048))), "x", "bad-message"],
    ["a text over 4 KiB as JSON", send(type("s", "\u0001".repeat(1000))), "x", "too-long"],
    ["65 values", JSON.stringify({ kind: "SetVariables", id: "x", values: big }), "x", "too-large"],
    [
      "a value of 2 KiB",
      JSON.stringify({ kind: "SetVariables", id: "x", values: { a: "x".repeat(2048) } }),
      "x",
      "too-long",
    ],
    ["a poisoned name", '{"kind":"SetVariables","id":"x","values":{"__proto__":"x"}}', "x", "bad-message"],
  ])("[W2] %s: a Nack, and the socket goes on", async (_what, frame, id, code) => {
    const { chat } = await start();
    const client = await V1Client.connect(chat);
    await client.seq(2);
    client.ws.send(frame);
    const nack = await client.until(() => client.all.find((f) => f.kind === "Nack"), "Nack");
    expect(nack).toEqual({ kind: "Nack", id, code });
    expect(await client.send(choose("lang", "go"), { id: "good" })).toEqual({ kind: "Ack", id: "good" });
    await client.seq(4);
    expect(client.words.slice(2)).toEqual(["3 ChoiceResponse lang go", "4 ChoiceRequest others"]);
  });

  it.each([
    "{",
    '{"kind":"Ping"}',
    send(choose("lang", "go")),
    '{"kind":"Hello","token":7}',
    '{"kind":"Hello","after":{"seq":"1","id":"x"}}',
  ])("[W4] %s instead of Hello: closed for good with 4400", async (frame) => {
    const { chat, goesOn } = await start();
    const ws = new WebSocket(chat, SUBPROTOCOL);
    const closed = new Promise<number>((resolve) => ws.once("close", resolve));
    await opened(ws);
    ws.send(frame);
    expect(await closed).toBe(4400);
    await goesOn();
  });

  it("[W4] no Hello in 5 s: closed for good with 4400", async () => {
    let later = 0;
    const { chat } = await start({ overrides: { now: () => Date.now() + later } });
    const ws = new WebSocket(chat, SUBPROTOCOL);
    const closed = new Promise<number>((resolve) => ws.once("close", resolve));
    await opened(ws);
    later = 5_001;
    expect(await closed).toBe(4400);
  });

  it("[W2] nothing heard for 90 s: the server gives the socket up, and the client resumes", async () => {
    let later = 0;
    const { chat } = await start({ overrides: { now: () => Date.now() + later } });
    const client = await V1Client.connect(chat);
    const last = await client.seq(2);
    later = 90_001;
    await client.whenClosed();
    const back = await V1Client.connect(chat, { token: client.welcome.token, after: { seq: 2, id: last.id } });
    await back.send(choose("lang", "go"));
    await back.seq(4);
    expect(back.words).toEqual(["3 ChoiceResponse lang go", "4 ChoiceRequest others"]);
  });
});

describe("frames of the bare protocol", () => {
  /** Closed with this code, and on coming back with the cookie everything is there. */
  async function closedAndBack(client: BareClient, url: string, code: number, reason: RegExp): Promise<void> {
    const closed = await client.whenClosed();
    expect(closed.code).toBe(code);
    expect(closed.reason).toMatch(reason);
    const back = await BareClient.connect(url, { cookie: client.cookie! });
    expect(back.cookie).toBeUndefined();
    expect((await back.words(4)).slice(2, 4)).toEqual(["ChoiceResponse lang go", "ChoiceRequest others"]);
  }

  async function begun(options: Parameters<typeof serve>[1] = {}) {
    const { runtime, goesOn } = await start(options);
    const client = await BareClient.connect(runtime.wsUrl);
    await client.words(2);
    client.send(choose("lang", "go"));
    await client.words(3);
    return { url: runtime.wsUrl, client, goesOn };
  }

  it("[W4] over 16 KiB: 1009", async () => {
    const { url, client, goesOn } = await begun();
    client.ws.send(JSON.stringify(type("s", "x".repeat(16 * 1024))));
    await closedAndBack(client, url, 1009, /^$/);
    await goesOn();
  });

  it("[W4] too many a second: 4429 and when to come back", async () => {
    const { url, client, goesOn } = await begun();
    for (let i = 0; i < 40; i++) client.send(choose("lang", "none"));
    await closedAndBack(client, url, 4429, /^retry-after=\d+$/);
    await goesOn();
  });
});

// Elsewhere a header or a fragment too many ended a server: CVE-2024-37890, CVE-2026-48779, CVE-2026-62389, CVE-2026-45736,
// GHSA-9mqv-5hh9-4cgg.
describe("[P15] [Transport DoS] bytes that are no websocket", () => {
  const masked = (first: number, payload: Buffer): Buffer => {
    const mask = Buffer.from([1, 2, 3, 4]);
    const body = payload.map((byte, i) => byte ^ mask[i % 4]!);
    return Buffer.concat([Buffer.from([first, 0x80 | payload.length]), mask, body]);
  };

  it.each<[string, () => Buffer, number]>([
    ["an unmasked frame", () => Buffer.from([0x81, 1, 0x7b]), 1002],
    ["an unknown kind of frame", () => masked(0x83, Buffer.from("x")), 1002],
    ["a compressed frame nobody agreed to", () => masked(0xc1, Buffer.from("x")), 1002],
    ["text that is no UTF-8", () => masked(0x81, Buffer.from([0xff, 0xfe])), 1007],
    [
      "a message in 100 pieces",
      () => Buffer.concat(Array.from({ length: 100 }, (_, i) => masked(i === 0 ? 1 : 0, Buffer.from(" ")))),
      1008,
    ],
    ["a frame that says it is 2^62 bytes long", () => Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ])("[W4] %s: closed with a code, and nobody else notices", async (_what, bytes, code) => {
    const { runtime, goesOn } = await start();
    const socket = await upgraded(runtime);
    const closing = closeCode(socket);
    socket.write(bytes());
    expect(await closing).toBe(code);
    await goesOn();
  });

  it.each([
    ["no HTTP at all", "\x16\x03\x01\x02\x00 hello\r\n\r\n"],
    ["headers of 64 KiB", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(64 * 1024)}\r\n\r\n`],
    [
      "an upgrade without a key",
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
    [
      "an upgrade to something else",
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
  ])("%s: an HTTP error, and nobody else notices", async (_what, request) => {
    const { runtime, goesOn } = await start();
    const socket = connect(Number(new URL(runtime.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk));
    const closed = new Promise<void>((resolve) => socket.on("error", () => undefined).once("close", () => resolve()));
    socket.write(request);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    await goesOn();
  });
});

/** A plain socket on which a websocket of the bare protocol has been opened. */
async function upgraded(runtime: Runtime): Promise<Socket> {
  const socket = connect(Number(new URL(runtime.url).port), "127.0.0.1");
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  );
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => chunk.toString("latin1").includes("101 Switching") && resolve());
  });
  return socket;
}

/** The code of the close frame that ends it: the last bytes of what the server sends. */
function closeCode(socket: Socket): Promise<number> {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  return new Promise((resolve) => {
    socket
      .on("error", () => undefined)
      .once("end", () => {
        const at = received.lastIndexOf(0x88);
        resolve(at < 0 ? 0 : received.readUInt16BE(at + 2));
      });
  });
}

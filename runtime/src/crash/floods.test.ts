import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addressOf, descriptorsOf, each, oneAddress, residentMiB } from "../testing/many.js";
import { type ServerProcess, startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";
import { Talker } from "../testing/soak/talker.js";

/** Limits are on. `npm run test:torture -- --storms` has more of each. */
const LONG = process.env.STORMS !== undefined;
const HOSTILE = LONG ? 2_000 : 50;
/** Descriptors that may be open beside those of before: pools, files of the database. */
const KEPT = 8;

const cleanup: (() => unknown)[] = [];
let server: ServerProcess;
let person: Talker;
let before: { descriptors: number; memory: number };

beforeAll(async () => {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  server = await startServer({ dataDir: folder.path, args: ["--handshake", "1", "--close-timeout", "1"] });
  cleanup.push(() => server.stop("SIGKILL"));
  const nothing = () => undefined;
  person = new Talker({ name: "guest", took: nothing, sockets: nothing, busy: nothing, localAddress: "127.2.0.1" });
  cleanup.push(() => person.close());
  await person.open(`${server.wsUrl}chat/bot-assistant`);
  await person.say(performance.now());
});
beforeEach(() => {
  before = { descriptors: descriptorsOf(server.pid), memory: residentMiB(server.pid) };
});
afterAll(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Others are served meanwhile, all that was opened is closed, and memory is what it was, more or less. */
async function unharmed(): Promise<void> {
  for (let n = 0; n < 5; n++) await person.say(performance.now());
  const memory = residentMiB(server.pid);
  for (const from = performance.now(); performance.now() - from < 30_000; ) {
    if (descriptorsOf(server.pid) <= before.descriptors + KEPT) break;
    await delay(100);
  }
  await person.say(performance.now());
  console.log(`memory ${before.memory} MiB before, ${memory} MiB meanwhile`);
  expect(descriptorsOf(server.pid), "descriptors").toBeLessThanOrEqual(before.descriptors + KEPT);
  expect(memory, "memory meanwhile").toBeLessThan(2 * before.memory);
}

const hostile = <R>(one: (i: number) => Promise<R>): Promise<R[]> =>
  each(Array.from({ length: HOSTILE }), 50, (_, i) => one(i));

const UPGRADE = [
  "GET /chat/bot-assistant HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
];

/** A bare connection that has sent this much. */
function raw(i: number, text: string): Promise<{ socket: Socket; ended: Promise<string> }> {
  return new Promise((resolve) => {
    const { port } = new URL(server.wsUrl);
    const socket = connect({ port: Number(port), host: "127.0.0.1", localAddress: addressOf(i) });
    let received = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      received += part;
    });
    socket.on("error", () => undefined); // The close that follows says all.
    const ended = new Promise<string>((done) => socket.on("close", () => done(received)));
    socket.on("connect", () => {
      socket.write(text);
      resolve({ socket, ended });
    });
    cleanup.push(() => socket.destroy());
  });
}

/** The same, upgraded. */
async function upgraded(i: number) {
  const one = await raw(i, `${UPGRADE.join("\r\n")}\r\n\r\n`);
  await new Promise((resolve) => one.socket.once("data", resolve));
  return one;
}

/** A frame of a client: its first byte, and what it holds. */
function frame(first: number, payload: Buffer): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]!));
  return Buffer.concat([Buffer.from([first, 0x80 | length[0]!, ...length.slice(1)]), mask, masked]);
}
const [TEXT_PART, MORE, CLOSE] = [0x01, 0x00, 0x88] as const;

describe.skipIf(oneAddress !== "")(`[P15] [Transport DoS]${oneAddress}`, { timeout: LONG ? 300_000 : 60_000 }, () => {
  it("a message in ever more tiny fragments ends its connection (CVE-2026-48779)", async () => {
    const tiny = Buffer.concat([
      frame(TEXT_PART, Buffer.from("{")),
      ...Array.from({ length: 5_000 }, () => frame(MORE, Buffer.from(" "))),
    ]);
    const flood = await hostile(async (i) => {
      const { socket, ended } = await upgraded(i);
      socket.write(tiny);
      return ended;
    });
    // 1008: more parts than may be.
    expect(flood.filter((received) => !received.includes("\x88\x02\x03\xf0"))).toEqual([]);
    await unharmed();
  });

  it("messages that are begun and never ended are held no longer than a handshake (CVE-2026-62389)", async () => {
    const flood = await hostile(async (i) => {
      const one = await upgraded(i);
      for (let part = 0; part < 15; part++)
        one.socket.write(frame(part === 0 ? TEXT_PART : MORE, Buffer.alloc(1_000, 32)));
      return one;
    });
    await unharmed();
    await Promise.all(flood.map(({ ended }) => ended));
  });

  it("an upgrade with 1,000 headers is answered or refused, and changes nothing (CVE-2024-37890)", async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => `X-${n}: ${n}`);
    const flood = await hostile(async (i) => {
      const { socket, ended } = await raw(i, `${[...UPGRADE, ...many].join("\r\n")}\r\n\r\n`);
      socket.end();
      return ended;
    });
    expect(flood.filter((received) => !/^HTTP\/1\.1 (101|4\d\d) /.test(received))).toEqual([]);
    await unharmed();
  });

  it("a handshake that stops at nothing, in its headers or before Hello is not waited for", async () => {
    const texts = ["", `${UPGRADE.slice(0, 3).join("\r\n")}\r\n`, `${UPGRADE.join("\r\n")}\r\n\r\n`];
    const flood = await hostile((i) => raw(i, texts[i % 3]!));
    await unharmed();
    await Promise.all(flood.map(({ ended }) => ended));
  });

  it("handshakes that are broken off leave nothing open (GHSA-9mqv-5hh9-4cgg)", async () => {
    for (const parts of [0, 3, UPGRADE.length]) {
      const broken = await hostile(async (i) => {
        const { socket, ended } = await raw(i, `${UPGRADE.slice(0, parts).join("\r\n")}\r\n\r\n`);
        socket.resetAndDestroy();
        return ended;
      });
      expect(broken).toHaveLength(HOSTILE);
    }
    await unharmed();
  });

  it("the reason of a close comes back as it was, and nothing of the server's memory with it (CVE-2026-45736)", async () => {
    const answers = await hostile(async (i) => {
      const { socket, ended } = await upgraded(i);
      socket.write(frame(CLOSE, Buffer.from([0x03, 0xe8, ...Buffer.from("bye")])));
      return ended;
    });
    const echoed = answers.map((received) => received.slice(received.indexOf("\r\n\r\n") + 4));
    expect(new Set(echoed)).toEqual(new Set(["\x88\x05\x03\xe8bye"]));
    await unharmed();
  });
});

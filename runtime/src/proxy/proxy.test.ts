import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CLOSE } from "@parley/shared/protocol/close-codes";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { readConfig } from "../config.js";
import { BareClient, opened, V1Client } from "../testing/clients.js";
import { says, text, turn } from "../testing/records.js";
import { setUpWorkflow } from "../testing/workflows.js";
import { IdentityKeys } from "./identity-keys.js";
import { ProxyRole } from "./proxy.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A proxy on a free port with the flow "chat", its clock in the hand of the test. `sweep` is what its timer calls. */
async function setUp(env: Record<string, string> = { LIMITS: "off" }) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const set = await setUpWorkflow(cleanup);
  await set.start();
  const clock = { now: 1_000_000 };
  const config = readConfig([], env);
  const defaultFlow = (): string => "chat";
  const identityKeys = new IdentityKeys(undefined);
  const proxy = new ProxyRole({
    ...{ ...set.common, config, identityKeys },
    now: () => clock.now,
    random: () => 0,
    defaultFlow,
  });
  const end = new AbortController();
  cleanup.push(() => end.abort());
  proxy.start(end.signal);
  const server = createServer();
  server.on("upgrade", (request, socket, head) => proxy.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => new Promise((resolve) => server.close(resolve)));
  cleanup.push(() => proxy.closeAll(0, 0));
  const { port } = server.address() as AddressInfo;
  const settled = async (done: () => boolean): Promise<void> => {
    while (!done()) await nextTurn();
  };
  const pass = (ms: number): void => {
    clock.now += ms;
    vi.advanceTimersByTime(1_000);
  };
  return { ...set, proxy, port, url: `ws://127.0.0.1:${port}/`, clock, pass, settled };
}

const silent = async (
  url: string,
  protocol?: string,
  options = {},
): Promise<{ ws: WebSocket; closed: Promise<number> }> => {
  const ws = protocol === undefined ? new WebSocket(url, options) : new WebSocket(url, protocol, options);
  const closed = new Promise<number>((resolve) => ws.once("close", resolve));
  await opened(ws);
  return { ws, closed };
};

describe("the proxy's clock", () => {
  it("[W2] gives up a socket of parley.v1 that does not say Hello in time, and no other", async () => {
    const { url, pass, proxy, settled } = await setUp();
    const late = await silent(url, SUBPROTOCOL);
    const bare = await BareClient.connect(url);
    const greeted = await V1Client.connect(url);
    pass(5_000);
    await nextTurn();
    expect(late.ws.readyState).toBe(WebSocket.OPEN);
    pass(1);
    expect(await late.closed).toBe(CLOSE.badHello);
    await settled(() => proxy.sockets === 2);
    expect([bare.closed, greeted.closed]).toEqual([undefined, undefined]);
  });

  it("[W2] pings every 30 s, and gives up a socket that is silent for 90", async () => {
    const { url, pass, proxy, settled } = await setUp();
    const alive = await BareClient.connect(url);
    const dead = await silent(url, undefined, { autoPong: false });
    let pings = 0;
    alive.ws.on("ping", () => {
      pings += 1;
    });
    for (let seconds = 10; seconds <= 120; seconds += 10) {
      pass(10_000);
      await settled(() => pings === Math.floor(seconds / 30));
      // An answer to this says that the server has had the pong, too.
      await new Promise((resolve) => {
        alive.ws.once("pong", resolve);
        alive.ws.ping();
      });
    }
    expect(await dead.closed).toBe(1006);
    await settled(() => proxy.sockets === 1);
    expect(alive.closed).toBeUndefined();
  });
});

describe("what the proxy holds", () => {
  it("[P10] is nothing after 1,000 visitors have come, talked and gone", async () => {
    const { url, proxy, settled, pass, metrics } = await setUp();
    const said = { kind: "UserText", sessionId: "s", content: "hello" };
    const bare = async (n: number): Promise<WebSocket> => {
      const client = await BareClient.connect(url);
      await client.words(1);
      client.send(said);
      if (n % 3) await client.words(2);
      return client.ws;
    };
    const v1 = async (n: number): Promise<WebSocket> => {
      const client = await V1Client.connect(url);
      await client.seq(1);
      if (n % 3) await client.send(said).then(() => client.seq(3));
      else client.frame({ kind: "Send", id: "x", message: said });
      return client.ws;
    };
    const visit = async (n: number): Promise<void> => {
      const ws = await (n % 2 ? bare(n) : v1(n));
      if (n % 5) ws.close();
      else ws.terminate();
    };
    for (let from = 0; from < 1_000; from += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => visit(from + i)));
    }
    await settled(() => proxy.sockets === 0);
    pass(60_000); // What was on its way when its socket closed is swept.
    await settled(() => proxy.sessions === 0);
    expect((await metrics.sockets.get()).values.map(({ value }) => value)).toEqual([0, 0]);
    expect((await metrics.sessions.get()).values[0]!.value).toBe(1_000);
  });

  it("[P10] is bounded for readers that stall: they are cut off, alone, and come back without gap or repeat", async () => {
    const { url, proxy, settled, log } = await setUp();
    const quick = await V1Client.connect(url);
    const { sid, token } = quick.welcome;
    const stalled = await Promise.all(Array.from({ length: 10 }, () => V1Client.connect(url, { token })));
    await Promise.all([quick, ...stalled].map((client) => client.seq(1)));
    for (const { ws } of stalled) ws.pause();
    let runs = 0;
    while (proxy.sockets > 1 && runs < 100) {
      runs += 1;
      const run = Array.from({ length: 50 }, (_, i) => says(sid, `c.${runs}`, i + 1, "x".repeat(8_000)));
      await log.append([text(sid, `${runs}`), ...run, turn(sid, `c.${runs}`, 51)]);
      await quick.seq(1 + runs * 51);
    }
    // What the system's own buffers take, and a megabyte for each.
    expect([proxy.sockets, quick.closed, runs < 100]).toEqual([1, undefined, true]);
    for (const client of stalled) {
      client.ws.resume();
      await client.whenClosed();
      const { seq, id } = client.messages.at(-1)!;
      const back = await V1Client.connect(url, { token, after: { seq, id } });
      await back.seq(1 + runs * 51);
      const seqs = [...client.messages, ...back.messages].map((message) => message.seq);
      expect(seqs).toEqual(Array.from({ length: 1 + runs * 51 }, (_, i) => i + 1));
      back.ws.terminate();
    }
    quick.ws.terminate();
    await settled(() => proxy.sockets === 0);
  });

  it("[P9] takes no socket whose session begins while it stops taking", async () => {
    const { url, proxy, faults, settled } = await setUp();
    const commit = faults.hold();
    const late = expect(BareClient.connect(url)).rejects.toThrow("503");
    await commit.reached;
    proxy.stopTaking();
    commit.release();
    await late;
    await expect(BareClient.connect(url)).rejects.toThrow("503");
    await settled(() => proxy.sockets === 0);
  });

  it("goes on when a visitor leaves in the middle of an upgrade, or sends a broken one", async () => {
    const { url, port, proxy, faults, settled } = await setUp();
    const commit = faults.hold();
    const gone = new WebSocket(url);
    gone.on("error", () => undefined);
    await commit.reached;
    gone.terminate();
    const broken = connect(port, "127.0.0.1");
    broken.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    const answer = new Promise<string>((resolve) => broken.once("data", (data) => resolve(data.toString())));
    commit.release();
    expect(await answer).toMatch(/^HTTP\/1.1 400/);
    broken.destroy();
    const client = await BareClient.connect(url);
    await client.words(1);
    await settled(() => proxy.sockets === 1);
  });

  it("[P11] a log that takes nothing lets nobody in, and everybody once it does", async () => {
    const { url, proxy, faults } = await setUp();
    faults.fail();
    await expect(BareClient.connect(url)).rejects.toThrow("503");
    expect(proxy.sessions).toBe(0);
    expect(await (await BareClient.connect(url)).words(1)).toEqual(["StartChatSession s"]);
    faults.fail();
    const v1 = await silent(url, SUBPROTOCOL);
    v1.ws.send('{"kind":"Hello"}');
    expect(await v1.closed).toBe(CLOSE.tryAgain);
  });
});

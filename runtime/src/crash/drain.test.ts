import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { CLOSE, retryAfter } from "@parley/shared/protocol/close-codes";
import { clientId } from "@parley/shared/record";
import { afterEach, describe, expect, it } from "vitest";
import { BareClient, V1Client } from "../testing/clients.js";
import { Load } from "../testing/load.js";
import { readLogFile } from "../testing/log-file.js";
import { each } from "../testing/many.js";
import { alive, changed, launch, startServer } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { scratch } from "../testing/server.js";
import { Visitor } from "../testing/visitor.js";

/** `DRAIN`, in ms: docker kills after 10 s. */
const DRAIN = 8_000;
const JITTER = 5_000;
/** `npm run test:torture -- --storms` has more. */
const SOCKETS = process.env.STORMS === undefined ? 500 : 10_000;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(args: string[] = []) {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const server = await startServer({ dataDir: folder.path, args: ["--limits", "off", ...args] });
  cleanup.push(() => server.stop("SIGKILL"));
  return server;
}

describe("[P9] SIGTERM to the server's own pid, under load", () => {
  it(`loses nothing acknowledged, tells ${SOCKETS} sockets when to come back, and is gone in time`, {
    timeout: 300_000,
  }, async () => {
    const load = new Load(new Random(seedOfRun()));
    const server = await start();
    const chat = `${server.wsUrl}chat/bot-assistant`;
    const talking = Array.from({ length: 50 }, (_, i) => new Visitor(load, `v${i}`, { tabs: 2, resets: false }));
    const idle = await each(
      Array.from({ length: SOCKETS - 100 }),
      400,
      async (_, i): Promise<V1Client | BareClient> =>
        i % 2 === 0 ? V1Client.connect(chat) : BareClient.connect(server.wsUrl),
    );

    // All tabs first: one that came only now would be refused, and had no connection to lose.
    await Promise.all(talking.map((visitor) => visitor.connect(chat)));
    const began = await new Promise<number>((resolve) => {
      load.moment("acks", 400, 0, () => {
        process.kill(server.pid, "SIGTERM");
        resolve(performance.now());
        return true;
      });
    });
    expect(await server.ended).toEqual({ code: 0, signal: null });
    const took = performance.now() - began;
    expect(took).toBeLessThan(DRAIN);
    expect(alive(server.pid)).toBe(false);
    expect(processesWith(server.dataDir)).toEqual([]);
    await listenOn(Number(new URL(server.url).port));

    const tabs = talking.flatMap((visitor) => visitor.tabs);
    await Promise.all(tabs.map((tab) => tab.whenClosed()));
    const closes = [
      ...tabs.map((tab) => tab.close!),
      ...(await Promise.all(idle.map((client) => client.whenClosed()))),
    ];
    expect(closes.length).toBe(SOCKETS);
    expect(closes.filter(({ code }) => code !== CLOSE.restart)).toEqual([]);
    const seconds = closes.map(({ reason }) => Math.floor((retryAfter(reason) ?? Number.NaN) / 1000));
    const buckets = Array.from({ length: JITTER / 1000 }, (_, second) => seconds.filter((s) => s === second).length);
    // A fifth each on average; 6 times the deviation of a fair spread on either side.
    const [mean, far] = [SOCKETS / 5, 6 * Math.sqrt(SOCKETS * 0.2 * 0.8)];
    expect(Math.min(...buckets), `sockets by second: ${buckets}`).toBeGreaterThan(mean - far);
    expect(Math.max(...buckets), `sockets by second: ${buckets}`).toBeLessThan(mean + far);

    const log = readLogFile(server.dataDir);
    const acked = talking.flatMap((visitor) =>
      [...visitor.sent.values()].filter((entry) => entry.acks > 0).map((entry) => ({ visitor, id: entry.frame.id })),
    );
    const stored = new Set([...log].flatMap(([sid, records]) => records.map((record) => `${sid} ${record.id}`)));
    const lost = acked.filter(({ visitor, id }) => !stored.has(`${[...visitor.sids][0]} ${clientId(id)}`));
    expect(acked.length).toBeGreaterThanOrEqual(400);
    expect(lost.map(({ id }) => id)).toEqual([]);
    console.log(`drained in ${Math.round(took)} ms; ${acked.length} acknowledged; by second ${buckets}`);
  });

  it("does not wait for ever for a client that never answers the close", async () => {
    const server = await start(["--drain", "2"]);
    const client = await V1Client.connect(`${server.wsUrl}chat/bot-assistant`);
    client.ws.pause();
    const began = performance.now();
    expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    // The websocket library alone would wait for 5 s.
    expect(performance.now() - began).toBeLessThan(4_500);
    client.ws.terminate();
  });
});

describe("a start during another's drain", () => {
  it("waits for the data folder, then serves what the other acknowledged", async () => {
    const first = await start(["--drain", "2"]);
    const chat = `${first.wsUrl}chat/bot-assistant`;
    const client = await V1Client.connect(chat);
    await client.send({ kind: "ChoiceResponse", groupId: "lang", itemId: "go" });
    const last = await client.seq(4);
    // It never answers the close, so the drain takes its time.
    client.ws.pause();
    const ended = first.stop("SIGTERM");
    await first.says("draining");
    const second = launch({ dataDir: first.dataDir });
    cleanup.push(() => second.stop("SIGKILL"));
    const order: string[] = [];
    await Promise.all([
      ended.then((how) => order.push(`the first ends with ${how.code}`)),
      second.says("Websocket").then(() => order.push("the second is ready")),
    ]);
    expect(order).toEqual(["the first ends with 0", "the second is ready"]);
    const back = await V1Client.connect(`${second.wsUrl}chat/bot-assistant`, { token: client.welcome.token });
    expect(await back.seq(4)).toEqual(last);
    client.ws.terminate();
  });

  it("[P9] ends on SIGTERM though it is not there yet", async () => {
    const first = await start();
    const client = await V1Client.connect(`${first.wsUrl}chat/bot-assistant`);
    client.ws.pause();
    void first.stop("SIGTERM");
    await first.says("draining");
    const second = launch({ dataDir: first.dataDir, args: ["--drain", "1"] });
    cleanup.push(() => second.stop("SIGKILL"));
    await changed(first.dataDir, (name) => name === `.write-check-${second.pid}`);
    expect(await second.stop("SIGTERM")).toEqual({ code: 1, signal: null });
    expect(alive(first.pid)).toBe(true);
    client.ws.terminate();
  });
});

/** Command lines of processes that name this folder, where the system tells. */
function processesWith(dataDir: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return line.includes(dataDir) ? [line] : [];
    } catch {
      return []; // It has gone meanwhile.
    }
  });
}

/** Takes the port and lets go of it; rejects when another has it. */
async function listenOn(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}

import { existsSync, readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { choose, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { limitedTo, type ServerProcess, startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";

const LIMIT = 340;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(): Promise<ServerProcess> {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const server = await startServer({
    dataDir: folder.path,
    args: ["--limits", "off", "--handshake", "600"],
    under: limitedTo(`-n ${LIMIT}`),
  });
  cleanup.push(() => server.stop("SIGKILL"));
  return server;
}

/** A socket that is open, or what the server said instead. */
function knock(url: string): Promise<WebSocket | { status: number; retryAfter: string | undefined; code: string }> {
  const ws = new WebSocket(url, "parley.v1");
  return new Promise((resolve, reject) => {
    ws.once("open", () => resolve(ws));
    ws.once("error", reject);
    ws.once("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk;
      });
      response.on("end", () => {
        const { code } = JSON.parse(body) as { code: string };
        resolve({ status: response.statusCode!, retryAfter: response.headers["retry-after"], code });
      });
    });
  });
}

const proc = existsSync("/proc/self/fd");

it.skipIf(!proc)(
  `[P13] at the descriptor limit less 200 upgrades get 503, conversations go on, and all come back${proc ? "" : " (no /proc here)"}`,
  { timeout: 60_000 },
  async () => {
    const server = await start();
    const chat = `${server.wsUrl}chat/bot-assistant`;
    const open = () => readdirSync(`/proc/${server.pid}/fd`).length;
    // What is opened at the first use of it is no socket's.
    const first = await V1Client.connect(chat);
    await first.seq(2);
    await first.send(choose("lang", "go"));
    await first.seq(4);
    const before = open();

    const sockets: WebSocket[] = [];
    let refused: Awaited<ReturnType<typeof knock>> | undefined;
    while (refused === undefined && sockets.length < LIMIT) {
      const answer = await knock(chat);
      if (answer instanceof WebSocket) sockets.push(answer);
      else refused = answer;
    }
    expect(refused).toEqual({ status: 503, code: "too-many-open", retryAfter: expect.stringMatching(/^\d+$/) });
    expect(sockets.length).toBeGreaterThan(20);
    // Counted, so nearly at the very number.
    expect(Math.abs(open() - (LIMIT - 200))).toBeLessThan(50);

    // Who connects and says nothing gets no further than this leaves room for files.
    const silent: Socket[] = [];
    cleanup.push(() => silent.map((socket) => socket.destroy()));
    for (let i = 0; i < LIMIT; i++)
      silent.push(connect(Number(new URL(server.url).port), "127.0.0.1").on("error", ignore));
    expect(await first.send(choose("others", "no"))).toMatchObject({ kind: "Ack" });
    await first.until(() => first.all.filter((frame) => frame.kind === "Turn").length === 3, "its answer");
    expect(open()).toBeLessThan(LIMIT - 50);
    for (const socket of silent) socket.destroy();

    for (const ws of sockets) ws.terminate();
    await eventually(() => expect(open()).toBeLessThanOrEqual(before));
    await eventually(async () => (await V1Client.connect(chat)).close());
    const { text } = await metrics(server);
    expect(text).toMatch(/parley_refusals_total\{reason="too-many-open"\} 1$/m);
    expect(server.output()).not.toMatch(/EMFILE/);
  },
);

const ignore = (): void => undefined;
const metrics = async (server: ServerProcess) => ({ text: await (await fetch(`${server.url}metrics`)).text() });

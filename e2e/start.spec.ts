import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import Database from "better-sqlite3";
import { freshFolder, run, startServer } from "./support/server.js";

/** Runs in each process before its own code: tries to make a function of a text, and says of which program and how it went. */
const PROBE = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  let outcome = "refuses";
  try { new (Object.getPrototypeOf(() => 0).constructor)("return 1"); outcome = "evaluates"; } catch {}
  writeSync(2, process.argv[1] + " " + outcome + "\\n");
`)}`;

for (const [what, via, signal, to] of [
  ["SIGTERM to npm's pid", "npm", "SIGTERM", "pid"],
  ["SIGINT to npm's pid", "npm", "SIGINT", "pid"],
  ["Ctrl+C in a terminal: SIGINT to all, and once more from npm", "npm", "SIGINT", "group"],
  ["SIGTERM to a shell that waits for npm", "shell", "SIGTERM", "pid"],
  ["kill -9 of npm", "npm", "SIGKILL", "pid"],
] as const) {
  test(`[P9] npm start prints the addresses; ${what} drains it: the port is free`, async () => {
    const env = { NODE_OPTIONS: `--import ${PROBE}` };
    const server = await startServer({ via, args: ["--drain", "2"], ownGroup: to === "group", env });
    expect(server.output()).toMatch(/Websocket\s+ws:\/\/localhost:\d+\//);
    // npm itself may; the server that it starts makes no code of a text.
    expect(server.output()).toContain("start.mjs refuses");
    const visitor = await openSocket(server.url);
    const { code } = await server.stop(signal, to);
    // A shell and an npm that were killed tell nothing of the server.
    expect(code).toBe(via === "npm" && signal !== "SIGKILL" ? 0 : null);
    expect(server.output()).toContain("draining");
    expect(await visitor.closing()).toContain("retry-after=");
    await listenOn(Number(new URL(server.url).port));
  });
}

/** A websocket that answers nothing, so that a drain takes its time. */
async function openSocket(url: string): Promise<{ closing(): Promise<string> }> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let received = "";
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const key = randomBytes(16).toString("base64");
  const opened = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (received.includes("101 Switching Protocols")) resolve();
    });
  });
  socket.on("error", () => undefined); // A server that ends cuts it off.
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await opened;
  return { closing: () => ended.then(() => received) };
}

/** Takes the port and lets go of it; rejects when another has it. */
async function listenOn(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const free = createServer().once("error", reject);
    free.listen(port, "127.0.0.1", () => free.close(() => resolve()));
  });
}

/** A start that has to fail: its exit code and what it says. */
async function fails(options: Parameters<typeof run>[0]): Promise<{ code: number | null; says: string }> {
  const { ended, output } = run(options);
  const { code } = await ended;
  return { code, says: output() };
}

test("bad flags and flows: exit code 2 and one sentence", async () => {
  expect(await fails({ args: ["--prot", "1"] })).toMatchObject({ code: 2, says: expect.stringContaining("--prot") });
  expect(await fails({ args: ["--limits", "maybe"] })).toMatchObject({
    code: 2,
    says: expect.stringContaining("--limits"),
  });
  const folder = freshFolder().replace(/data$/, "");
  const flow = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  for (const [path, word] of [
    [join(folder, "missing.json"), "no flow file"],
    [flow("no-json.json", "{"), "not-a-flow"],
    [flow("list.json", "[]"), "not-a-flow"],
    [flow("errors.json", '{"a":{"sendRequest":{"kind":"BotText","content":"x"},"next":"b"}}'), "next-missing"],
    [flow("Bad Name.json", "{}"), "flow-name"],
  ] as const) {
    const { code, says } = await fails({ args: [path] });
    expect(says.trim().split("\n").length, says).toBe(1);
    expect(says).toContain(word);
    expect(code).toBe(2);
  }
});

test("a port in use, a data folder in use, a log of a newer version: one sentence", async () => {
  const server = await startServer();
  expect(await fails({ port: new URL(server.url).port })).toMatchObject({
    code: 1,
    says: expect.stringContaining("port-in-use"),
  });
  expect(await fails({ dataDir: server.dataDir })).toMatchObject({ code: 1, says: expect.stringContaining("in-use") });
  await server.stop("SIGKILL");
  const db = new Database(join(server.dataDir, "log.db"));
  db.pragma("user_version = 99");
  db.close();
  expect(await fails({ dataDir: server.dataDir })).toMatchObject({
    code: 1,
    says: expect.stringContaining("newer-version"),
  });
  expect(await fails({ dataDir: "/proc/parley" })).toMatchObject({
    code: 1,
    says: expect.stringContaining("not-writable"),
  });
});

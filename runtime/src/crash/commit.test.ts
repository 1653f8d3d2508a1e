import { join } from "node:path";
import { clientId } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterEach, expect, it } from "vitest";
import { choose, V1Client } from "../testing/clients.js";
import { readLogFile } from "../testing/log-file.js";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const server = await startServer({ dataDir: folder.path, args: ["--limits", "off"] });
  cleanup.push(() => server.stop("SIGKILL"));
  /** Takes the log's one write lock, as another program would; the function lets go of it. */
  const lock = (): (() => void) => {
    const db = new Database(join(folder.path, "log.db"), { timeout: 5_000 });
    db.exec("BEGIN IMMEDIATE");
    return () => db.close();
  };
  const ready = async () => (await (await fetch(`${server.url}readyz`)).json()) as { ready: boolean; log: object };
  return { chat: `${server.wsUrl}chat/bot-assistant`, dataDir: folder.path, lock, ready };
}

it("[P1] sends no Ack while a commit is held, and none before the record is in the file", async () => {
  const { chat, dataDir, lock } = await start();
  const clients = await Promise.all(Array.from({ length: 20 }, () => V1Client.connect(chat)));
  await Promise.all(clients.map((client) => client.seq(2)));
  const early: string[] = [];
  for (const { ws, welcome } of clients) {
    ws.on("message", (data) => {
      const frame = JSON.parse(data.toString()) as { kind: string; id: string };
      if (frame.kind !== "Ack") return;
      const records = readLogFile(dataDir).get(welcome.sid) ?? [];
      if (!records.some((record) => record.id === clientId(frame.id))) early.push(frame.id);
    });
  }
  const release = lock();
  const acks = clients.map((client, i) => client.send(choose("lang", "go"), { id: `x${i}` }));
  // The writer waits for the lock for a second; in that time the server answers everything else.
  for (let i = 0; i < 5; i++) {
    for (const client of clients) client.frame({ kind: "Ping" });
    for (const client of clients) {
      await client.until(() => client.all.filter((frame) => frame.kind === "Pong").length > i, "Pong");
    }
  }
  const told = clients.flatMap((c) => c.all.filter((f) => f.kind === "Ack" || (f.kind === "Message" && f.seq > 2)));
  expect(told).toEqual([]);
  release();
  expect((await Promise.all(acks)).map((frame) => frame.kind)).toEqual(clients.map(() => "Ack"));
  // And without anybody in the way.
  for (let i = 0; i < 10; i++) {
    await Promise.all(clients.map((client, n) => client.send(choose("others", "none"), { id: `y${i}-${n}` })));
  }
  expect(early).toEqual([]);
});

it("[P11] while another program holds the log nothing is acknowledged, and then service resumes by itself", async () => {
  const { chat, lock, ready } = await start();
  const client = await V1Client.connect(chat);
  await client.seq(2);
  const release = lock();
  expect(await client.send(choose("lang", "go"), { id: "x" })).toMatchObject({ kind: "Nack", id: "x", code: "busy" });
  expect(client.all.at(-1)).toHaveProperty("retryAfter");
  expect(await ready()).toMatchObject({ ready: true, log: { ok: false, problem: expect.stringContaining("locked") } });
  await expect(V1Client.connect(chat)).rejects.toThrow("1013 retry-after=");
  release();
  for (let at = 1; ; at++) {
    const answer = await client.send(choose("lang", "go"), { id: "x" });
    if (answer.kind === "Ack") break;
    expect(at, "the log is free again").toBeLessThan(20);
  }
  await client.seq(4);
  expect(client.words.slice(2)).toEqual(["3 ChoiceResponse lang go", "4 ChoiceRequest others"]);
  expect(await ready()).toMatchObject({ ready: true, log: { ok: true } });
  await (await V1Client.connect(chat)).seq(2);
});

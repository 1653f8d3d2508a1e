import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it, onTestFailed } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { sidOfCookie } from "../proxy/sessions.js";
import { BareVisitor } from "../testing/bare-visitor.js";
import { choose, V1Client } from "../testing/clients.js";
import { Load } from "../testing/load.js";
import { Random, seedOfRun } from "../testing/random.js";
import { FLOWS, scratch, serve } from "../testing/server.js";
import { type Fault, TcpProxy } from "../testing/tcp-proxy.js";
import { gaps, linesOfFrames, linesOfLog, outcomes } from "../testing/verdict.js";
import { Visitor } from "../testing/visitor.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

describe("[P4] a network that fails", () => {
  const kinds = ["cut", "silence"] as const;
  const directions = ["up", "down"] as const;
  const faults = kinds.flatMap((kind) => directions.map((direction) => [kind, direction] as const));

  async function start() {
    const seed = seedOfRun();
    onTestFailed(() => console.error(`PARLEY_SEED=${seed} repeats this run.`));
    const load = new Load(new Random(seed));
    const runtime = await serve(createMemoryLog({ partitions: 2 }), { env: { LIMITS: "off" } });
    cleanup.push(() => runtime.drain());
    const proxy = await TcpProxy.before(runtime.wsUrl);
    cleanup.push(() => proxy.close());
    /** Bytes until the fault: often within the handshake, sometimes late. */
    const fault = (kind: Fault["kind"], direction: Fault["direction"]) => (): Fault => {
      const most = load.random.pick(direction === "up" ? [400, 1200, 3000] : [400, 3000, 12_000]);
      return { kind, direction, after: load.random.int(1, most) };
    };
    return { load, runtime, proxy, fault };
  }

  it.each(faults)("parley.v1, %s after some bytes %s: the client's numbers are 1..n", async (kind, direction) => {
    const { load, runtime, proxy, fault } = await start();
    proxy.next = fault(kind, direction);
    const visitor = new Visitor(load, "v", { tabs: 1, resets: false });
    const tab = visitor.tabs[0]!;
    proxy.onSilence = () => tab.giveUp();
    const chat = `${runtime.wsUrl}chat/bot-assistant`;
    for (let connections = 0; connections < 60; connections++) {
      await visitor.connect(proxy.url(chat));
      await tab.whenClosed();
    }
    load.stopping = true;
    await visitor.connect(chat);
    await tab.until(() => tab.unacked.length === 0);
    const last = tab.setNothing();
    await tab.until(() => tab.lastTurn?.of === last);

    const records = await runtime.log.read([...visitor.sids][0]!);
    const lines = linesOfLog(records);
    expect(visitor.sids.size).toBe(1);
    expect(visitor.unexpected).toEqual([]);
    expect(gaps(tab.received, lines)).toEqual([]);
    expect(linesOfFrames(tab.received)).toEqual(lines);
    const found = outcomes(records);
    expect([...visitor.sent.keys()].map((id) => found.get(id))).toEqual([...visitor.sent].map(() => 1));
    expect(lines.length).toBeGreaterThan(60);
  });

  it("the bare protocol: each pane is the conversation from its start", async () => {
    const { load, runtime, proxy, fault } = await start();
    const visitor = new BareVisitor(load, "b");
    for (let connections = 0; connections < 40; connections++) {
      proxy.next = fault("cut", load.random.pick(directions));
      await visitor.connect(proxy.url(runtime.wsUrl));
      await visitor.whenClosed();
    }
    load.stopping = true;
    await visitor.connect(runtime.wsUrl);
    await visitor.until("Great, thanks!");
    const messages = linesOfLog(await runtime.log.read(sidOfCookie(visitor.cookie!))).map((line) => line.message);
    for (const { shown } of visitor.watching) expect(shown).toEqual(messages.slice(0, shown.length));
    expect(visitor.watching.at(-1)!.shown).toEqual(messages);
  });
});

describe("[P4] an older backup put back", () => {
  const argv = [join(FLOWS, "bot-assistant.json")];

  /** A server on the folder, ended by the function it comes with. */
  async function start(dataDir: string) {
    const runtime = await serve(undefined, { argv: [...argv, "--data-dir", dataDir] });
    cleanup.push(() => runtime.drain());
    return { chat: `${runtime.wsUrl}chat/bot-assistant`, end: () => runtime.drain() };
  }

  /** A client that has more than the backup does, which then replaces the log alone: what was derived from it is newer. */
  async function restored() {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const [file, backup] = [join(folder.path, "log.db"), join(folder.path, "backup.db")];
    const first = await start(folder.path);
    const client = await V1Client.connect(first.chat);
    const { token } = client.welcome;
    await client.send(choose("lang", "go"), { id: "a" });
    await client.seq(4);
    const source = new Database(file, { readonly: true });
    await source.backup(backup);
    source.close();
    await client.send(choose("others", "yes"), { id: "b" });
    const last = await client.seq(6);
    await first.end();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    cpSync(backup, file);
    return { token, after: { seq: last.seq, id: last.id }, ...(await start(folder.path)) };
  }

  it("says Resync to a client that has more than the log", async () => {
    const { chat, token, after } = await restored();
    const client = await V1Client.connect(chat, { token, after });
    await client.seq(4);
    expect(client.all[1]).toEqual({ kind: "Resync" });
    expect(client.words.slice(2)).toEqual(["3 ChoiceResponse lang go", "4 ChoiceRequest others"]);
  });

  it("says Resync when the session has grown past what the client has", async () => {
    const { chat, token, after } = await restored();
    const other = await V1Client.connect(chat, { token });
    await other.send(choose("others", "yes"), { id: "c" });
    await other.seq(6);
    await other.send(choose("lang", "rust"), { id: "d" });
    await other.seq(8);
    const client = await V1Client.connect(chat, { token, after });
    await client.seq(8);
    expect(client.all[1]).toEqual({ kind: "Resync" });
    expect(linesOfFrames(client.messages)).toEqual(linesOfFrames(other.messages));
    await client.send(choose("others", "no"), { id: "b" });
    expect((await client.seq(10)).message).toMatchObject({ content: "Great, thanks!" });
  });
});

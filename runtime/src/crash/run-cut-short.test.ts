import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@parley/shared/flow/compile";
import type { LogRecord } from "@parley/shared/record";
import { replay, runRecords } from "@parley/shared/session/replay";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog, createMemoryStore, type MemoryStore } from "../log/memory.js";
import { choose, type, V1Client } from "../testing/clients.js";
import { FLOWS, serve } from "../testing/server.js";
import { contradictions, linesOfFrames, linesOfInputs, linesOfLog } from "../testing/verdict.js";

const program = compile(JSON.parse(readFileSync(join(FLOWS, "bot-assistant.json"), "utf8")));
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/**
 * A server over the store that ends at the first commit with a record of id `dies`: the first `kept` records of that
 * commit are stored, and nobody is told of any. `died` resolves then; `atDeath` is called before anything else happens.
 */
async function start(store: MemoryStore, dies?: string, kept = 0, atDeath = (): void => undefined) {
  let ended = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const log = createMemoryLog({
    store,
    beforeCommit: async (group) => {
      const records = group as LogRecord[];
      if (!records.some((record) => record.id === dies)) return;
      atDeath();
      // A second log takes the store over: the first one, as a process that has ended, stores nothing any more.
      await createMemoryLog({ store }).append(records.slice(0, kept));
      ended();
      throw new Error("This process has ended.");
    },
  });
  const runtime = await serve(log);
  cleanup.push(() => runtime.drain());
  return { chat: `${runtime.wsUrl}chat/bot-assistant`, log, died };
}

/** Of the commit that answers `c.x`: the answer, the request of its run, its `Turn`. */
const RUN = ["c.x", "b.c.x.0.1", "b.c.x.0.2"];
const SHOWN = [
  "1 BotText Hi, I'm Bot! Nice to meet you.",
  "2 ChoiceRequest lang",
  "3 ChoiceResponse lang other",
  "4 StartChatSession langPreference",
];

/** A conversation whose server ends while it stores the answer `x` and its run. @returns what the client had by then */
async function cutShort(store: MemoryStore, kept: number): Promise<V1Client> {
  const first = await start(store, "c.x", kept, () => client?.ws.terminate());
  const client = await V1Client.connect(first.chat);
  await client.seq(2);
  client.frame({ kind: "Send", id: "x", message: choose("lang", "other") });
  await first.died;
  expect(client.all.filter((frame) => frame.kind === "Ack")).toEqual([]);
  return client;
}

describe("[P8] a crash between the records of a run", () => {
  it.each([0, 1, 2, 3])("after %d of them: recorded once and shown once", async (kept) => {
    const store = createMemoryStore(2);
    const before = await cutShort(store, kept);
    const { sid, token } = before.welcome;
    expect(
      store.sessions
        .get(sid)!
        .map((row) => JSON.parse(row.data).id)
        .slice(4),
    ).toEqual(RUN.slice(0, kept));

    const second = await start(store);
    const after = await V1Client.connect(second.chat, { token, after: { seq: 2, id: before.messages[1]!.id } });
    expect(await after.send(choose("lang", "other"), { id: "x" })).toEqual({ kind: "Ack", id: "x" });
    await after.until(() => after.all.find((frame) => frame.kind === "Turn" && frame.of === "x"), "the turn");
    expect([...before.words, ...after.words], "each message once over both sockets").toEqual(SHOWN);

    const records = await second.log.read(sid);
    expect(linesOfLog(records)).toEqual(linesOfFrames([...before.messages, ...after.messages]));
    expect(linesOfInputs(records, program)).toEqual(linesOfLog(records));
    expect(contradictions(records)).toEqual([]);
  });

  it.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ])("after %d of them, and again after %d of those that the next server wrote", async (kept, again) => {
    const store = createMemoryStore(2);
    const { sid, token } = (await cutShort(store, kept)).welcome;
    const next = createMemoryLog({ store });
    const { owed } = replay(await next.read(sid), () => program);
    const run = owed[0]!;
    await next.append(runRecords(run, { timestamp: "2026-01-01T00:00:00.000Z", fence: 0 }).slice(0, again));

    const third = await start(store);
    const fresh = await V1Client.connect(third.chat, { token });
    await fresh.until(() => fresh.all.find((frame) => frame.kind === "Turn" && frame.of === "x"), "the turn");
    expect(fresh.words).toEqual(SHOWN);
    await fresh.send(type("langPreference", "Zig"));
    expect((await fresh.seq(7)).message).toMatchObject({ kind: "ChoiceRequest", groupId: "others" });
    expect(contradictions(await third.log.read(sid))).toEqual([]);
  });

  it.each([1, 2, 3])(
    "in the first run of a session, after %d: it is finished though nobody knows of it",
    async (kept) => {
      const store = createMemoryStore(2);
      const first = await start(store, "s.1", kept);
      await expect(V1Client.connect(first.chat)).rejects.toThrow("1013");
      await start(store);
      const [rows = []] = [...store.sessions.values()];
      const records = rows.map((row) => JSON.parse(row.data) as LogRecord);
      expect(linesOfLog(records).map((line) => line.message.kind)).toEqual(["BotText", "ChoiceRequest"]);
    },
  );
});

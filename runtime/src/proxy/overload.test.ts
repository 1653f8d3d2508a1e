import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { choose, V1Client } from "../testing/clients.js";
import { everything } from "../testing/log-readers.js";
import { serve } from "../testing/server.js";

const VISITORS = 60;
const EACH = 3;
/** The log takes so many inputs before it says that it is busy. */
const BOUND = 60;

it("[P10] three times what the log can take: the rest is told to come back, and nothing is lost or counted twice", async () => {
  let release: (() => void) | undefined;
  let stalled: Promise<void> | undefined;
  const log = createMemoryLog({ partitions: 2, maxQueued: BOUND, beforeCommit: () => stalled });
  // Limits are on, and everybody has an address of his own.
  const runtime = await serve(log, { env: { TRUST_PROXY: "1" } });
  onTestFinished(async () => {
    release?.();
    await runtime.drain();
  });
  const clients = await Promise.all(
    Array.from({ length: VISITORS }, (_, i) =>
      V1Client.connect(`${runtime.wsUrl}chat/bot-assistant`, {}, { "X-Forwarded-For": `192.0.2.${i}` }),
    ),
  );
  await Promise.all(clients.map((client) => client.seq(2)));

  stalled = new Promise((resolve) => {
    release = resolve;
  });
  const ids = clients.map((_, i) => Array.from({ length: EACH }, (_, n) => `${i}-${n}`));
  const say = (i: number, id: string) => clients[i]!.frame({ kind: "Send", id, message: choose("lang", "go") });
  const told = (i: number, kind: "Ack" | "Nack") => clients[i]!.all.flatMap((f) => (f.kind === kind ? [f] : []));
  const count = (kind: "Ack" | "Nack") => clients.reduce((sum, _, i) => sum + told(i, kind).length, 0);
  for (const [i, own] of ids.entries()) for (const id of own) say(i, id);
  // What is being committed is not queued any more, and not another bound of it.
  while (count("Nack") < VISITORS * EACH - 2 * BOUND) await nextTurn();
  expect(count("Ack")).toBe(0);
  for (const frame of clients.flatMap((_, i) => told(i, "Nack"))) {
    expect(frame).toMatchObject({ code: "busy", retryAfter: expect.any(Number) });
  }

  stalled = undefined;
  release!();
  await Promise.all(
    clients.map(async (client, i) => {
      for (const id of ids[i]!) {
        for (;;) {
          const answer = await client.until(
            () => client.all.findLast((f) => (f.kind === "Ack" || f.kind === "Nack") && f.id === id),
            `an answer to ${id}`,
          );
          if (answer.kind === "Ack") break;
          const before = told(i, "Nack").length + told(i, "Ack").length;
          say(i, id);
          await client.until(() => told(i, "Nack").length + told(i, "Ack").length > before, "another answer");
        }
      }
    }),
  );
  const stored = (await everything(log)).flatMap(({ id }) => (id.startsWith("c.") ? [id.slice(2)] : []));
  expect(stored.sort()).toEqual(ids.flat().sort());
  for (const client of clients) await client.seq(4);
});

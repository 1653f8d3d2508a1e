import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { choose, V1Client } from "../testing/clients.js";
import { serve } from "../testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it("[P3] [F6] tells what became of a message also when it was sent twice at once", async () => {
  const runtime = await serve(createMemoryLog({ partitions: 1 }));
  cleanup.push(() => runtime.drain());
  const client = await V1Client.connect(`${runtime.wsUrl}chat/bot-assistant`);
  await client.seq(2);
  const stale = { kind: "Send", id: "x", re: 1, message: choose("lang", "go") };
  client.frame(stale);
  client.frame(stale);
  await client.until(() => client.all.find((frame) => frame.kind === "Refused" && frame.id === "x"), "Refused");
  await client.until(() => client.all.filter((frame) => frame.kind === "Ack").length === 2, "both acknowledgements");
});

it("[P1] [P3] acknowledges no repeat of a message that could not be stored", async () => {
  let broken = false;
  const log = createMemoryLog({
    partitions: 1,
    beforeCommit: () => {
      if (broken) throw new Error("the disk is away");
    },
  });
  const runtime = await serve(log);
  cleanup.push(() => runtime.drain());
  const chat = `${runtime.wsUrl}chat/bot-assistant`;
  const one = await V1Client.connect(chat);
  const two = await V1Client.connect(chat, { token: one.welcome.token });
  await Promise.all([one.seq(2), two.seq(2)]);
  broken = true;
  const answers = () => [one, two].map(({ all }) => all.filter((f) => f.kind === "Nack" || f.kind === "Ack"));
  for (const client of [one, one, two]) client.frame({ kind: "Send", id: "x", message: choose("lang", "go") });
  await one.until(() => answers()[0]!.length === 2, "two answers");
  await two.until(() => answers()[1]!.length === 1, "an answer");
  const busy = { kind: "Nack", id: "x", code: "busy", retryAfter: 1000 };
  expect(answers()).toEqual([[busy, busy], [busy]]);
  broken = false;
  expect(await two.send(choose("lang", "go"), { id: "x" })).toEqual({ kind: "Ack", id: "x" });
  await Promise.all([one.seq(4), two.seq(4)]);
  expect(one.words).toEqual(two.words);
});

import { setImmediate as nextTurn } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog } from "../log/memory.js";
import { eventually } from "../testing/eventually.js";
import { sidOf, text } from "../testing/records.js";
import { Tails } from "./tails.js";

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());

it("a partition is read from the moment it is needed on until nobody has needed it for a while", async () => {
  const memory = createMemoryLog({ partitions: 2 });
  const reading: number[] = [];
  const log: EventLog = {
    ...memory,
    async *subscribe(partition, ...rest) {
      reading.push(partition);
      try {
        yield* memory.subscribe(partition, ...rest);
      } finally {
        reading.splice(reading.indexOf(partition), 1);
      }
    },
  };
  let now = 0;
  const came: string[] = [];
  const tails = new Tails({
    ...{ log, logger: pino({ level: "silent" }), now: () => now },
    only: () => true,
    push: (record) => came.push(record.id),
    lost: () => undefined,
  });
  tails.start(end.signal);
  await log.append([text(sidOf(0), "before")]);
  expect(reading).toEqual([]);
  await Promise.all([tails.need(0), tails.need(0)]);
  expect(tails.need(0), "known at once from then on").toBeUndefined();
  await log.append([text(sidOf(0), "a"), text(sidOf(0), "b")]);
  await log.append([text(sidOf(1), "elsewhere")]);
  await eventually(() => expect(came).toEqual(["c.a", "c.b"]));
  expect(reading).toEqual([0]);

  now += 60_000;
  tails.sweep(new Set([0]));
  now += 30_000;
  tails.sweep(new Set());
  await nextTurn();
  expect(reading).toEqual([0]);
  now += 1;
  tails.sweep(new Set());
  await eventually(() => expect(reading).toEqual([]));
  await log.append([text(sidOf(0), "unread")]);
  await tails.need(0);
  await log.append([text(sidOf(0), "c")]);
  await eventually(() => expect(came).toEqual(["c.a", "c.b", "c.c"]));
});

it("one whose beginning cannot be known is asked for again", async () => {
  const memory = createMemoryLog({ partitions: 1 });
  let away = true;
  const head = () => (away ? Promise.reject(new Error("away")) : memory.head(0));
  const came: string[] = [];
  const tails = new Tails({
    ...{ log: { ...memory, head }, logger: pino({ level: "silent" }), now: () => 0 },
    only: () => true,
    push: (record) => came.push(record.id),
    lost: () => undefined,
  });
  tails.start(end.signal);
  await expect(tails.need(0)).rejects.toThrow("away");
  away = false;
  await tails.need(0);
  await memory.append([text(sidOf(0), "a")]);
  await eventually(() => expect(came).toEqual(["c.a"]));
});

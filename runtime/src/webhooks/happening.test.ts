import { expect, it } from "vitest";
import type { HandOff } from "../projection/hand-offs.js";
import { eventId, happeningsOf } from "./happening.js";

const [OPENED, TAKEN, PASSED, ENDED] = [1, 2, 3, 4].map((n) => `2026-11-26T00:00:0${n}.000Z`) as [
  ...[string, string, string, string],
];
const none = {
  ...{
    request: undefined,
    timeout: undefined,
    queue: undefined,
    taken: undefined,
    takenBy: undefined,
    holder: undefined,
  },
  ...{ name: undefined, ended: undefined, outcome: undefined, said: undefined, saidAt: undefined },
};
const row = (more: Partial<HandOff>): HandOff => ({
  ...{ sid: "0".repeat(40), k: 1, n: 2, flow: "f", version: 1, id: "b.c.1.0.1", chat: "help", seq: 1 },
  ...none,
  ...{ opened: OPENED, since: OPENED, texts: [], replied: 0, ...more },
});
const told = (more: Partial<HandOff>) => happeningsOf(row(more)).map(({ kind, at }) => [kind.slice(13), at]);

it("a hand-off tells that it waits, is taken first, and ended; one taken over by hand does not wait", () => {
  expect(told({})).toEqual([["waiting", OPENED]]);
  const taken = { taken: TAKEN, since: TAKEN, holder: "person:Ada", name: "Ada" };
  expect(told(taken)).toEqual([
    ["waiting", OPENED],
    ["taken", TAKEN],
  ]);
  expect(told({ ...taken, holder: undefined, ended: ENDED, outcome: "closed" })).toEqual([
    ["waiting", OPENED],
    ["taken", TAKEN],
    ["ended", ENDED],
  ]);
  expect(told({ ...taken, chat: undefined, since: OPENED })).toEqual([["taken", TAKEN]]);
});

it("one that is passed on to whoever comes waits once more, under a number of its own", () => {
  const passed = { taken: TAKEN, since: PASSED, chat: undefined };
  expect(told(passed)).toEqual([
    ["taken", TAKEN],
    ["waiting", PASSED],
  ]);
  const ids = (more: Partial<HandOff>) => happeningsOf(row(more)).map(eventId);
  const all = [...ids({}), ...ids(passed), ...ids({ ...passed, since: ENDED })];
  // The second reading of a taking is the same event.
  expect(new Set(all).size).toBe(all.length - 1);
  expect(ids({ said: "another text", queue: "Sales" })).toEqual(ids({}));
});

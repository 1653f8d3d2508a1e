import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMetrics } from "../metrics.js";
import { StudioStore } from "../studio/store.js";
import type { Call } from "./call.js";
import { eventId, type Happening } from "./happening.js";
import { Webhooks } from "./webhooks.js";

const START = Date.parse("2026-11-26T00:00:00.000Z");
const HOUR = 3_600_000;
const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});

/** Webhooks on a clock of their own; nothing comes back by itself, since nothing is started. */
function setUp(answer: (call: Call) => Promise<{ status: number }>) {
  const clock = { now: START };
  const now = () => clock.now;
  const store = new StudioStore(":memory:", now);
  cleanup.push(() => store.close());
  const calls: { at: number; id: string; url: string }[] = [];
  const call = (what: Call) => {
    calls.push({ at: clock.now - START, id: what.headers["webhook-id"]!, url: what.url });
    return answer(what);
  };
  const common = { logger: pino({ level: "silent" }), metrics: createMetrics({ process: false }) };
  const make = () => new Webhooks({ store, allow: [], call, now, ...common });
  const add = (id: string) =>
    store.webhooks.add({ id, url: `https://${id}/`, secret: "whsec_eA==", texts: true, by: "Owner", created: START });
  add("a");
  return { clock, store, calls, make, add };
}

const happening = (record: string, at = START): Happening => ({
  kind: "conversation.waiting",
  at: new Date(at).toISOString(),
  ...{ sid: "0".repeat(40), flow: "f", conversation: "0".repeat(40), record, text: "my secret words" },
});
const down = async () => ({ status: 503 });
const fine = async () => ({ status: 200 });

describe("an event is sent until it is taken", () => {
  it("ever more seldom, and is given up after a day", async () => {
    const { clock, store, calls, make } = setUp(down);
    const hooks = make();
    hooks.happened([happening("one")]);
    for (;;) {
      await hooks.settled();
      const next = store.webhooks.next();
      if (next === undefined) break;
      clock.now = next - 1;
      hooks.sendDue();
      clock.now = next;
      hooks.sendDue();
    }
    const waits = calls.slice(1).map(({ at }, i) => (at - calls[i]!.at) / 1000);
    expect(waits).toEqual([5, 15, 45, 135, 405, 1215, 3645, 10_935, 14_400, 14_400, 14_400, 14_400]);
    expect(new Set(calls.map(({ id }) => id))).toEqual(new Set([eventId(happening("one"))]));
    expect(store.webhooks.last("a")).toMatchObject([{ state: "given-up", tries: 13, next: null, status: 503 }]);
    // Found once more, it stays what it is; and of its text nothing is kept.
    make().happened([happening("one")]);
    expect(calls).toHaveLength(13);
    expect(store.webhooks.last("a")).toHaveLength(1);
  });

  it("once where it is found twice, also by another start; none older than the webhook or than a day", async () => {
    const { clock, store, calls, make } = setUp(fine);
    const hooks = make();
    hooks.happened([happening("one"), happening("one"), happening("old", START - 1)]);
    await hooks.settled();
    const next = make();
    next.happened([happening("one"), happening("two")]);
    await next.settled();
    expect(calls.map(({ id }) => id)).toEqual([eventId(happening("one")), eventId(happening("two"))]);
    clock.now += 24 * HOUR + 1;
    next.happened([happening("three")]);
    expect(calls).toHaveLength(2);
    expect(eventId({ ...happening("one"), kind: "conversation.ended" })).not.toBe(eventId(happening("one")));
    // After a week it is no longer listed.
    clock.now += 7 * 24 * HOUR;
    hooks.sendDue();
    expect(store.webhooks.last("a")).toEqual([]);
  });

  it("[P1] is noted before it is sent, and sent by the next start where a stop has cut it", async () => {
    const never = setUp(() => new Promise(() => undefined));
    never.make().happened([happening("one")]);
    expect(never.calls).toHaveLength(1);
    expect(never.store.webhooks.last("a")).toMatchObject([{ state: "waiting", tries: 0 }]);
    never.make().sendDue();
    expect(never.calls.map(({ id }) => id)).toEqual([1, 2].map(() => eventId(happening("one"))));
  });

  it("[P10] in nobody's way: one that never answers has two calls at once, and another gets all of its own", async () => {
    const { store, calls, make, add } = setUp(({ url }) =>
      url === "https://a/" ? new Promise(() => undefined) : fine(),
    );
    add("b");
    const all = Array.from({ length: 20 }, (_, n) => happening(`r${n}`));
    const hooks = make();
    hooks.happened(all);
    // `settled` would wait for the one that never answers.
    while (store.webhooks.last("b").some(({ state }) => state !== "delivered")) await new Promise(setImmediate);
    expect(calls.filter(({ url }) => url === "https://a/")).toHaveLength(2);
    expect(calls.filter(({ url }) => url === "https://b/")).toHaveLength(20);
  });

  it("is noted later where the file could not be written", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    cleanup.push(() => vi.useRealTimers());
    const { store, calls, make } = setUp(fine);
    const hooks = make();
    const note = vi.spyOn(store.webhooks, "note").mockImplementationOnce(() => {
      throw new Error("database is locked");
    });
    hooks.happened([happening("one")]);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(5_000);
    await hooks.settled();
    expect([note.mock.calls.length, calls.length]).toEqual([2, 1]);
  });

  it("is removed with its webhook, and with the conversation that it is about", async () => {
    const { store, calls, make } = setUp(down);
    const hooks = make();
    hooks.happened([happening("one")]);
    await hooks.settled();
    store.webhooks.forget("0".repeat(40));
    expect(store.webhooks.last("a")).toEqual([]);
    hooks.happened([happening("two")]);
    await hooks.settled();
    store.webhooks.remove("a");
    expect(store.webhooks.next()).toBeUndefined();
    expect(calls).toHaveLength(2);
  });
});

import type { LogRecord } from "@parley/shared/record";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AppendError } from "../log/event-log.js";
import { ERASED, first, sidOf, text, turn } from "../testing/records.js";
import { restarts, setUpWorkflow, shown } from "../testing/workflows.js";
import { type Place, placeMemory } from "./place.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0).reverse()) await step();
});
const setUp = (options?: Parameters<typeof setUpWorkflow>[1]) => setUpWorkflow(cleanup, options);

const [one, two, three] = [sidOf(1), sidOf(2), sidOf(3)];

/** The records of the run that answers the text `id` of a session. */
async function answerOf(sid: string, content: string, id = "1"): Promise<LogRecord[]> {
  const { log, start } = await setUp();
  await log.append([first(sid)]);
  await log.append([text(sid, id, content)]);
  await start();
  return (await log.read(sid)).filter((record) => "of" in record && record.of === `c.${id}`);
}

describe("a workflow's start", () => {
  it("[L1] finishes the runs that are unfinished, whichever part of them is there, before it is ready", async () => {
    const { log, start } = await setUp();
    await log.append([first(one)]);
    await log.append([first(two)]);
    const stop = await start();
    await stop();
    expect((await log.read(one)).map((record) => record.id)).toEqual(["s.1", "b.s.1.0.1", "b.s.1.0.2"]);
    await log.append([text(one, "1", "Ada")]);
    await log.append([text(two, "1", "Bob")]);
    await log.append((await answerOf(one, "Ada")).slice(0, 1)); // cut off before its Turn
    await log.append([first(three)]);
    await start();
    expect(await shown(log, one, 2)).toEqual(["StartChatSession", "Ada", "one Ada"]);
    expect(await shown(log, two, 2)).toEqual(["StartChatSession", "Bob", "one Bob"]);
    expect(await shown(log, three, 1)).toEqual(["StartChatSession"]);
  });

  it("appends nothing before it has read to what was the end", async () => {
    const { log, start } = await setUp();
    for (let i = 0; i < 50; i++) await log.append([first(sidOf(i))]);
    const head = await log.head(0);
    let read = log.start;
    const early: string[] = [];
    await start({
      log: {
        ...log,
        async *subscribe(partition, after, options) {
          for await (const batch of log.subscribe(partition, after, options)) {
            if ("cursor" in batch && options.level !== "ordered") read = batch.cursor;
            yield batch;
          }
        },
        append(records) {
          if (!log.reached(head, read)) early.push(records[0]!.id);
          return log.append(records);
        },
      },
    });
    expect(early).toEqual([]);
    for (let i = 0; i < 50; i++) expect((await log.read(sidOf(i))).length).toBe(3);
  });

  it("begins at the saved place, and at the log's start when an older log was put back", async () => {
    const { log, start, places } = await setUp();
    await log.append([first(one)]);
    const stop = await start();
    await log.append([text(one, "1", "Ada")]);
    await shown(log, one, 2);
    await stop();
    const cursor = (await places.load()).get(0)!.cursor;
    expect(cursor).toBe(await log.head(0));
    const from = async () => {
      const subscribed = vi.spyOn(log, "subscribe");
      await start();
      return subscribed.mock.calls.map(([, after]) => after);
    };
    expect(await from()).toEqual([cursor, cursor]);

    const older = await setUp({ places });
    await older.log.append([first(two)]);
    await older.start();
    expect(await shown(older.log, two, 1)).toEqual(["StartChatSession"]);
  });
});

describe("a workflow at work", () => {
  it("[P7] answers one input after the other, each once, in one append with its Turn", async () => {
    const { log, start } = await setUp();
    await start();
    await log.append([first(one)]);
    await Promise.all([1, 2, 3].map((n) => log.append([text(one, `${n}`, `${n}`)])));
    await log.append([text(one, "2", "a repeat")]);
    expect(await shown(log, one, 4)).toEqual(["StartChatSession", "1", "one 1", "2", "one 2", "3", "one 3"]);
    await log.append([text(two, "0")]); // No first record: nobody's input.
    await log.append([first(three)]);
    await shown(log, three, 1);
    expect((await log.read(one)).length).toBe(3 + 4 + 3 * 2);
    expect((await log.read(two)).length).toBe(1);
  });

  it("[P8] answers nothing that was not stored, and once what is sent again", async () => {
    const { log, faults, start, metrics } = await setUp();
    await start();
    await log.append([first(one)]);
    await shown(log, one, 1);
    faults.fail();
    await expect(log.append([text(one, "1", "Ada")])).rejects.toThrow();
    await log.append([text(one, "2", "Bob")]);
    await log.append([text(one, "1", "Ada")]);
    expect(await shown(log, one, 3)).toEqual(["StartChatSession", "Bob", "one Bob", "Ada", "one Ada"]);
    expect(await restarts(metrics)).toBe(1);
  });

  it("[P8] reads the partition again when an answer could not be appended; runs stand in the order of their inputs", async () => {
    const { log, start, metrics } = await setUp();
    let refusals = 2;
    await start({
      log: {
        ...log,
        append: (records) =>
          records[0]!.id === "b.c.1.0.1" && refusals-- > 0
            ? Promise.reject(new AppendError("not-stored", "busy", { busy: true }))
            : log.append(records),
      },
    });
    await log.append([first(one)]);
    await Promise.all([log.append([text(one, "1", "Ada")]), log.append([text(one, "2", "Bob")])]);
    expect(await shown(log, one, 3)).toEqual(["StartChatSession", "Ada", "one Ada", "Bob", "one Bob"]);
    expect(await restarts(metrics)).toBe(2);
  });

  it("two of them by mistake are harmless, and one goes on over what the other answered", async () => {
    const { log, start, common } = await setUp();
    const stop = await start();
    await start({ ...common, places: placeMemory() });
    await log.append([first(one)]);
    for (let n = 1; n <= 5; n++) await log.append([text(one, `${n}`, `${n}`)]);
    await shown(log, one, 6);
    await stop();
    await log.append([text(one, "6", "6")]);
    expect(await shown(log, one, 7)).toEqual([
      "StartChatSession",
      ...[1, 2, 3, 4, 5, 6].flatMap((n) => [`${n}`, `one ${n}`]),
    ]);
  });

  it("[P17] lets an erased session go, whenever it is erased, without reading the partition again", async () => {
    const { log, faults, start, publish, metrics, places } = await setUp();
    const stop = await start();
    await log.append([first(one)]);
    await log.append([first(two, { version: 9 })]); // waits
    await shown(log, one, 1);
    const commit = faults.hold();
    const asked = log.append([text(one, "1")]);
    const erased = [log.erase(one, ERASED), log.erase(two, ERASED)];
    await commit.reached;
    commit.release();
    await Promise.all([asked, ...erased]);
    await log.append([first(three)]);
    await shown(log, three, 1);
    expect([await log.read(one), await log.read(two), await restarts(metrics)]).toEqual([[], [], 0]);
    const followed = vi.spyOn(log, "follow");
    await publish("two");
    expect(followed).not.toHaveBeenCalled();
    await stop();
    expect((await places.load()).get(0)!.unfinished).toEqual(new Map());
    const stale: Place = { cursor: log.start, unfinished: new Map([[one, new Set(["c.1"])]]), due: new Map() };
    await places.save(new Map([[0, { ...stale, cursor: await log.head(0) }]]));
    await start();
    expect(await restarts(metrics)).toBe(0);
  });

  it("forgets sessions that nothing happens to, and reads one again for its next input", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    let now = 0;
    const { log, start } = await setUp({ now: () => now });
    const followed = vi.spyOn(log, "follow");
    await start();
    await log.append([first(one)]);
    await shown(log, one, 1);
    vi.advanceTimersByTime(5_000);
    await log.append([text(one, "1", "Ada")]);
    await shown(log, one, 2);
    expect(followed).not.toHaveBeenCalled();
    now += 60_000;
    vi.advanceTimersByTime(5_000);
    await Promise.all([log.append([text(one, "2", "Bob")]), log.append([text(one, "3", "Cyd")])]);
    expect((await shown(log, one, 4)).slice(3)).toEqual(["Bob", "one Bob", "Cyd", "one Cyd"]);
    expect(followed).toHaveBeenCalledTimes(1);
  });

  it("goes on by itself when the log ends its stream, or cannot be read", async () => {
    const { log, start, metrics } = await setUp();
    let broken = 0;
    await start({
      log: {
        ...log,
        async *subscribe(partition, after, options) {
          broken += 1;
          if (broken === 2) return;
          if (broken === 5) throw new Error("gone");
          yield* log.subscribe(partition, after, options);
        },
      },
    });
    await log.append([first(one)]);
    expect(await shown(log, one, 1)).toEqual(["StartChatSession"]);
    expect(await restarts(metrics)).toBeGreaterThanOrEqual(1);
  });
});

it("[L1] a Turn that another process wrote is taken as it is", async () => {
  const { log, start } = await setUp();
  await start();
  await log.append([first(one)]);
  await shown(log, one, 1);
  await log.append([text(one, "1", "Ada"), ...(await answerOf(one, "Ada")), turn(one, "c.0", 1)]);
  await log.append([text(one, "2", "Bob")]);
  expect(await shown(log, one, 3)).toEqual(["StartChatSession", "Ada", "one Ada", "Bob", "one Bob"]);
});

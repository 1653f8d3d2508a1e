import { afterEach, describe, expect, it } from "vitest";
import type { Faults } from "../testing/faults.js";
import { everything, followed, idsOf, subscribed, tail } from "../testing/log-readers.js";
import { control, first, says, sidOf, text, turn } from "../testing/records.js";
import { erasing } from "./erasing.contract.js";
import type { EventLog } from "./event-log.js";
import { failures } from "./failures.contract.js";
import { randomUse } from "./random-use.contract.js";
import { readers } from "./readers.contract.js";
import type { TailLimits } from "./tail.js";

/** A log to try things on, made empty, with two partitions unless asked otherwise. */
export type Subject = {
  readonly log: EventLog;
  readonly faults: Faults;
  /** Ends the log in order and opens it as the next process would; the faults are its own again. */
  reopen(options?: { partitions?: number }): Promise<EventLog>;
  /** Everything the engine keeps, as it keeps it. */
  stored(): Buffer;
  /** How often the engine looked at a record that it keeps, since the last call. */
  rowsRead(): number;
  dispose(): Promise<void>;
};
export type SubjectOptions = {
  readonly partitions?: number;
  readonly maxQueued?: number;
  readonly tail?: TailLimits;
  readonly probeEvery?: number;
};

export type Adapter = {
  open(options?: SubjectOptions): Promise<Subject>;
  /** Cases by name that this engine cannot keep, and why: a difference is named, never silent. */
  readonly skips?: Readonly<Record<string, string>>;
  /** Why none of the cases can be run here. */
  readonly absent?: string | undefined;
  /** The engine stores an append that is repeated once; where it does not, readers count it once. */
  readonly dropsRepeats?: true;
};

/** What a group of cases works with. */
export type Suite = {
  /** One case; skipped where the adapter names it. */
  check(name: string, run: () => Promise<void>): void;
  open(options?: SubjectOptions): Promise<Subject>;
  readonly dropsRepeats: boolean;
};

/** The contract of the event log (ARCHITECTURE.md), against one adapter. */
export function eventLogContract(name: string, adapter: Adapter): void {
  describe(`the contract of the event log: ${name}`, () => {
    const opened: Subject[] = [];
    afterEach(async () => {
      for (const subject of opened.splice(0)) await subject.dispose();
    });
    const names = new Set<string>();
    const suite: Suite = {
      check(title, run) {
        names.add(title);
        const reason = adapter.skips?.[title] ?? adapter.absent;
        if (reason === undefined) it(title, run);
        else it.skip(`${title} (${reason})`, run);
      },
      async open(options) {
        const subject = await adapter.open(options);
        opened.push(subject);
        return subject;
      },
      dropsRepeats: adapter.dropsRepeats ?? false,
    };
    appending(suite);
    readers(suite);
    failures(suite);
    erasing(suite);
    randomUse(suite);
    const unknown = Object.keys(adapter.skips ?? {}).filter((title) => !names.has(title));
    it("skips nothing that is not in the contract", () => expect(unknown).toEqual([]));
  });
}

function appending({ check, open }: Suite): void {
  check("keeps a session's records in order, apart from others, and over a restart", async () => {
    const { log, reopen } = await open();
    await Promise.all(Array.from({ length: 200 }, (_, i) => log.append([text(sidOf(i % 3), `${i}`)])));
    const ids = await idsOf(log, sidOf(1));
    expect(ids).toEqual(Array.from({ length: 200 }, (_, i) => `c.${i}`).filter((_, i) => i % 3 === 1));
    expect(await idsOf(await reopen(), sidOf(1))).toEqual(ids);
  });

  check("gives a record back as it was appended", async () => {
    const { log, reopen } = await open();
    const sid = sidOf(1);
    const records = [
      first(sid, { grant: "hash" }),
      text(sid, "1", '\u0000 \u{1F600} ‮ "quotes" \\ \n</script>'),
      says(sid, "c.1", 1, "é"),
    ];
    await log.append(records);
    expect(await log.read(sid)).toEqual(records);
    expect(await (await reopen()).read(sid)).toEqual(records);
  });

  check("appends the records of one call together and in order, or none of them", async () => {
    const { log } = await open();
    const sid = sidOf(1);
    const run = (of: string) => [says(sid, of, 1, "a"), says(sid, of, 2, "b"), turn(sid, of, 3)];
    await Promise.all(["x", "y", "z"].map((of) => log.append(run(of))));
    expect(await idsOf(log, sid)).toEqual(["x", "y", "z"].flatMap((of) => run(of).map((record) => record.id)));
    await expect(log.append([text(sid, "small"), text(sid, "big", "x".repeat(13_000))])).rejects.toMatchObject({
      code: "not-stored",
    });
    await expect(log.append([text(sid, "mine"), text(sidOf(2), "other")])).rejects.toMatchObject({
      code: "not-stored",
    });
    await log.append([]);
    expect((await everything(log)).length).toBe(9);
  });

  check("refuses a record over 12 KiB and a sid that is none, and says which", async () => {
    const { log } = await open();
    await expect(log.append([text(sidOf(0), "big", "é".repeat(6_100))])).rejects.toThrow("c.big");
    await expect(log.append([text("../etc", "1")])).rejects.toMatchObject({ code: "not-stored" });
    await log.append([text(sidOf(0), "fits", "x".repeat(12_000))]);
    expect(await idsOf(log, sidOf(0))).toEqual(["c.fits"]);
  });

  check("[P1] resolves no append before its commit, and shows nothing of it", async () => {
    const { log, faults } = await open();
    const sid = sidOf(0);
    await log.append([first(sid)]);
    const reader = subscribed(log, 0);
    const follower = followed(log, sid);
    await Promise.all([reader.count(1), follower.count(1)]);
    const commit = faults.hold();
    let resolved = false;
    const appended = log.append([text(sid, "1")]).then(() => {
      resolved = true;
    });
    await commit.reached;
    expect([resolved, reader.ids, follower.ids, await idsOf(log, sid), log.health().queued]).toEqual([
      false,
      ["s.1"],
      ["s.1"],
      ["s.1"],
      1,
    ]);
    commit.release();
    await appended;
    await Promise.all([reader.count(2), follower.count(2)]);
    expect([await reader.stop(), await follower.stop(), log.health().queued]).toEqual([
      ["s.1", "c.1"],
      ["s.1", "c.1"],
      0,
    ]);
  });

  check(
    "[P10] refuses as busy what is over its bound, inputs before what answers them, and forgets nothing",
    async () => {
      const { log, faults } = await open({ maxQueued: 3 });
      const sid = sidOf(0);
      const commit = faults.hold();
      const taken = [log.append([text(sid, "0")])];
      await commit.reached;
      taken.push(log.append([text(sid, "1")]), log.append([text(sid, "2")]));
      await expect(log.append([text(sid, "3")])).rejects.toMatchObject({ code: "not-stored", busy: true });
      taken.push(log.append([says(sid, "c.0", 1, "a"), turn(sid, "c.0", 2)]));
      await expect(log.append([says(sid, "c.1", 1, "a"), turn(sid, "c.1", 2)])).rejects.toMatchObject({ busy: true });
      commit.release();
      await Promise.all(taken);
      await log.append([text(sid, "4")]);
      expect(await idsOf(log, sid)).toEqual(["c.0", "c.1", "c.2", "b.c.0.0.1", "b.c.0.0.2", "c.4"]);
    },
  );

  check("reads and follows a session at the cost of that session", async () => {
    const { log, reopen, rowsRead } = await open();
    await Promise.all(Array.from({ length: 3_000 }, (_, i) => log.append([text(sidOf(i % 300), `${i}`)])));
    const again = await reopen();
    rowsRead();
    expect((await again.read(sidOf(7))).length).toBe(10);
    expect(rowsRead()).toBeLessThan(100);
    const follower = followed(again, sidOf(7));
    await follower.until(() => follower.told.includes("caught up"));
    expect((await follower.stop()).length).toBe(10);
    expect(rowsRead()).toBeLessThan(100);
    await tail(again, 0);
    expect(rowsRead()).toBeGreaterThan(1_000); // It does count.
  });

  check("reads what is stored once for the readers of all partitions", async () => {
    const { log, reopen, rowsRead } = await open();
    await Promise.all(Array.from({ length: 3_000 }, (_, i) => log.append([text(sidOf(i % 300), `${i}`)])));
    const again = await reopen();
    rowsRead();
    await tail(again, 0);
    const one = rowsRead();
    const both = await Promise.all([tail(again, 0), tail(again, 1)]);
    expect(both[0].ids.length + both[1].ids.length).toBe(3_000);
    expect(rowsRead()).toBeLessThan(one * 1.2);
  });

  check("has one head for each partition, and tells whether a cursor is there and how far it is", async () => {
    const { log, reopen } = await open();
    expect([await log.head(0), await log.head(1)].every((head) => log.reached(head, log.start))).toBe(true);
    await log.append([text(sidOf(0), "1")]);
    const one = await log.head(0);
    expect([log.reached(one, log.start), log.reached(log.start, one), log.reached(one, one)]).toEqual([
      false,
      true,
      true,
    ]);
    await log.append([text(sidOf(0), "2")]);
    const two = await log.head(0);
    expect([log.reached(two, one), log.reached(one, two)]).toEqual([false, true]);
    const [whole, rest] = [log.distance(log.start, two), log.distance(one, two)];
    expect([rest > 0, whole > rest, log.distance(two, one), log.distance(two, two)]).toEqual([true, true, 0, 0]);
    expect((await tail(log, 0)).cursor).toBe(two);
    const again = await reopen();
    expect(again.reached(await again.head(0), two) && again.reached(two, await again.head(0))).toBe(true);
    expect((await tail(again, 1)).ids).toEqual([]);
  });

  check("keeps the number of partitions it was made with, and refuses another", async () => {
    const { log, reopen } = await open({ partitions: 3 });
    expect([log.partitions, log.partitionOf(sidOf(3)), log.partitionOf(sidOf(5))]).toEqual([3, 0, 2]);
    await expect(reopen({ partitions: 2 })).rejects.toMatchObject({ name: "LogOpenError", code: "partitions" });
    expect((await reopen()).partitions).toBe(3);
  });

  check("has a control stream of its own, in order, whole appends, over a restart", async () => {
    const { log, reopen, faults } = await open();
    const reader = subscribed(log, 0);
    expect(log.reached(await log.control.head(), log.start)).toBe(true);
    await Promise.all([
      log.control.append([control("a"), control("b")]),
      log.append([text(sidOf(0), "1")]),
      log.control.append([control("c")]),
    ]);
    await log.control.append([]);
    faults.fail();
    await expect(log.control.append([control("never"), control("stored")])).rejects.toMatchObject({
      code: "not-stored",
    });
    await log.control.append([control("d")]);
    const ids = await controlIds(log);
    expect(ids).toEqual(["a", "b", "c", "d"]);
    expect(await (await reader.count(1)).stop()).toEqual(["c.1"]);
    expect(await controlIds(await reopen())).toEqual(ids);
  });

  check("passes signals to who listens, and keeps none", async () => {
    const { log, reopen } = await open();
    const heard: unknown[] = [];
    const stop = log.onSignal((sid, data) => heard.push([sid, data]));
    log.signal(sidOf(0), { typing: true });
    stop();
    log.signal(sidOf(0), { typing: false });
    expect(heard).toEqual([[sidOf(0), { typing: true }]]);
    expect(await everything(await reopen())).toEqual([]);
  });

  check("stores what waits when it is closed, ends its readers, and takes nothing more", async () => {
    const { log, faults, reopen } = await open();
    const sid = sidOf(0);
    const ended = [subscribed(log, 0), subscribed(log, 1, undefined, "ordered"), followed(log, sid)].map(
      (r) => r.ended,
    );
    const commit = faults.hold();
    const appended = log.append([text(sid, "1")]);
    await commit.reached;
    const waiting = log.append([text(sid, "2")]);
    const closed = log.close();
    await expect(log.append([text(sid, "3")])).rejects.toMatchObject({ code: "not-stored" });
    commit.release();
    await Promise.all([appended, waiting, closed, log.close()]);
    expect(await Promise.all(ended)).toEqual([undefined, undefined, undefined]);
    expect(await idsOf(await reopen(), sid)).toEqual(["c.1", "c.2"]);
  });
}

async function controlIds(log: EventLog): Promise<string[]> {
  const head = await log.control.head();
  const ids: string[] = [];
  for await (const batch of log.control.subscribe(undefined, { signal: new AbortController().signal })) {
    if ("gap" in batch) continue;
    ids.push(...batch.records.map((record) => record.id));
    if (log.reached(head, batch.cursor)) break;
  }
  return ids;
}

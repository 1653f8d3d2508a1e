import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import { expect } from "vitest";
import { followed, LogReader, subscribed, tail } from "../testing/log-readers.js";
import { sidOf, text } from "../testing/records.js";
import type { Suite } from "./event-log.contract.js";
import type { EventLog, Level } from "./event-log.js";

const SMALL_TAIL = { records: 8, characters: 1_000_000 };
const LEVELS: readonly Level[] = ["durable", "ordered"];

/** Appends `n` texts to each of the sids, one commit for all. */
async function fill(log: EventLog, n: number, sids: readonly string[], prefix = ""): Promise<void> {
  const records = Array.from({ length: n }, (_, i) => sids.map((sid) => text(sid, `${prefix}${i}`))).flat();
  await Promise.all(records.map((record) => log.append([record])));
}
const numbered = (n: number, prefix = "", from = 0): string[] =>
  Array.from({ length: n - from }, (_, i) => `c.${prefix}${from + i}`);

/** Who reads a partition or a session, at both levels. */
export function readers({ check, open }: Suite): void {
  check(
    "gives a partition's records in order, and resumes at a cursor without gap or repeat, over a restart",
    async () => {
      const { log, reopen } = await open();
      await fill(log, 50, [sidOf(0), sidOf(1)]);
      const before = await tail(log, 0);
      expect(before.ids).toEqual(numbered(50));
      await fill(log, 50, [sidOf(1), sidOf(2)], "b");
      const again = await reopen();
      await fill(again, 5, [sidOf(0)], "c");
      expect((await tail(again, 0, before.cursor)).ids).toEqual([...numbered(50, "b"), ...numbered(5, "c")]);
    },
  );

  for (const level of LEVELS) {
    check(`crosses from the store to what is live without gap or repeat, from any place (${level})`, async () => {
      const { log } = await open({ tail: SMALL_TAIL });
      const all = subscribed(log, 0);
      const cursors = [log.start];
      for (let i = 0; i < 40; i++) {
        await log.append([text(sidOf(0), `${i}`)]);
        await log.append([text(sidOf(1), `${i}`)]);
        await all.count(i + 1);
        cursors.push(all.cursor!);
      }
      const late = cursors.map((cursor) => subscribed(log, 0, cursor, level));
      await fill(log, 20, [sidOf(0), sidOf(1)], "live");
      const expected = [...numbered(40), ...numbered(20, "live")];
      for (const [i, reader] of late.entries()) {
        await reader.count(expected.length - i);
        expect(await reader.stop()).toEqual(expected.slice(i));
      }
      expect(await (await all.count(expected.length)).stop()).toEqual(expected);
    });

    check(`a slow reader misses nothing, and keeps nobody waiting (${level})`, async () => {
      const { log } = await open({ tail: SMALL_TAIL });
      await fill(log, 1, [sidOf(0)], "first");
      const end = new AbortController();
      const slow = log.subscribe(0, undefined, { signal: end.signal, level })[Symbol.asyncIterator]();
      const follower = log.follow(sidOf(0), { signal: end.signal, level })[Symbol.asyncIterator]();
      const ids: string[][] = [[], []];
      const fetch = async (reader: typeof slow | typeof follower, to: string[]): Promise<void> => {
        const { value } = (await reader.next()) as { value?: { readonly records?: readonly LogRecord[] } };
        to.push(...(value?.records ?? []).map((record) => record.id));
      };
      await Promise.all([fetch(slow, ids[0]!), fetch(follower, ids[1]!)]);
      const quick = subscribed(log, 0, undefined, level);
      for (let i = 0; i < 12; i++) await fill(log, 100, [sidOf(0)], `${i}.`);
      await quick.count(1_201);
      for (const [i, reader] of [slow, follower].entries()) {
        while (ids[i]!.length < 1_201) await fetch(reader, ids[i]!);
        expect(ids[i]).toEqual(quick.ids);
      }
      end.abort();
      await quick.stop();
    });

    check(`follows a session: what is there, caught up, then live (${level})`, async () => {
      const { log } = await open();
      await fill(log, 1_100, [sidOf(0), sidOf(2)]);
      const follower = followed(log, sidOf(0), level);
      const unknown = followed(log, sidOf(4), level);
      await Promise.all([follower, unknown].map((one) => one.until(() => one.told.includes("caught up"))));
      await fill(log, 3, [sidOf(0), sidOf(2), sidOf(4)], "live");
      await Promise.all([follower.count(1_103), unknown.count(3)]);
      await Promise.all([follower.stop(), unknown.stop()]);
      expect(follower.told).toEqual([...numbered(1_100), "caught up", ...numbered(3, "live")]);
      expect(unknown.told).toEqual(["caught up", ...numbered(3, "live")]);
    });

    check(`an abort ends readers that wait, and one given an aborted signal reads nothing (${level})`, async () => {
      const { log } = await open();
      await fill(log, 1, [sidOf(0)]);
      const waiting = [subscribed(log, 0, await log.head(0), level), followed(log, sidOf(0), level)];
      await waiting[1]!.until(() => waiting[1]!.told.includes("caught up"));
      await nextTurn();
      expect(await Promise.all(waiting.map((reader) => reader.stop()))).toEqual([[], ["c.0"]]);
      for await (const _ of log.subscribe(0, undefined, { signal: AbortSignal.abort(), level })) expect.unreachable();
      for await (const _ of log.follow(sidOf(0), { signal: AbortSignal.abort(), level })) expect.unreachable();
    });
  }

  check("gives who wants some sessions all of theirs, and a cursor that goes on with the rest", async () => {
    const { log } = await open({ tail: SMALL_TAIL });
    const only = (sid: string): boolean => sid === sidOf(0);
    const reader = new LogReader((signal) => log.subscribe(0, undefined, { signal, only }));
    for (let i = 0; i < 30; i++) {
      await fill(log, 1, [sidOf(2)], `other${i}.`);
      if (i % 3 === 0) await fill(log, 1, [sidOf(0)], `mine${i}.`);
    }
    const head = await log.head(0);
    await reader.until(() => reader.cursor !== undefined && log.reached(head, reader.cursor));
    const ids = await reader.stop();
    expect(ids.filter((id) => id.startsWith("c.mine"))).toEqual(
      [0, 3, 6, 9, 12, 15, 18, 21, 24, 27].map((i) => `c.mine${i}.0`),
    );
    expect((await tail(log, 0, reader.cursor)).ids).toEqual([]);
  });

  check("gives who is in no hurry the same, what was there and what comes", async () => {
    const { log } = await open({ tail: SMALL_TAIL });
    await fill(log, 1_500, [sidOf(0)]);
    const reader = new LogReader((signal) => log.subscribe(0, undefined, { signal, lag: 20 }));
    await reader.count(1_500);
    for (let i = 0; i < 5; i++) {
      await fill(log, 1, [sidOf(0), sidOf(2)], `live${i}.`);
      await reader.count(1_500 + 2 * (i + 1));
    }
    const live = [0, 1, 2, 3, 4].flatMap((i) => [`c.live${i}.0`, `c.live${i}.0`]);
    expect(await reader.stop()).toEqual([...numbered(1_500), ...live]);
  });

  check("reads a session of many appends, wherever they stand among others'", async () => {
    const { log } = await open();
    const gaps = [0, 0, 0, 40, 1, 0, 90, 2, 0, 7];
    let others = 0;
    for (let i = 0; i < 300; i++) {
      const gap = gaps[i % gaps.length]!;
      // One after the other, so that they stand where they are appended.
      if (gap > 0)
        await fill(
          log,
          1,
          Array.from({ length: gap }, (_, n) => sidOf(2 + 2 * n)),
          `o${others++}.`,
        );
      await log.append([text(sidOf(0), `${i}`)]);
    }
    expect((await log.read(sidOf(0))).map((record) => record.id)).toEqual(numbered(300));
  });

  check("shows a record to ordered readers before it is durable, and what they answer shares its commit", async () => {
    const { log, faults } = await open();
    const [ordered, follower] = [subscribed(log, 0, undefined, "ordered"), followed(log, sidOf(0), "ordered")];
    const durable = subscribed(log, 0);
    await follower.until(() => follower.told.includes("caught up"));
    const commit = faults.hold();
    const appended = log.append([text(sidOf(0), "1")]);
    await Promise.all([ordered.count(1), follower.count(1)]);
    const answered = log.append([text(sidOf(0), "reply")]);
    await commit.reached;
    expect(log.health().queued).toBe(2); // both in the commit that waits
    expect(durable.ids).toEqual([]);
    commit.release();
    await Promise.all([appended, answered]);
    for (const reader of [ordered, follower, durable]) {
      expect(await (await reader.count(2)).stop()).toEqual(["c.1", "c.reply"]);
    }
  });

  check(
    "says a gap to a cursor that is beyond the end, as after a restored backup, and goes on at the end",
    async () => {
      const newer = await open();
      await fill(newer.log, 20, [sidOf(0)]);
      const beyond = await newer.log.head(0);
      const { log } = await open();
      await fill(log, 3, [sidOf(0)]);
      const reader = subscribed(log, 0, beyond);
      await reader.until(() => reader.told.length > 0);
      await fill(log, 2, [sidOf(0)], "new");
      await (await reader.count(2)).stop();
      expect(reader.told).toEqual(["gap", "c.new0", "c.new1"]);
    },
  );

  check("refuses what is no cursor, and a partition that it does not have", async () => {
    const { log } = await open();
    expect(await subscribed(log, 0, "yesterday").ended).toMatchObject({ message: expect.stringContaining("cursor") });
    expect(await subscribed(log, 2).ended).toMatchObject({ message: expect.stringContaining("partition") });
  });
}

import type { LogRecord } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import { expect } from "vitest";
import { everything, followed, idsOf, LogReader, subscribed, tail } from "../testing/log-readers.js";
import { first, says, sidOf, text, turn } from "../testing/records.js";
import type { Suite } from "./event-log.contract.js";
import { type Followed, RewoundError, type Tail, type TailOptions } from "./event-log.js";

const sid = sidOf(0);

/** An ordered reader as a workflow is one: after a `RewoundError` it starts again from something durable. */
function restarting(read: (options: TailOptions) => AsyncIterable<Tail<LogRecord> | Followed>): LogReader {
  return new LogReader(async function* (signal) {
    for (;;) {
      try {
        yield* read({ signal, level: "ordered" });
        return;
      } catch (error) {
        if (!(error instanceof RewoundError)) throw error;
        yield { gap: "rewound" };
      }
    }
  });
}

/** Commits that fail, for certain or not. */
export function failures({ check, open, dropsRepeats }: Suite): void {
  check("[P11] what was not stored is nowhere, also after a restart, and can be appended again", async () => {
    const { log, faults, reopen } = await open();
    await log.append([text(sid, "before")]);
    faults.fail();
    await expect(log.append([text(sid, "1"), text(sid, "2")])).rejects.toMatchObject({
      code: "not-stored",
      busy: false,
    });
    expect(await idsOf(log, sid)).toEqual(["c.before"]);
    const again = await reopen();
    expect((await everything(again)).length).toBe(1);
    await again.append([text(sid, "1"), text(sid, "2")]);
    expect(await idsOf(again, sid)).toEqual(["c.before", "c.1", "c.2"]);
  });

  for (const stored of [true, false]) {
    check(
      `an append whose outcome is unknown is repeated, and counts once (it was ${stored ? "" : "not "}stored)`,
      async () => {
        const { log, faults, reopen } = await open();
        await log.append([first(sid)]);
        const [durable, follower] = [subscribed(log, 0), followed(log, sid)];
        const run = [says(sid, "s.1", 1, "hello"), turn(sid, "s.1", 2)];
        faults.lose(stored);
        await expect(log.append(run)).rejects.toMatchObject({ code: "unknown" });
        await log.append(run);
        await log.append([text(sid, "end")]);
        const ids = [
          "s.1",
          ...(stored && !dropsRepeats ? ["b.s.1.0.1", "b.s.1.0.2"] : []),
          "b.s.1.0.1",
          "b.s.1.0.2",
          "c.end",
        ];
        for (const reader of [durable, follower]) expect(await (await reader.count(ids.length)).stop()).toEqual(ids);
        const records = await (await reopen()).read(sid);
        expect(records.map((record) => record.id)).toEqual(ids);
        expect(conversation(records).events.map((event) => event.kind)).toEqual(["message", "turn"]);
      },
    );
  }

  check("stores nothing that is placed behind a record that was not stored", async () => {
    const { log, faults, reopen } = await open();
    const commit = faults.hold();
    faults.fail();
    const one = log.append([text(sid, "1")]);
    await commit.reached;
    const outcomes = Promise.allSettled([one, log.append([text(sid, "2")]), log.append([text(sidOf(1), "3")])]);
    commit.release();
    expect((await outcomes).map((o) => o.status === "rejected" && o.reason.code)).toEqual(
      new Array(3).fill("not-stored"),
    );
    await log.append([text(sid, "4")]);
    expect((await everything(await reopen())).map((record) => record.id)).toEqual(["c.4"]);
  });

  check(
    "tells ordered readers that what they were given was not stored, and no durable reader ever sees it",
    async () => {
      const { log, faults } = await open();
      await log.append([text(sid, "0")]);
      const cursor = await log.head(0);
      const durable = subscribed(log, 0);
      const rewound = [subscribed(log, 0, cursor, "ordered"), followed(log, sid, "ordered")];
      const other = subscribed(log, 1, undefined, "ordered");
      await rewound[1]!.until(() => rewound[1]!.told.includes("caught up"));
      faults.fail();
      await expect(log.append([text(sid, "1")])).rejects.toThrow();
      for (const reader of rewound) expect(await reader.ended).toBeInstanceOf(RewoundError);
      expect(rewound.map((reader) => reader.ids)).toEqual([["c.1"], ["c.0", "c.1"]]);
      const again = [subscribed(log, 0, cursor, "ordered"), followed(log, sid, "ordered")];
      await log.append([text(sid, "2")]);
      await log.append([text(sidOf(1), "other")]);
      expect(await (await again[0]!.count(1)).stop()).toEqual(["c.2"]);
      expect(await (await again[1]!.count(2)).stop()).toEqual(["c.0", "c.2"]);
      expect(await (await durable.count(2)).stop()).toEqual(["c.0", "c.2"]);
      expect(await (await other.count(1)).stop()).toEqual(["c.other"]);
    },
  );

  check("an ordered reader does not miss what turns out to be stored only after it went on", async () => {
    const { log, faults } = await open();
    await log.append([text(sid, "0")]);
    const cursor = await log.head(0);
    const reader = restarting((options) => log.subscribe(0, cursor, options));
    const follower = restarting((options) => log.follow(sid, options));
    await follower.count(1);
    const parked = subscribed(log, 0);
    faults.lose(true);
    const lost = log.append([text(sid, "1")]);
    await expect(lost).rejects.toMatchObject({ code: "unknown" });
    for (const one of [reader, follower]) await one.until(() => one.told.includes("gap"));
    await log.append([text(sid, "2")]); // Placed, and read, before the engine has told of what it holds.
    expect((await tail(log, 0)).ids).toEqual(["c.0", "c.1", "c.2"]);
    await reader.until(() => reader.told.slice(-3).join() === "gap,c.1,c.2");
    const sinceGap = () => follower.told.slice(follower.told.lastIndexOf("gap") + 1);
    await follower.until(
      () =>
        sinceGap()
          .filter((told) => told !== "caught up")
          .join() === "c.0,c.1,c.2",
    );
    await Promise.all([reader.stop(), follower.stop()]);
    expect(await (await parked.count(3)).stop()).toEqual(["c.0", "c.1", "c.2"]);
  });

  check("[P11] says in a sentence what is wrong, and finds by itself that it works again", async () => {
    const { log, faults } = await open({ probeEvery: 1 });
    expect(log.health()).toEqual({ ok: true, queued: 0 });
    faults.fail();
    await expect(log.append([text(sid, "1")])).rejects.toThrow();
    const { ok, problem, queued } = log.health();
    expect([ok, queued]).toEqual([false, 0]);
    expect(problem).toMatch(/^[A-Z].*\.$/);
    while (!log.health().ok) await new Promise((resolve) => setTimeout(resolve, 1));
    await log.append([text(sid, "2")]);
  });
}

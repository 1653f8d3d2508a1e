import { isErased } from "@parley/shared/record";
import { expect } from "vitest";
import { everything, followed, idsOf, subscribed } from "../testing/log-readers.js";
import { ERASED, first, link, sidOf, text } from "../testing/records.js";
import { linksTo } from "./erased.js";
import type { Suite } from "./event-log.contract.js";
import type { EventLog, Level } from "./event-log.js";

const [sid, other] = [sidOf(0), sidOf(2)];
const LEVELS: readonly Level[] = ["durable", "ordered"];

/** What a new reader of the erased session finds: nothing, at any level. */
async function expectVoid(log: EventLog): Promise<void> {
  expect(await log.read(sid)).toEqual([]);
  const left = (await everything(log)).filter((record) => record.sid === sid);
  expect(left.map(isErased)).toEqual([true]);
  for (const level of LEVELS) {
    const follower = followed(log, sid, level);
    await follower.until(() => follower.told.length > 0);
    await follower.stop();
    expect(follower.told).toEqual(["caught up"]);
  }
  await expect(log.append([text(sid, "late")])).rejects.toMatchObject({ name: "AppendError", code: "erased" });
}

/** The end of a session. */
export function erasing({ check, open }: Suite): void {
  check("voids an erased session for every reader, now and later, and leaves the others", async () => {
    const { log, reopen } = await open();
    await log.append([first(sid)]);
    await log.append([text(other, "other")]);
    await log.append([text(sid, "1", "the secret word")]);
    await log.erase(sid, ERASED);
    await expectVoid(log);
    await log.append([text(other, "more")]);
    const again = await reopen();
    await expectVoid(again);
    expect(await idsOf(again, other)).toEqual(["c.other", "c.more"]);
  });

  check("[P17] keeps no word of an erased session, wherever it looks", async () => {
    const { log, stored, reopen } = await open();
    for (let i = 0; i < 20; i++) await log.append([text(sid, `${i}`, `a secret word ${"x".repeat(i * 100)}`)]);
    await log.append([text(other, "1", "a public word")]);
    expect(stored().includes("secret word")).toBe(true);
    await log.erase(sid, ERASED);
    expect([stored().includes("secret word"), stored().includes("public word")]).toEqual([false, true]);
    await reopen();
    expect(stored().includes("secret word")).toBe(false);
  });

  check("[P17] takes each link of a person to it along, in one act and without a mark, and no other", async () => {
    const { log, stored, reopen } = await open();
    const person = sidOf(6);
    await log.append([first(sid)]);
    await log.append([first(other)]);
    for (const [i, to] of [sid, other, sid].entries()) await log.append([link(person, `${i}`, to)]);
    await log.append([link(sidOf(8), "0", sid)]);
    await log.erase(sid, ERASED, person);
    expect(await idsOf(log, person)).toEqual(["r.1"]);
    // Whose it was is said by who erases: another's records are another's.
    expect(await idsOf(log, sidOf(8))).toEqual(["r.0"]);
    expect((await everything(log)).filter((record) => linksTo(record, sid)).map((record) => record.sid)).toEqual([
      sidOf(8),
    ]);
    await log.append([link(person, "3", other)]);
    const again = await reopen();
    expect(await idsOf(again, person)).toEqual(["r.1", "r.3"]);
    await again.erase(other, ERASED, person);
    expect([await again.read(person), stored().includes(person)]).toEqual([[], false]);
    // The person may begin anew.
    await again.append([link(person, "4", sidOf(4))]);
    expect(await idsOf(again, person)).toEqual(["r.4"]);
    const third = await reopen();
    expect(await idsOf(third, person)).toEqual(["r.4"]);
    await third.append([text(sidOf(4), "1")]);
    expect((await everything(third)).map((record) => record.id).sort()).toEqual(["c.1", "e", "e", "r.0", "r.4"]);
  });

  check("[P17] takes a link that came behind it along when it is asked for again", async () => {
    const { log, faults, stored } = await open();
    const person = sidOf(7);
    await log.append([first(sid)]);
    const commit = faults.hold();
    const erased = log.erase(sid, ERASED);
    await commit.reached;
    const late = log.append([link(person, "0", sid)]);
    // The first, which knows of no person, may still be under way.
    const again = late.then(() => log.erase(sid, { ...ERASED, id: "e2" }, person));
    commit.release();
    await Promise.all([erased, late, again]);
    expect([await log.read(person), stored().includes(person)]).toEqual([[], false]);
    // Its partition ends with what is gone: whoever reads it comes to its end all the same.
    expect(log.partitionOf(person)).not.toBe(log.partitionOf(sid));
    for (const level of LEVELS) expect(await subscribed(log, 1, undefined, level).stop()).toEqual([]);
    await expectVoid(log);
  });

  check("tells who follows the session that it is erased", async () => {
    const { log } = await open();
    await log.append([first(sid)]);
    const readers = LEVELS.flatMap((level) => [followed(log, sid, level), subscribed(log, 0, undefined, level)]);
    for (const reader of readers) await reader.count(1);
    const late = followed(log, sidOf(4));
    await late.until(() => late.told.includes("caught up"));
    await log.erase(sid, ERASED);
    await log.erase(sidOf(4), ERASED);
    for (const reader of readers) expect((await (await reader.count(2)).stop()).slice(0, 2)).toEqual(["s.1", "e"]);
    expect(await (await late.count(1)).stop()).toEqual(["e"]);
  });

  check("tells also who began to follow before there was a session, and lags behind", async () => {
    const { log } = await open();
    const end = new AbortController();
    const follower = log.follow(sid, { signal: end.signal })[Symbol.asyncIterator]();
    expect((await follower.next()).value).toEqual({ caughtUp: true });
    await Promise.all(Array.from({ length: 700 }, (_, i) => log.append([text(sid, `${i}`)])));
    await log.erase(sid, ERASED);
    expect((await follower.next()).value).toMatchObject({ records: [{ id: "e" }] });
    end.abort();
  });

  check("settles what is appended while it erases: before it, stored and void; behind it, refused", async () => {
    const { log, faults } = await open();
    await log.append([first(sid)]);
    const commit = faults.hold();
    const before = log.append([text(sid, "before")]);
    await commit.reached;
    const erased = log.erase(sid, ERASED);
    const behind = log.append([text(sid, "behind")]);
    const refused = expect(behind).rejects.toMatchObject({ code: "erased" });
    const others = log.append([text(other, "1")]);
    commit.release();
    await Promise.all([before, erased, refused, others]);
    await expectVoid(log);
    expect(await idsOf(log, other)).toEqual(["c.1"]);
  });

  check("is done once, however often it is asked for, also by the next process", async () => {
    const { log, reopen } = await open();
    await log.append([first(sid)]);
    await Promise.all([log.erase(sid, ERASED), log.erase(sid, { ...ERASED, id: "e2" })]);
    await log.erase(sid, { ...ERASED, id: "e3" });
    const again = await reopen();
    await again.erase(sid, { ...ERASED, id: "e4" });
    expect((await everything(again)).map((record) => record.id)).toEqual(["e"]);
  });

  check("that was not stored leaves the session as it was, and what waited for it is stored", async () => {
    const { log, faults } = await open();
    await log.append([first(sid)]);
    faults.fail();
    const erased = expect(log.erase(sid, ERASED)).rejects.toMatchObject({ code: "not-stored" });
    const behind = log.append([text(sid, "behind")]);
    await Promise.all([erased, behind]);
    expect(await idsOf(log, sid)).toEqual(["s.1", "c.behind"]);
    await log.erase(sid, ERASED);
    await expectVoid(log);
  });

  check("whose outcome is unknown is asked for again", async () => {
    for (const stored of [true, false]) {
      const { log, faults } = await open();
      await log.append([first(sid)]);
      faults.lose(stored);
      await expect(log.erase(sid, ERASED)).rejects.toMatchObject({ code: "unknown" });
      await log.erase(sid, ERASED);
      await expectVoid(log);
    }
  });
}

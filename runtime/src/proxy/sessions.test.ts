import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { leave, setUpSessions } from "../testing/chat-sessions.js";
import { FakeClient } from "../testing/fake-client.js";
import { ERASED, sidOf, text } from "../testing/records.js";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0)) step();
});
const setUp = (options?: Parameters<typeof setUpSessions>[1]) => setUpSessions(cleanup, options);
const sid = sidOf(0);

describe("Sessions", () => {
  it("does not let go of a session whose first record is on its way, and who joins it is fed", async () => {
    const { sessions, faults, clock, answers } = await setUp();
    const commit = faults.hold();
    const beginning = sessions.begin("chat", sid, undefined);
    await commit.reached;
    clock.now += 60_000;
    sessions.sweep();
    expect(sessions.held).toBe(1);
    commit.release();
    const live = await beginning;
    const one = new FakeClient("v1");
    await sessions.join(one.client, live, undefined, () => undefined);
    await answers(sid, "s.1", "hello");
    expect(one.words).toEqual(["1 hello", "Turn s.1"]);
  });

  it("feeds who joins a session that was let go between look-up and join, with all that came meanwhile", async () => {
    const { sessions, begun, answers, log, clock } = await setUp();
    await begun(sid);
    const found = await sessions.find("chat", sid);
    clock.now += 60_000;
    sessions.sweep();
    expect(sessions.held).toBe(0);
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "missed");
    const one = new FakeClient("v1");
    await sessions.join(one.client, found!.live, undefined, () => undefined);
    await log.append([text(sid, "2", "ho")]);
    await answers(sid, "c.2", "live");
    expect(one.words).toEqual(["1 hello", "2 hi", "3 missed", "Turn 1", "4 ho", "5 live", "Turn 2"]);
  });

  it("[P14] a look-up for another flow, or with a wrong token, takes nothing from who looks it up at the same time", async () => {
    const { sessions, begun, answers, log, clock } = await setUp();
    await begun(sid);
    clock.now += 60_000;
    sessions.sweep();
    const [foreign, mine] = await Promise.all([sessions.find("other", sid), sessions.find("chat", sid)]);
    expect([foreign, sessions.held]).toEqual([undefined, 0]);
    const one = new FakeClient("bare");
    await sessions.join(one.client, mine!.live, undefined, () => undefined);
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "fed");
    expect(one.words).toEqual(["hello", "hi", "fed"]);
  });

  it("two that join a session let go of are fed alike", async () => {
    const { sessions, begun, answers, log, clock } = await setUp();
    await begun(sid);
    const first = await sessions.find("chat", sid);
    clock.now += 60_000;
    sessions.sweep();
    const second = await sessions.find("chat", sid);
    const clients = [new FakeClient("v1"), new FakeClient("v1")];
    await Promise.all(
      [first, second].map((found, i) => sessions.join(clients[i]!.client, found!.live, undefined, () => undefined)),
    );
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "both");
    for (const { words } of clients) expect(words).toEqual(["1 hello", "Turn s.1", "2 hi", "3 both", "Turn 1"]);
    expect(sessions.held).toBe(1);
  });

  it("lets go of what an idle session holds, and reads it again from the log when something happens", async () => {
    const { sessions, begun, joined, answers, log, clock } = await setUp();
    await begun(sid);
    const [one, two] = [await joined(sid), await joined(sid, "bare")];
    const reads = vi.spyOn(log, "read");
    clock.now += 60_000;
    sessions.sweep();
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "again");
    expect(reads).toHaveBeenCalledTimes(1);
    expect(one.words).toEqual(["1 hello", "Turn s.1", "2 hi", "3 again", "Turn 1"]);
    expect(two.words).toEqual(["hello", "hi", "again"]);
  });

  it("holds nothing of sessions that came and went", async () => {
    const { sessions, begun, joined, clock } = await setUp();
    for (let n = 0; n < 200; n++) {
      const each = sidOf(n);
      await begun(each);
      const clients = [await joined(each), await joined(each, "bare")];
      for (const client of clients) leave(sessions, client);
      await sessions.find("chat", sidOf(n + 10_000));
    }
    expect(sessions.held).toBe(0);
    await Promise.all(Array.from({ length: 50 }, (_, n) => sessions.find("chat", sidOf(n))));
    expect(sessions.held).toBe(50);
    clock.now += 60_000;
    sessions.sweep();
    expect(sessions.held).toBe(0);
  });

  it("a session that could not begin is not held", async () => {
    const { sessions, faults } = await setUp();
    faults.fail();
    await expect(sessions.begin("chat", sid, undefined)).rejects.toMatchObject({ code: "not-stored" });
    expect([sessions.held, await sessions.find("chat", sid)]).toEqual([0, undefined]);
  });

  it("finds no session that is erased, also while one of its sockets is open", async () => {
    const { sessions, begun, joined, log } = await setUp();
    await begun(sid);
    const one = await joined(sid);
    await log.erase(sid, ERASED);
    await nextTurn();
    expect(one.socket.closed).toEqual({ code: 4410, reason: "" });
    expect(await sessions.find("chat", sid)).toBeUndefined();
  });

  it("[P11] a session that cannot be read closes its sockets with come back, so that nobody misses a message", async () => {
    const { sessions, begun, joined, answers, log, clock } = await setUp();
    await begun(sid);
    const one = await joined(sid);
    clock.now += 60_000;
    sessions.sweep();
    vi.spyOn(log, "read").mockRejectedValueOnce(new Error("the disk is away"));
    const found = sessions.find("chat", sid); // it is this one that reads
    const refused = expect(found).rejects.toThrow("away");
    await Promise.all([log.append([text(sid, "1", "hi")]), refused]);
    expect(one.socket.closed).toEqual({ code: 1013, reason: "retry-after=1000" });
    const two = await joined(sid, "v1", { seq: 1, id: "b.s.1.0.1" });
    await answers(sid, "c.1", "there");
    expect(two.words).toEqual(["Turn s.1", "2 hi", "3 there", "Turn 1"]);
  });
});

describe("the tail of the sessions", () => {
  it("goes on where it was when a stream ends or fails", async () => {
    let streams = 0;
    const { sessions, begun, joined, answers, log } = await setUp({
      change(changed) {
        const { subscribe } = changed;
        changed.subscribe = async function* (partition, after, options) {
          streams += 1;
          if (streams === 1) return;
          if (streams === 2) throw new Error("gone");
          yield* subscribe(partition, after, options);
        };
      },
    });
    await begun(sid);
    const one = await joined(sid);
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "on");
    while (one.words.at(-1) !== "Turn 1") await nextTurn();
    expect(one.words).toEqual(["1 hello", "Turn s.1", "2 hi", "3 on", "Turn 1"]);
    expect([streams, sessions.held]).toEqual([3, 1]);
  });

  it("[P4] reads its sessions again when records are missing", async () => {
    let losing = false;
    const { begun, joined, answers, log } = await setUp({
      change(changed) {
        const { subscribe } = changed;
        changed.subscribe = async function* (partition, after, options) {
          for await (const batch of subscribe(partition, after, options)) yield losing ? { gap: "lost" } : batch;
        };
      },
    });
    await begun(sid);
    const one = await joined(sid);
    losing = true;
    await log.append([text(sid, "1", "hi")]);
    await answers(sid, "c.1", "lost");
    expect(one.words).toEqual(["1 hello", "Turn s.1", "2 hi", "3 lost", "Turn 1"]);
  });
});

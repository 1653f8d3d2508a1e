import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import { afterEach, describe, expect, it, vi } from "vitest";
import { leave, setUpSessions } from "../testing/chat-sessions.js";
import { FakeClient } from "../testing/fake-client.js";
import { ERASED, reset, says, sidOf, text, turn } from "../testing/records.js";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0)) step();
});
const sid = sidOf(0);

/** A session whose bot has said "hello". */
async function setUp() {
  const set = await setUpSessions(cleanup);
  await set.begun(sid);
  return set;
}
type SetUp = Awaited<ReturnType<typeof setUp>>;
const values = async (metric: SetUp["metrics"]["turns" | "blocked"]) =>
  (await metric.get()).values.map(({ labels, value }) => [...Object.values(labels), value].join(" "));
/** Frames without those that came before. */
const since = (client: FakeClient, count: number): string[] => client.words.slice(count);

/** What was said, the same for both protocols. */
const said = (client: FakeClient): string[] =>
  client.words.filter((word) => !word.startsWith("Turn")).map((word) => word.replace(/^\d+ /, ""));

describe("what a session's sockets are sent", () => {
  it("[P5] is the same in the same order, but an answer is not echoed to the bare socket that sent it", async () => {
    const { joined, log, answers } = await setUp();
    const [v1, bare, sender] = [await joined(sid), await joined(sid, "bare"), await joined(sid, "bare")];
    sender.client.live!.senders.set("c.1", { client: sender.client });
    await Promise.all([log.append([text(sid, "1", "one")]), log.append([text(sid, "2", "two")])]);
    await log.append([says(sid, "c.2", 1, "re two"), turn(sid, "c.2", 2)]);
    await answers(sid, "c.1", "re one", "and more");
    expect(v1.words).toEqual([
      ...["1 hello", "Turn s.1", "2 two", "3 re two", "Turn 2"],
      ...["4 one", "5 re one", "6 and more", "Turn 1"],
    ]);
    expect(bare.words).toEqual(["hello", "two", "re two", "one", "re one", "and more"]);
    expect(sender.words).toEqual(["hello", "two", "re two", "re one", "and more"]);
  });

  it("[L1] an answer is shown when it is accepted, and a refused one to nobody but the socket that sent it", async () => {
    const { joined, log, answers } = await setUp();
    const [sender, other] = [await joined(sid), await joined(sid)];
    const { senders } = sender.client.live!;
    for (const id of ["c.1", "c.2"]) senders.set(id, { client: sender.client });
    await log.append([text(sid, "1", "one"), text(sid, "2", "two")]);
    await nextTurn();
    expect(since(other, 2)).toEqual([]);
    await log.append([turn(sid, "c.1", 1, { refused: "stale" })]);
    await answers(sid, "c.2", "re two");
    expect(since(sender, 2)).toEqual(["Refused 1 stale", "2 two", "3 re two", "Turn 2"]);
    expect(since(other, 2)).toEqual(["2 two", "3 re two", "Turn 2"]);
    expect(senders.size).toBe(0);
  });

  it("a socket that joins in the middle of all gets everything once and in order", async () => {
    const { joined, log, answers, sessions } = await setUp();
    const early = await joined(sid);
    const joining: Promise<FakeClient>[] = [];
    for (let n = 1; n <= 30; n++) {
      const appended = log.append([text(sid, `${n}`, `${n}`)]).then(() => log.append([turn(sid, `c.${n}`, 1)]));
      joining.push(joined(sid));
      await (n % 2 ? appended : nextTurn());
    }
    const late = await Promise.all(joining);
    await log.append([text(sid, "end")]);
    await answers(sid, "c.end", "end");
    const messages = (client: FakeClient) => client.words.filter((word) => !word.startsWith("Turn"));
    expect(messages(early).length).toBe(33);
    for (const client of late) expect(messages(client)).toEqual(messages(early));
    for (const client of [early, ...late]) leave(sessions, client);
    expect(sessions.held).toBe(0);
  });

  it("a socket joins though more is said whenever the session is read: what came meanwhile is not read again", async () => {
    const { joined, log, answers } = await setUp();
    const early = await joined(sid);
    const { read } = log;
    let reads = 0;
    let protocol: "v1" | "bare" = "v1";
    log.read = async (of) => {
      const records = await read(of);
      reads += 1;
      if (reads <= 50) {
        const id = `${protocol}${reads}`;
        await log.append([text(sid, id, `say ${id}`)]);
        await answers(sid, `c.${id}`, `re ${id}`);
      }
      return records;
    };
    for (const next of ["v1", "bare"] as const) {
      protocol = next;
      reads = 0;
      const late = await joined(sid, protocol);
      expect(reads).toBe(1);
      expect(said(late)).toEqual(said(early));
    }
  });

  it("[P11] what comes while the session is being read is not lost and not told twice", async () => {
    const { joined, log, answers, clock, sessions } = await setUp();
    const one = await joined(sid);
    clock.now += 60_000;
    sessions.sweep();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { read } = log;
    log.read = async (of) => {
      const records = await read(of);
      await held;
      return records;
    };
    await log.append([text(sid, "1", "one")]);
    await answers(sid, "c.1", "re one");
    await log.append([text(sid, "2", "two")]);
    await answers(sid, "c.2", "re two");
    expect(since(one, 2)).toEqual([]);
    release();
    await nextTurn();
    expect(since(one, 2)).toEqual(["2 one", "3 re one", "4 two", "5 re two", "Turn 2"]);
  });

  it("counts the turns that it shows, not those that it reads again", async () => {
    const { joined, log, answers, clock, sessions, metrics } = await setUp();
    leave(sessions, await joined(sid));
    const before = await values(metrics.turns);
    const one = await joined(sid);
    for (const id of ["1", "2"]) {
      clock.now += 60_000;
      sessions.sweep();
      await log.append([text(sid, id)]);
      await answers(sid, `c.${id}`, "re");
    }
    expect(one.words.filter((word) => word.startsWith("Turn"))).toEqual(["Turn s.1", "Turn 1", "Turn 2"]);
    expect([before, await values(metrics.turns)]).toEqual([["shown 1"], ["shown 3"]]);
  });
});

describe("[P4] a socket that comes back", () => {
  async function talked(): Promise<SetUp> {
    const set = await setUp();
    await set.log.append([text(sid, "1", "one")]);
    await set.answers(sid, "c.1", "re one");
    return set;
  }
  const ALL = ["1 hello", "2 one", "3 re one", "Turn 1"];

  it.each([
    [{ seq: 0, id: "" }, ALL],
    [{ seq: 1, id: "b.s.1.0.1" }, ALL.slice(1)],
    [{ seq: 2, id: "1" }, ALL.slice(2)],
    [{ seq: 3, id: "b.c.1.0.1" }, ALL.slice(3)],
    [{ seq: 2, id: "b.c.1.0.1" }, ["Resync", ...ALL]],
    [{ seq: 2, id: "" }, ["Resync", ...ALL]],
    [{ seq: 4, id: "b.c.2.0.1" }, ["Resync", ...ALL]],
    [{ seq: 1e9, id: "x" }, ["Resync", ...ALL]],
    [{ seq: -1, id: "x" }, ["Resync", ...ALL]],
    [undefined, ALL],
  ])("with %j gets %j", async (after, words) => {
    const { joined } = await talked();
    expect((await joined(sid, "v1", after)).words).toEqual(words);
  });

  it("is told of a start over; one without a place gets only what follows it", async () => {
    const { joined, log, answers } = await talked();
    await log.append([reset(sid, "r", 1)]);
    await answers(sid, "c.r", "hello again");
    const reset4 = ["4 ResetSession", "5 hello again", "Turn r"];
    expect((await joined(sid, "v1", { seq: 2, id: "1" })).words).toEqual(reset4);
    expect((await joined(sid, "v1", { seq: 4, id: "r" })).words).toEqual(reset4.slice(1));
    expect((await joined(sid, "v1", { seq: 2, id: "?" })).words).toEqual(["Resync", ...reset4.slice(1)]);
    expect((await joined(sid)).words).toEqual(reset4.slice(1));
    expect((await joined(sid, "bare")).words).toEqual(["hello again"]);
  });
});

describe("the end of a session", () => {
  it("closes its sockets for good when it is erased", async () => {
    const { joined, log } = await setUp();
    const clients = [await joined(sid), await joined(sid, "bare")];
    await log.erase(sid, ERASED);
    await nextTurn();
    for (const { socket } of clients) expect(socket.closed).toEqual({ code: 4410, reason: "" });
  });

  it("closes a socket that joins a session erased since it was looked up", async () => {
    const { sessions, log, clock } = await setUp();
    const found = await sessions.find("chat", sid);
    clock.now += 60_000;
    sessions.sweep();
    await log.erase(sid, ERASED);
    const one = new FakeClient("v1");
    await sessions.join(one.client, found!.live, undefined, () => undefined);
    expect([one.socket.closed?.code, one.words]).toEqual([4410, []]);
  });

  it("[L4] closes them with come back later at a record that this build cannot read, and says so once", async () => {
    const { joined, log, metrics } = await setUp();
    const one = await joined(sid);
    await log.append([{ ...text(sid, "1"), v: 2 } as LogRecord, text(sid, "2")]);
    await log.append([text(sid, "3")]);
    await nextTurn();
    expect([one.socket.closed?.code, await values(metrics.blocked)]).toEqual([4500, ["newer-version 1"]]);
    const two = await joined(sid);
    expect([two.words, two.socket.closed?.code]).toEqual([["1 hello", "Turn s.1"], 4500]);
  });
});

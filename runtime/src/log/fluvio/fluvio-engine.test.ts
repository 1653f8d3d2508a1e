import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../testing/eventually.js";
import { FalseFluvio } from "../../testing/false-fluvio.js";
import { everything, followed, idsOf, subscribed, tail } from "../../testing/log-readers.js";
import { ERASED, first, link, says, sidOf, text, turn } from "../../testing/records.js";
import { scratch } from "../../testing/server.js";
import type { EventLog } from "../event-log.js";
import { fluvioAddress } from "./address.js";
import { Cluster } from "./cluster.js";
import { type FluvioLogOptions, openFluvioLog } from "./fluvio-log.js";
import { deleteTopics, makeTopics } from "./setup.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const step of cleanup.splice(0).reverse()) await step();
});

const address = fluvioAddress("fluvio://10.0.0.1:9003/talk");
const [sid, other] = [sidOf(0), sidOf(2)];
const run = (of: string) => [says(sid, of, 1, "hello"), turn(sid, of, 2)];

/** A cluster with the topics of a log, and processes on it: each with a folder of its own. */
async function set() {
  const fluvio = new FalseFluvio();
  const { connect } = fluvio;
  const cluster = await Cluster.open(address, connect);
  await makeTopics(cluster, { partitions: 2, replicas: 1 });
  const opened = async (index: string, options: Partial<FluvioLogOptions>): Promise<EventLog> => {
    const log = await openFluvioLog({ address, connect, index, partitions: 2, late: 0, patience: 2_000, ...options });
    cleanup.push(() => log.close());
    return log;
  };
  const open = (options: Partial<FluvioLogOptions> = {}) => opened(":memory:", options);
  /** One whose folder outlives it. */
  const process = () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const start = (options: Partial<FluvioLogOptions> = {}) => opened(join(folder.path, "index.db"), options);
    const files = () => Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name))));
    return { start, files };
  };
  return { fluvio, connect, cluster, open, process };
}

/** Lets the clock of timers go on, and what hangs on it happen. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    vi.advanceTimersByTime(1_000);
    for (let turns = 0; turns < 20; turns++) await nextTurn();
  }
}
const stopClock = () => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });

describe("a record in the topic", () => {
  it("is the documented one as JSON, by itself, under its session: what other programs read", async () => {
    const { fluvio, open } = await set();
    const log = await open();
    await log.append([first(sid)]);
    await log.append(run("s.1"));
    const records = [first(sid), ...run("s.1")];
    expect(fluvio.partition("talk", 0).values.map((value) => JSON.parse(value))).toEqual(records);
    await log.append([first(sidOf(1))]);
    expect(fluvio.partition("talk", 1).values.length).toBe(1);
  });

  it("that is none of ours is passed over, and counted", async () => {
    const { fluvio, open } = await set();
    const log = await open();
    for (const junk of ["hello", "null", "{}", '{"sid":"x","id":"1","v":1}', JSON.stringify({ sid, v: "1", id: 2 })]) {
      fluvio.store("talk", sid, junk);
    }
    await log.append([text(sid, "1")]);
    const { ids, cursor } = await tail(log, 0);
    expect([ids, cursor]).toEqual([["c.1"], "6-c.1"]);
  });
});

describe("several processes on one log", () => {
  it("what one appends the others read and follow", async () => {
    const { open } = await set();
    const [one, two] = [await open(), await open()];
    const readers = [subscribed(two, 0), followed(two, sid)];
    await readers[1]!.until(() => readers[1]!.told.includes("caught up"));
    await one.append([first(sid)]);
    await one.append(run("s.1"));
    for (const reader of readers) expect((await (await reader.count(3)).stop()).length).toBe(3);
    expect(await two.read(sid)).toEqual(await one.read(sid));
  });

  it("[P17] what one erases is void for all, also what another had under way", async () => {
    const { fluvio, open, process } = await set();
    const two = process();
    const [one, other] = [await open(), await two.start()];
    await one.append([first(sid)]);
    await one.append([link(sidOf(1), "0", sid)]);
    await other.append([text(sid, "1", "the secret word")]);
    expect((await other.read(sid)).length).toBe(2);
    await one.erase(sid, ERASED);
    fluvio.store("talk", sid, JSON.stringify(text(sid, "2", "a late secret word")));
    await eventually(async () => expect(await other.read(sid)).toEqual([]));
    await expect(other.append([text(sid, "3")])).rejects.toMatchObject({ code: "erased" });
    await other.erase(sid, ERASED);
    expect((await everything(other)).map(({ id }) => id)).toEqual(["e"]);
    expect([await other.read(sidOf(1)), two.files().includes("secret word")]).toEqual([[], false]);
  });

  it("a new one reads the topic once, and one that starts again only what came meanwhile", async () => {
    const { fluvio, open, process } = await set();
    const one = await open();
    for (let i = 0; i < 5; i++) await one.append([text(sid, `${i}`)]);
    const { start } = process();
    const two = await start();
    expect(await idsOf(two, sid)).toEqual(["c.0", "c.1", "c.2", "c.3", "c.4"]);
    await two.close();
    await one.append([text(sid, "5")]);
    await one.head(0);
    const taken = vi.spyOn(JSON, "parse");
    const again = await start();
    await again.head(0);
    // The last that was read, by which it knows that it counts right, and what followed.
    const read = taken.mock.calls.map(([value]) => value).filter((value) => value.includes('"c.'));
    taken.mockRestore();
    expect(read.map((value) => (JSON.parse(value) as LogRecord).id)).toEqual(["c.4", "c.5"]);
    expect([(await tail(again, 0)).cursor, fluvio.partition("talk", 0).values.length]).toEqual(["6-c.5", 6]);
  });
});

describe("appending", () => {
  it("[P1] is acknowledged by the flush alone, and what one turn appends goes together", async () => {
    const { fluvio, open } = await set();
    const log = await open();
    await Promise.all(Array.from({ length: 100 }, (_, i) => log.append([text(sidOf(i % 10), `${i}`)])));
    expect(fluvio.batches.reduce((sum, n) => sum + n)).toBe(100);
    expect(fluvio.batches.length).toBeLessThan(4);
  });

  it("[P1] is acknowledged by what is read back alone: a server that starts lets flushes succeed and stores nothing", async () => {
    const { fluvio, open } = await set();
    const log = await open();
    const acked: string[] = [];
    const say = (of: string, id: string) => log.append([text(of, id)]).then(() => acked.push(id));
    fluvio.starting = true;
    const appends = [say(sid, "1"), say(other, "2"), say(sid, "3")];
    while (fluvio.batches.length === 0) await nextTurn();
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    fluvio.starting = false;
    expect([acked, log.health().queued]).toEqual([[], 3]);
    // What comes behind them in the partition says that they are lost.
    await say(sidOf(4), "4");
    await Promise.all(appends);
    expect([await idsOf(log, sid), await idsOf(log, other)]).toEqual([["c.1", "c.3"], ["c.2"]]);
    fluvio.starting = true;
    const flushed = fluvio.batches.length;
    const alone = say(sid, "5");
    while (fluvio.batches.length === flushed) await nextTurn();
    for (let turns = 0; turns < 20; turns++) await nextTurn();
    fluvio.starting = false;
    await alone;
    expect(await idsOf(log, sid)).toEqual(["c.1", "c.3", "c.5"]);
  });

  it("[P1] [P11] makes its producer anew after an error and sends again what was not acknowledged, in order", async () => {
    const { fluvio, open } = await set();
    const log = await open();
    await log.append([text(sid, "0")]);
    fluvio.killSpu();
    let stored = 0;
    const appends = ["1", "2", "3"].map((id) => log.append([text(sid, id)]).then(() => stored++));
    await pass(0);
    expect([stored, log.health().queued]).toEqual([0, 3]);
    fluvio.spu = true;
    await Promise.all(appends);
    expect(fluvio.partition("talk", 0).values.map((value) => (JSON.parse(value) as LogRecord).id)).toEqual(
      ["0", "1", "2", "3"].map((id) => `c.${id}`),
    );
  });

  it("[P11] says after some seconds that it does not know, or for certain that nothing was stored, and works again by itself", async () => {
    const { fluvio, open } = await set();
    const log = await open({ patience: 0, probeEvery: 5 });
    fluvio.killSpu();
    const lost = log.append([text(sid, "1")]);
    const behind = log.append([text(sid, "2")]);
    await expect(lost).rejects.toMatchObject({ code: "unknown", message: expect.stringContaining("10.0.0.1:9003") });
    await expect(behind).rejects.toMatchObject({ name: "AppendError" });
    await eventually(() => expect(log.health()).toMatchObject({ ok: false, problem: expect.stringContaining("talk") }));
    fluvio.spu = true;
    await eventually(() => expect(log.health()).toEqual({ ok: true, queued: 0 }));
    await log.append([text(sid, "1")]);
    const topic = fluvio.topics.get("talk")!;
    fluvio.topics.delete("talk");
    fluvio.killSpu();
    await expect(log.append([text(sid, "3")])).rejects.toMatchObject({ code: "unknown" });
    fluvio.spu = true;
    await expect(log.append([text(sid, "3")])).rejects.toMatchObject({ code: "not-stored" });
    fluvio.topics.set("talk", topic);
    await log.append([text(sid, "3")]);
  });
});

describe("a stream", () => {
  it("that has died in silence is opened anew within seconds, at the right record, and one that is idle is not", async () => {
    const { fluvio, open } = await set();
    stopClock();
    const log = await open();
    const reader = subscribed(log, 0);
    await log.append([text(sid, "0")]);
    await reader.count(1);
    const { streams } = fluvio;
    await pass(60);
    expect(fluvio.streams).toBe(streams);
    fluvio.silence();
    fluvio.store("talk", sid, JSON.stringify(text(sid, "1")));
    await pass(3);
    expect([reader.ids, fluvio.streams]).toEqual([["c.0"], streams]);
    await pass(2);
    expect([reader.ids, fluvio.streams]).toEqual([["c.0", "c.1"], streams + 1]);
    fluvio.store("talk", sid, JSON.stringify(text(sid, "2")));
    expect(await (await reader.count(3)).stop()).toEqual(["c.0", "c.1", "c.2"]);
  });

  it("of a server that was seen to be away is opened anew as soon as it is back", async () => {
    const { fluvio, open } = await set();
    stopClock();
    const log = await open();
    const reader = subscribed(log, 0);
    fluvio.killSpu();
    await pass(2);
    const { streams } = fluvio;
    fluvio.spu = true;
    await pass(1);
    expect(fluvio.streams - streams).toBe(3);
    fluvio.store("talk", sid, JSON.stringify(text(sid, "1")));
    expect(await (await reader.count(1)).stop()).toEqual(["c.1"]);
  });

  it("goes on when the controller is away, which is said, and asks it again when it is back", async () => {
    const { fluvio, open } = await set();
    stopClock();
    const log = await open();
    const reader = subscribed(log, 0);
    fluvio.sc = false;
    await pass(2);
    expect(log.health()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/10\.0\.0\.1:9003.*tried again\.$/),
    });
    await log.append([text(sid, "1")]);
    await reader.count(1);
    fluvio.sc = true;
    await pass(2);
    expect([log.health().ok, (await tail(log, 0)).ids]).toEqual([true, ["c.1"]]);
    await reader.stop();
  });

  it("counts right when retention moves between the controller's word and its opening", async () => {
    const { fluvio, open, process } = await set();
    const one = await open();
    for (let i = 0; i < 8; i++) await one.append([text(sid, `${i}`)]);
    const { start } = process();
    const before = await start();
    await before.head(0);
    await before.close();
    for (let i = 8; i < 12; i++) await one.append([text(sid, `${i}`)]);
    fluvio.beforeStream = () => fluvio.trim("talk", 0, 3);
    const log = await start();
    expect([await log.head(0), (await tail(log, 0, "8-c.7")).ids]).toEqual(["12-c.11", ["c.8", "c.9", "c.10", "c.11"]]);
  });
});

describe("a place in the topic", () => {
  it("is counted from the latest beginning that is known: the controller's word may be late", async () => {
    const { fluvio, open, process } = await set();
    const one = await open();
    for (let i = 0; i < 8; i++) await one.append([text(sid, `${i}`)]);
    const late = fluvio.list();
    fluvio.trim("talk", 0, 3);
    const { start } = process();
    const before = await start();
    expect(await before.head(0)).toBe("8-c.7");
    await before.close();
    fluvio.stale = late;
    const { streams } = fluvio;
    const log = await start();
    await log.append([text(sid, "8")]);
    expect([await log.head(0), (await tail(log, 0, "8-c.7")).ids]).toEqual(["9-c.8", ["c.8"]]);
    expect(await idsOf(log, sid)).toEqual(["c.3", "c.4", "c.5", "c.6", "c.7", "c.8"]);
    expect(fluvio.streams - streams, "none was opened twice").toBe(3);
  });

  it("that retention took is a gap to who was there, and to nobody else; a new process begins at what is left", async () => {
    const { fluvio, open } = await set();
    const one = await open();
    const cursors = [one.start];
    for (let i = 0; i < 6; i++) {
      await one.append([text(sid, `${i}`)]);
      cursors.push(await one.head(0));
    }
    expect(cursors.slice(0, 3)).toEqual(["0", "1-c.0", "2-c.1"]);
    fluvio.trim("talk", 0, 3);
    const log = await open();
    const told = async (after?: string) => {
      const reader = subscribed(log, 0, after);
      await reader.until(() => reader.ids.at(-1) === "c.5");
      await reader.stop();
      return reader.told;
    };
    expect(await told(cursors[2])).toEqual(["gap", "c.3", "c.4", "c.5"]);
    expect(await told(cursors[3])).toEqual(["c.3", "c.4", "c.5"]);
    expect(await told()).toEqual(["c.3", "c.4", "c.5"]);
    expect([(await tail(log, 0, cursors[6])).ids, await log.head(0)]).toEqual([[], cursors[6]]);
  });

  it("in a topic that was made anew, or of another engine, is no place in this one", async () => {
    const { fluvio, cluster, open, process } = await set();
    const { start } = process();
    const before = await start();
    for (let i = 0; i < 3; i++) await before.append([text(sid, `${i}`)]);
    const old = await before.head(0);
    await before.close();
    await deleteTopics(cluster);
    await makeTopics(cluster, { partitions: 2, replicas: 1 });
    for (let i = 0; i < 5; i++) fluvio.store("talk", sid, JSON.stringify(text(sid, `new${i}`)));
    for (const log of [await open(), await start()]) {
      await eventually(async () => expect(await idsOf(log, sid)).toEqual([0, 1, 2, 3, 4].map((i) => `c.new${i}`)));
      const reader = subscribed(log, 0, old);
      await reader.count(5);
      await reader.stop();
      expect(reader.told).toEqual(["gap", ...[0, 1, 2, 3, 4].map((i) => `c.new${i}`)]);
      expect(log.reached("3", await log.head(0))).toBe(false);
    }
  });

  it("in a topic that was made anew while it was read: its readers are told, and go on with the new one", async () => {
    const { fluvio, cluster, open } = await set();
    stopClock();
    const log = await open();
    const [reader, follower] = [subscribed(log, 0), followed(log, sid)];
    for (let i = 0; i < 3; i++) await log.append([text(sid, `${i}`)]);
    await reader.count(3);
    await deleteTopics(cluster);
    await makeTopics(cluster, { partitions: 2, replicas: 1 });
    fluvio.store("talk", sid, JSON.stringify(text(sid, "new")));
    await pass(20);
    await Promise.all([reader.count(4), follower.until(() => follower.ids.includes("c.new"))]);
    await Promise.all([reader.stop(), follower.stop()]);
    expect(reader.told).toEqual(["c.0", "c.1", "c.2", "gap", "c.new"]);
    expect(follower.told.filter((one) => one === "caught up").length).toBe(1);
    expect(await idsOf(log, sid)).toEqual(["c.new"]);
    expect(await idsOf(log, other)).toEqual([]);
  });
});

describe("starting", () => {
  it("without the topic says what to run, and with another number of partitions what it has", async () => {
    const fluvio = new FalseFluvio();
    const start = (partitions: number) =>
      openFluvioLog({ address, connect: fluvio.connect, index: ":memory:", partitions });
    await expect(start(2)).rejects.toMatchObject({
      code: "no-stream",
      message: expect.stringMatching(/^Topic not found: talk-control.*npm run setup/),
    });
    await makeTopics(await Cluster.open(address, fluvio.connect), { partitions: 3, replicas: 1 });
    await expect(start(2)).rejects.toMatchObject({
      code: "partitions",
      message: expect.stringContaining("3 partitions"),
    });
  });

  it("without the cluster says its address in a sentence; who waits is told once, and goes on when it comes up", async () => {
    const { fluvio, open } = await set();
    fluvio.sc = false;
    await expect(open()).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/^The Fluvio cluster fluvio:\/\/10\.0\.0\.1:9003\/talk cannot be reached \(.*\.$/),
    });
    const sentences: string[] = [];
    const { signal } = new AbortController();
    const opened = open({ wait: { signal, tell: (sentence) => sentences.push(sentence) } });
    await eventually(() => expect(sentences.length).toBe(1));
    fluvio.sc = true;
    await (await opened).append([text(sid, "1")]);
    expect(sentences).toEqual([expect.stringMatching(/cannot be reached.*tried again/)]);
  });

  it("makes both topics once, and refuses more replicas than there are servers in a sentence", async () => {
    const fluvio = new FalseFluvio();
    const cluster = await Cluster.open(address, fluvio.connect);
    await expect(makeTopics(cluster, { partitions: 2, replicas: 3 })).rejects.toMatchObject({
      code: "not-writable",
      message: expect.stringContaining("3 running SPU"),
    });
    expect(await makeTopics(cluster, { partitions: 2, replicas: 1 })).toEqual(["talk", "talk-control"]);
    expect(await makeTopics(cluster, { partitions: 2, replicas: 1 })).toEqual([]);
    await expect(makeTopics(cluster, { partitions: 3, replicas: 1 })).rejects.toMatchObject({ code: "partitions" });
    expect(await deleteTopics(cluster)).toEqual(["talk-control", "talk"]);
    expect(await deleteTopics(cluster)).toEqual([]);
  });
});

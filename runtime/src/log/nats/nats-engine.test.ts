import { isErased } from "@parley/shared/record";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../testing/eventually.js";
import { everything, followed, idsOf, subscribed, tail } from "../../testing/log-readers.js";
import { type NatsServer, startNatsServer } from "../../testing/nats-server.js";
import { Random, seedOfRun } from "../../testing/random.js";
import { control, ERASED, first, link, says, sidOf, text, turn } from "../../testing/records.js";
import { type Fault, TcpProxy } from "../../testing/tcp-proxy.js";
import type { EventLog } from "../event-log.js";
import { natsAddress } from "./address.js";
import { Link } from "./link.js";
import { type NatsLogOptions, openNatsLog } from "./nats-log.js";
import { deleteStreams, findStreams, makeStreams } from "./setup.js";

let server: NatsServer;
const cleanup: (() => unknown)[] = [];
let logs = 0;

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server.dispose());
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A log of its own name, set up; `at`: on another server. */
async function set(at = server) {
  const address = natsAddress(`nats://${at.address}/e${++logs}x`);
  const setup = await Link.open(address);
  cleanup.push(() => setup.close());
  await makeStreams(setup, { partitions: 2, replicas: 1 });
  const open = async (options: Partial<NatsLogOptions> = {}): Promise<EventLog> => {
    const log = await openNatsLog({ address, partitions: 2, ...options });
    cleanup.push(() => log.close());
    return log;
  };
  /** The same log by a network that fails as it is told. */
  const through = async () => {
    const proxy = await TcpProxy.before(`nats://${at.address}`);
    cleanup.push(() => proxy.close());
    return { proxy, address: natsAddress(proxy.url(`nats://${at.address}/${address.name}`)) };
  };
  return { address, setup, open, through, stored: () => server.files(`${address.name}-`) };
}

function once(fault: Fault): () => Fault | undefined {
  let left = [fault];
  return () => {
    const [now] = left;
    left = [];
    return now;
  };
}

/** Appends a text; `acked` gets its id once it is acknowledged. */
async function say(log: EventLog, id: string, acked: string[]): Promise<void> {
  await log.append([text(sid, id)]);
  acked.push(`c.${id}`);
}

const [sid, other] = [sidOf(0), sidOf(2)];
const run = (of: string) => [says(sid, of, 1, "hello"), turn(sid, of, 2)];

describe("several processes on one log", () => {
  it("the server drops what another has appended, and the first that came is what counts", async () => {
    const { open } = await set();
    let repeats = 0;
    const [one, two] = [await open(), await open({ onRepeat: () => repeats++ })];
    await one.append([first(sid)]);
    await one.append(run("s.1"));
    await two.append(run("s.1").map((record) => ({ ...record, timestamp: "2026-02-02T00:00:00.000Z" })));
    expect([repeats, await one.read(sid)]).toEqual([1, [first(sid), ...run("s.1")]]);
  });

  it("what one appends the others read, follow and hear", async () => {
    const { open } = await set();
    const [one, two] = [await open(), await open()];
    const readers = [subscribed(two, 0), followed(two, sid)];
    await readers[1]!.until(() => readers[1]!.told.includes("caught up"));
    const heard = new Promise((resolve) => two.onSignal((...said) => resolve(said)));
    await one.append([first(sid)]);
    await one.append([text(sid, "1")]);
    for (const reader of readers) expect(await (await reader.count(2)).stop()).toEqual(["s.1", "c.1"]);
    await one.control.append([control("a")]);
    expect(await two.control.head()).toBe(await one.control.head());
    one.signal(sid, { typing: true });
    expect(await heard).toEqual([sid, { typing: true }]);
  });

  it("[P17] what one erased another refuses, and takes out what it had under way", async () => {
    const { open, stored } = await set();
    let hold: Promise<void> | undefined;
    let reached = (): void => undefined;
    const beforeCommit = () => {
      reached();
      return hold;
    };
    const [one, two] = [await open(), await open({ beforeCommit })];
    await two.append([first(sid)]);
    await two.append([text(other, "1")]);
    let release = (): void => undefined;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const waits = new Promise<void>((resolve) => {
      reached = resolve;
    });
    // It has looked: the session was there. Then it is erased, and only then what it had under way arrives.
    const late = two.append([text(sid, "late", "a secret word")]);
    await waits;
    await one.erase(sid, ERASED);
    release();
    await late.catch(() => undefined);
    await eventually(() => expect(stored().includes("secret word")).toBe(false));
    await expect(two.append([text(sid, "more")])).rejects.toMatchObject({ code: "erased" });
    expect([await two.read(sid), await idsOf(two, other)]).toEqual([[], ["c.1"]]);
  });

  it("what is erased by two at once is erased once", async () => {
    const { open } = await set();
    const [one, two] = [await open(), await open()];
    await one.append([first(sid)]);
    await Promise.all([one.erase(sid, ERASED), two.erase(sid, { ...ERASED, id: "e2" })]);
    const left = await everything(one);
    expect(left.map(isErased)).toEqual([true]);
  });

  it("keeps the order of a person's links when one of them goes, whatever their messages are", async () => {
    const { open } = await set();
    const log = await open();
    const person = sidOf(6);
    await log.append([link(person, "0", other), link(person, "1", sid), link(person, "2", sidOf(4))]);
    await log.append([link(person, "3", sidOf(8))]);
    await log.append([link(person, "4", sid)]);
    await log.erase(sid, ERASED, person);
    expect(await idsOf(log, person)).toEqual(["r.0", "r.2", "r.3"]);
    await log.append([link(person, "5", sidOf(10))]);
    expect(await idsOf(log, person)).toEqual(["r.0", "r.2", "r.3", "r.5"]);
  });
});

describe("the server", () => {
  it("[P1][P11] killed and started again: nothing acknowledged is lost, readers go on, appends are refused meanwhile", async () => {
    const at = await startNatsServer();
    cleanup.push(() => at.dispose());
    const { open } = await set(at);
    const log = await open({ probeEvery: 50 });
    const readers = [subscribed(log, 0), followed(log, sid)];
    const acked: string[] = [];
    for (let i = 0; i < 50; i++) await say(log, `${i}`, acked);
    await at.signal("SIGKILL");
    await expect(log.append([text(sid, "away")])).rejects.toMatchObject({ name: "AppendError" });
    await eventually(() => expect(log.health().problem).toContain(at.address));
    await expect(log.append([text(sid, "away")])).rejects.toMatchObject({ code: "not-stored" });
    const read = log.read(sid);
    await at.start();
    expect((await read).map((record) => record.id)).toEqual(acked);
    await eventually(() => expect(log.health().ok).toBe(true));
    await eventually(() => say(log, "back", acked));
    for (const reader of readers) {
      await reader.until(() => reader.ids.at(-1) === "c.back");
      expect(await reader.stop()).toEqual(acked);
    }
  });

  it("[P11] whose connection falls silent is noticed: what is under way is unknown, and all goes on by a new one", async () => {
    const { open, through } = await set();
    const { proxy, address } = await through();
    proxy.next = once({ direction: "down", after: 6_000, kind: "silence" });
    let silent = false;
    proxy.onSilence = () => {
      silent = true;
    };
    const log = await open({ address });
    const reader = subscribed(log, 0);
    const acked: string[] = [];
    for (let i = 0; !silent; i++) await say(log, `${i}`, acked).catch(() => undefined);
    // It is noticed by what is asked of it, or before.
    await eventually(() => say(log, "back", acked));
    await reader.until(() => reader.ids.at(-1) === "c.back");
    const ids = await idsOf(log, sid);
    expect([await reader.stop(), ids.filter((id) => acked.includes(id))]).toEqual([ids, acked]);
  });

  it("whose connections are cut anywhere: what is appended until it is acknowledged stands once and in order, and a reader has it so", async () => {
    const random = new Random(seedOfRun());
    const { open, through } = await set();
    const { proxy, address } = await through();
    let cuts = 0;
    proxy.next = () => {
      if (cuts++ >= 12) return undefined;
      return { direction: random.pick(["up", "down"]), after: random.int(2_500, 12_000), kind: "cut" };
    };
    const { signal } = new AbortController();
    const log = await open({ address, wait: { signal, tell: () => undefined } });
    const reader = subscribed(log, 0);
    const acked: string[] = [];
    for (let i = 0; i < 200 || cuts < 12; i++) await eventually(() => say(log, `${i}`, acked));
    const shown = `PARLEY_SEED=${random.seed}`;
    await reader.until(() => reader.ids.includes(acked.at(-1)!));
    expect(await reader.stop(), shown).toEqual(acked);
    expect(await idsOf(log, sid), shown).toEqual(acked);
  });

  it("a consumer that is taken away is made again at the right place", async () => {
    const { open, setup, address } = await set();
    const log = await open();
    const reader = subscribed(log, 0);
    await log.append([text(sid, "1")]);
    await reader.count(1);
    const stream = `${address.name}-0`;
    for await (const { name } of setup.jsm.consumers.list(stream)) await setup.jsm.consumers.delete(stream, name);
    await log.append([text(sid, "2")]);
    await log.append([text(sid, "3")]);
    expect(await (await reader.count(3)).stop()).toEqual(["c.1", "c.2", "c.3"]);
  });

  it("[P17] keeps no word of an erased session, also when it was stopped or killed and started again", async () => {
    const at = await startNatsServer();
    cleanup.push(() => at.dispose());
    const { open, address } = await set(at);
    const log = await open();
    const stored = () => at.files(`${address.name}-`).toString("latin1");
    await log.append([first(sid)]);
    await log.append([text(sid, "1", "the secret word")]);
    await at.signal("SIGTERM");
    await at.start();
    expect(stored()).toContain("secret word");
    await eventually(() => log.erase(sid, ERASED, sidOf(6)));
    expect(stored()).not.toContain("secret word");
    for (const end of ["SIGKILL", "SIGTERM"] as const) {
      await at.signal(end);
      await at.start();
      expect(stored()).not.toContain("secret word");
    }
    expect(await log.read(sid)).toEqual([]);
  });

  it("[P12] that is full refuses, loses nothing, and takes more once there is room", async () => {
    const { open, setup, address } = await set();
    const log = await open({ probeEvery: 20 });
    await log.append([text(sid, "1")]);
    const stream = `${address.name}-0`;
    const bound = (max_bytes: number) => setup.jsm.streams.update(stream, { max_bytes });
    await bound(2_000);
    await expect(log.append([text(sid, "2", "x".repeat(4_000))])).rejects.toMatchObject({
      code: "not-stored",
      message: expect.stringMatching(/maximum bytes exceeded.*more room/),
    });
    await bound(1_000_000);
    await log.append([text(sid, "2", "x".repeat(4_000))]);
    expect(await idsOf(log, sid)).toEqual(["c.1", "c.2"]);
  });

  it("refuses an append over its max_payload for certain, and says what to raise", async () => {
    const { open } = await set();
    const log = await open();
    const many = Array.from({ length: 100 }, (_, i) => text(sid, `${i}`, "x".repeat(11_000)));
    await expect(log.append(many)).rejects.toMatchObject({
      code: "not-stored",
      message: expect.stringContaining("max_payload"),
    });
    expect(await log.read(sid)).toEqual([]);
  });

  it("that trims by its limits gives a gap to who was behind, and to nobody else", async () => {
    const { open, setup, address } = await set();
    const log = await open();
    const cursors = [log.start];
    for (let i = 0; i < 6; i++) {
      await log.append([text(sid, `${i}`)]);
      cursors.push(await log.head(0));
    }
    const cursor = (await tail(log, 0)).cursor;
    await setup.jsm.streams.update(`${address.name}-0`, { max_msgs: 3, discard: "old" });
    const told = async (after?: string) => {
      const reader = subscribed(log, 0, after);
      await reader.until(() => reader.ids.at(-1) === "c.5");
      await reader.stop();
      return reader.told;
    };
    expect(await told(cursors[2])).toEqual(["gap", "c.3", "c.4", "c.5"]);
    expect(await told(cursors[3])).toEqual(["c.3", "c.4", "c.5"]);
    expect(await told()).toEqual(["c.3", "c.4", "c.5"]);
    expect((await tail(log, 0, cursor)).ids).toEqual([]);
    expect(await idsOf(log, sid)).toEqual(["c.3", "c.4", "c.5"]);
  });
});

describe("setting up", () => {
  it("makes the streams once, tells them, and deletes them", async () => {
    const { setup, address } = await set();
    expect(await findStreams(setup)).toEqual({
      partitions: 2,
      made: expect.any(String),
      names: ["0", "1"]
        .map((n) => `${address.name}-${n}`)
        .concat([`KV_${address.name}-leases`, `KV_${address.name}-places`, `${address.name}-control`]),
    });
    expect(await makeStreams(setup, { partitions: 2, replicas: 1 })).toEqual([]);
    await expect(makeStreams(setup, { partitions: 3, replicas: 1 })).rejects.toMatchObject({ code: "partitions" });
    expect((await deleteStreams(setup)).length).toBe(5);
    expect([await findStreams(setup), await deleteStreams(setup)]).toEqual([undefined, []]);
  });

  it("a place in a log that was made anew, or of another engine, is no place in this one", async () => {
    const { setup, open } = await set();
    const before = await open();
    for (let i = 0; i < 3; i++) await before.append([text(sid, `${i}`)]);
    const old = await before.head(0);
    await before.close();
    await deleteStreams(setup);
    await makeStreams(setup, { partitions: 2, replicas: 1 });
    const log = await open();
    for (let i = 0; i < 5; i++) await log.append([text(sid, `${i}`)]);
    for (const foreign of [old, "3"]) {
      expect([log.reached(foreign, await log.head(0)), log.distance(foreign, await log.head(0))]).toEqual([false, 0]);
      const reader = subscribed(log, 0, foreign);
      await reader.until(() => reader.told.length > 0);
      expect([await reader.stop(), reader.told]).toEqual([[], ["gap"]]);
    }
  });

  it("a log that was not set up says what to run", async () => {
    const address = natsAddress(`nats://${server.address}/nothing`);
    await expect(openNatsLog({ address })).rejects.toMatchObject({
      name: "LogOpenError",
      code: "no-stream",
      message: expect.stringContaining("npm run setup"),
    });
  });

  it("a server that is away is said with its address; who waits is told, and goes on when it comes up", async () => {
    const at = await startNatsServer();
    cleanup.push(() => at.dispose());
    const { address } = await set(at);
    for (const step of cleanup.splice(1).reverse()) await step();
    await at.signal("SIGTERM");
    await expect(openNatsLog({ address, partitions: 2 })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(at.address),
    });
    const sentences: string[] = [];
    let told = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      told = resolve;
    });
    const tell = (sentence: string) => {
      sentences.push(sentence);
      told();
    };
    const opened = openNatsLog({ address, partitions: 2, wait: { signal: new AbortController().signal, tell } });
    await waits;
    await at.start();
    const log = await opened;
    cleanup.push(() => log.close());
    await log.append([text(sid, "1")]);
    expect(sentences).toEqual([expect.stringMatching(/cannot be reached.*tried again/)]);
  });
});

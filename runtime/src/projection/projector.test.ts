import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog, createMemoryStore } from "../log/memory.js";
import { createMetrics } from "../metrics.js";
import { Random, seedOfRun } from "../testing/random.js";
import { asks, ERASED, first, reset, says, sidOf, text, turn, values } from "../testing/records.js";
import { Projector } from "./projector.js";
import { ConversationReader } from "./reading.js";
import { ProjectionStore } from "./store.js";

const PARTITIONS = 2;
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0).reverse()) await step();
});

function newStore(): ProjectionStore {
  const store = new ProjectionStore(":memory:");
  cleanup.push(() => store.close());
  return store;
}

/** A projector over a log; `caughtUp` writes all there is, `kill` ends it as a crash does: nothing more is written. */
function project(log: EventLog, store: ProjectionStore, options: { flushEvery?: number; now?: () => number } = {}) {
  const end = new AbortController();
  cleanup.push(() => end.abort());
  const { flushEvery = 1e9, now = () => 0 } = options;
  const metrics = createMetrics();
  const projector = new Projector({ log, store, logger: pino({ level: "silent" }), metrics, now, flushEvery });
  const started = projector.start(end.signal);
  return {
    projector,
    started,
    async caughtUp() {
      await started;
      for (let partition = 0; partition < log.partitions; partition++) {
        const head = await log.head(partition);
        while (!log.reached(head, store.cursor(partition) ?? log.start)) {
          await nextTurn();
          projector.flush();
        }
      }
    },
    kill: () => end.abort(),
  };
}

/** Everything that a projection says; not the numbers that it gives by the way. */
const dump = ({ db }: ProjectionStore) => ({
  conversations: db
    .prepare(
      `SELECT sid, n, flow, version, started, last, seq, messages, answers, status, waits, step, said, page, vals
        FROM conversation ORDER BY sid, n`,
    )
    .all(),
  answers: db
    .prepare("SELECT sid, n, a.seq, col, text FROM answer a JOIN conversation USING (no) ORDER BY 1, 2, 3")
    .all(),
  said: db
    .prepare(
      "SELECT sid, n, s.rowid & 16777215 AS at, text FROM said s JOIN conversation ON no = s.rowid >> 24 ORDER BY 1, 2, 3",
    )
    .all(),
  count: db.prepare("SELECT * FROM count ORDER BY version, day, kind, name").all(),
  total: db.prepare("SELECT * FROM total ORDER BY version, kind, name").all(),
});
const of = (store: ProjectionStore, sid: string) => new ConversationReader(store).list({ sid }, 10);
const states = (store: ProjectionStore, kind: string, version: number) =>
  new ConversationReader(store)
    .counts("chat", { version })
    .filter((count) => count.kind === kind)
    .map(({ name, times }) => `${name} ${times}`);

async function rebuilt(log: EventLog): Promise<ReturnType<typeof dump>> {
  const store = newStore();
  await project(log, store).caughtUp();
  return dump(store);
}

const answered = (sid: string, id: string, says1: string): LogRecord[][] => [
  [text(sid, id)],
  [says(sid, `c.${id}`, 1, says1), turn(sid, `c.${id}`, 2, {}, `matches ${says1}`)],
];
const asked = (sid: string, id: string): LogRecord[][] => [
  [text(sid, id)],
  [asks(sid, `c.${id}`, 1, "s"), turn(sid, `c.${id}`, 2)],
];
const told = (sid: string, id: string, name: string): LogRecord[][] => [
  [values(sid, id, { [name]: `of ${id}` })],
  [turn(sid, `c.${id}`, 1)],
];
const begun = (sid: string): LogRecord[][] => [[first(sid)], [says(sid, "s.1", 1, "hello"), turn(sid, "s.1", 2)]];
const refused = (sid: string, id: string): LogRecord[][] => [
  [text(sid, id)],
  [turn(sid, `c.${id}`, 1, { refused: "stale" })],
];
const anew = (sid: string, id: string, version: number): LogRecord[][] => [
  [reset(sid, id, version)],
  [says(sid, `c.${id}`, 1, "hello"), turn(sid, `c.${id}`, 2, { ended: true })],
];

async function append(log: EventLog, appends: LogRecord[][]): Promise<void> {
  for (const records of appends) await log.append(records);
}

describe("Projector", () => {
  it("says how far it is with what was in the log at its start, until that is written", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const store = newStore();
    const empty = project(log, store);
    expect(empty.projector.catchingUp).toBe(0); // Nobody knows yet.
    await empty.started;
    expect(empty.projector.catchingUp).toBeUndefined();
    empty.kill();

    for (let n = 0; n < 800; n++) await append(log, begun(sidOf(n)));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Two readings of each partition, and then no more for a while.
    const slow: EventLog = {
      ...log,
      async *subscribe(partition, after, options) {
        let read = 0;
        for await (const batch of log.subscribe(partition, after, options)) {
          yield batch;
          if (++read === 2) await held;
        }
      },
    };
    const one = project(slow, store);
    await vi.waitFor(() => expect(one.projector.catchingUp).toBeGreaterThan(0.2));
    expect(one.projector.catchingUp).toBeLessThan(1);
    release();
    await one.started;
    expect(one.projector.catchingUp).toBeUndefined();
    // What comes later is no debt of the start.
    await append(log, begun(sidOf(900)));
    expect(one.projector.catchingUp).toBeUndefined();
  });

  it("says of each session and state what happened", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const [sid, store] = [sidOf(1), newStore()];
    await append(log, [...begun(sid), ...answered(sid, "1", "go"), ...refused(sid, "2"), ...anew(sid, "3", 2)]);
    await project(log, store).caughtUp();
    expect(await of(store, sid)).toMatchObject([
      { n: 2, version: 2, messages: 1, answers: 0, status: "ended", waits: null, step: "says hello" },
      { n: 1, version: 1, messages: 3, answers: 1, status: "left", said: "1", step: "says go" },
    ]);
    expect([states(store, "sent", 1), states(store, "matched", 1)]).toEqual([
      ["says go 1", "says hello 1"],
      ["matches go 1"],
    ]);
    expect([states(store, "sent", 2), states(store, "stopped", 1)]).toEqual([["says hello 1"], ["says go 1"]]);
  });

  it("counts what follows a start over under its version, also when it reads the session whole", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const [sid, store] = [sidOf(0), newStore()];
    await append(log, begun(sid));
    const one = project(log, store);
    await one.caughtUp();
    one.kill();
    await append(log, [...answered(sid, "1", "go"), ...anew(sid, "2", 2), ...answered(sid, "3", "on")]);
    await project(log, store).caughtUp();
    expect(dump(store)).toEqual(await rebuilt(log));
    expect(states(store, "sent", 1)).toContain("says go 1");
  });

  it("[P17] takes an erased session's share back, and one built anew is the same", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const store = newStore();
    const one = project(log, store);
    await append(log, [...begun(sidOf(0)), ...begun(sidOf(1)), ...answered(sidOf(0), "1", "go")]);
    await one.caughtUp();
    await log.erase(sidOf(0), ERASED);
    await one.caughtUp();
    expect(await of(store, sidOf(0))).toEqual([]);
    expect([states(store, "sent", 1), states(store, "matched", 1)]).toEqual([["says hello 1"], []]);
    expect(dump(store)).toEqual(await rebuilt(log));
  });

  it("goes on where its cursor is, and begins at once with all that happened meanwhile", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const store = newStore();
    await append(log, [...begun(sidOf(0)), ...begun(sidOf(1))]);
    const one = project(log, store);
    await one.caughtUp();
    one.kill();
    await append(log, answered(sidOf(0), "1", "go"));
    const kept = [store.cursor(0), store.cursor(1)];
    const subscribed = vi.spyOn(log, "subscribe");
    await project(log, store).caughtUp();
    expect(kept).not.toContain(undefined);
    expect(subscribed.mock.calls.map(([, cursor]) => cursor)).toEqual(kept);
    expect((await of(store, sidOf(0)))[0]!.messages).toBe(3);
  });

  it("loses nothing and counts nothing twice when a write fails", async () => {
    const log = createMemoryLog({ partitions: PARTITIONS });
    const store = newStore();
    const { projector, caughtUp } = project(log, store);
    await append(log, begun(sidOf(0)));
    await caughtUp();
    vi.spyOn(store, "save").mockImplementationOnce(() => {
      throw new Error("the disk is full");
    });
    await append(log, answered(sidOf(0), "1", "go"));
    await nextTurn();
    expect(() => projector.flush()).toThrow("disk");
    expect((await of(store, sidOf(0)))[0]!.messages).toBe(1);
    await caughtUp();
    expect((await of(store, sidOf(0)))[0]!.messages).toBe(3);
    expect(dump(store)).toEqual(await rebuilt(log));
  });

  it("is built anew when an older copy of the log was put back", async () => {
    const store = newStore();
    const newer = createMemoryLog({ partitions: PARTITIONS });
    await append(newer, [...begun(sidOf(0)), ...begun(sidOf(2)), ...begun(sidOf(4))]);
    const one = project(newer, store);
    await one.caughtUp();
    one.kill();
    const older = createMemoryLog({ partitions: PARTITIONS });
    await append(older, begun(sidOf(0)));
    await project(older, store).caughtUp();
    expect(dump(store)).toEqual(await rebuilt(older));
    expect(await of(store, sidOf(2))).toEqual([]);
  });

  it("lets go of sessions that nothing happens to, and reads one again when something does", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const store = newStore();
    let now = 0;
    const { caughtUp } = project(log, store, { flushEvery: 1, now: () => now });
    await append(log, begun(sidOf(0)));
    await caughtUp();
    const reads = vi.spyOn(log, "read");
    await append(log, answered(sidOf(0), "1", "go"));
    await caughtUp();
    expect(reads).not.toHaveBeenCalled();
    now += 60_000;
    // The write that comes next has nothing to write: it forgets.
    const saved = vi.spyOn(store, "save");
    while (saved.mock.calls.length < 2) await nextTurn();
    await append(log, answered(sidOf(0), "2", "on"));
    await caughtUp();
    expect(reads).toHaveBeenCalledTimes(1);
    expect(dump(store)).toEqual(await rebuilt(log));
  });

  it("[L4] does not stumble over a record that it cannot read, and goes on with the other sessions", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const store = newStore();
    const { caughtUp } = project(log, store);
    await append(log, begun(sidOf(0)));
    await log.append([{ ...text(sidOf(0), "new"), v: 2, payload: { kind: "Control" } } as unknown as LogRecord]);
    await append(log, [...answered(sidOf(0), "1", "go"), ...begun(sidOf(1))]);
    await caughtUp();
    for (const n of [0, 1]) expect((await of(store, sidOf(n)))[0]!.messages).toBe(1);
  });

  it("one that lived through crashes, failed writes, restarts and erasures equals one built anew", async () => {
    const random = new Random(seedOfRun());
    const data = createMemoryStore(PARTITIONS);
    let log = createMemoryLog({ store: data, tail: { records: 5, characters: 10_000 } });
    const store = newStore();
    let running = project(log, store);
    const sids = [0, 1, 2, 3, 4].map(sidOf);
    const gone = new Set<string>();
    const owed = new Map(sids.map((sid) => [sid, begun(sid)]));
    for (let n = 0; n < 300; n++) {
      const sid = random.pick(sids);
      const queue = owed.get(sid)!;
      if (queue.length === 0) {
        const [id, version] = [`${n}`, random.int(1, 3)];
        queue.push(
          ...random.pick([
            answered(sid, id, random.pick(["a", "b"])),
            refused(sid, id),
            asked(sid, id),
            told(sid, id, random.pick(["name", "page"])),
            anew(sid, id, version),
          ]),
        );
      }
      if (!gone.has(sid)) await log.append(queue.shift()!);
      if (random.chance(0.2)) await nextTurn();
      if (random.chance(0.1)) running.projector.flush();
      if (random.chance(0.01) && gone.size < 2) {
        gone.add(sid);
        await log.erase(sid, ERASED);
      }
      if (random.chance(0.05)) {
        running.kill();
        if (random.chance(0.5)) log = createMemoryLog({ store: data, tail: { records: 5, characters: 10_000 } });
        running = project(log, store);
      }
    }
    await running.caughtUp();
    expect(dump(store), `PARLEY_SEED=${random.seed}`).toEqual(await rebuilt(log));
  });
});

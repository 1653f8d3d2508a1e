import { setImmediate as nextTurn } from "node:timers/promises";
import type { ActMessage, ActRecord, LogRecord } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import { afterEach, describe, expect, it } from "vitest";
import { AppendError, type EventLog } from "../log/event-log.js";
import { ENGINES, engineLog } from "../testing/engine-logs.js";
import { ERASED, first, sidOf } from "../testing/records.js";
import { restarts, setUpWorkflow } from "../testing/workflows.js";
import { placeMemory } from "./place.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A flow that hands over at once, and waits a minute. */
const FLOW = {
  fetch: { sendRequest: { kind: "HandOff", handOffId: "desk", queue: "Desk", content: "One moment", timeout: 60 } },
  done: { matchResponse: { kind: "HandOffResult", handOffId: "desk", outcome: "closed" }, next: "bye" },
  away: { matchResponse: { kind: "HandOffResult", handOffId: "desk", outcome: "unavailable" }, next: "bye" },
  late: { matchResponse: { kind: "HandOffResult", handOffId: "desk", outcome: "timeout" }, next: "sorry" },
  sorry: { sendRequest: { kind: "BotText", content: "Nobody came" } },
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
};
const [one, two] = [sidOf(1), sidOf(2)];

/** A clock that goes when it is told to, and wakes who waits for what has come by then. */
class HandClock {
  time = Date.UTC(2026, 0, 1);
  readonly #alarms = new Set<{ time: number; wake: () => void }>();
  readonly now = () => this.time;
  readonly alarm = (time: number, wake: () => void) => {
    const one = { time, wake };
    this.#alarms.add(one);
    if (time <= this.time) setImmediate(() => this.pass(0));
    return () => void this.#alarms.delete(one);
  };

  pass(seconds: number): void {
    this.time += seconds * 1000;
    for (const one of [...this.#alarms]) {
      if (one.time > this.time) continue;
      this.#alarms.delete(one);
      one.wake();
    }
  }

  /** Waits until somebody waits for exactly this time from the beginning. */
  async awaited(seconds: number): Promise<void> {
    const time = Date.UTC(2026, 0, 1) + seconds * 1000;
    while (![...this.#alarms].some((one) => one.time === time)) await nextTurn();
  }
}

const act = (sid: string, id: string, message: ActMessage, timestamp: string): ActRecord => ({
  ...{ v: 1, sid, id: `o.${id}`, timestamp, by: "person:ada" },
  payload: { kind: "Control", message },
});

/** Waits until so many inputs have their end; what was shown, in short, and who was refused. */
async function told(log: EventLog, sid: string, inputs: number): Promise<string[]> {
  for (;;) {
    const { events, after } = conversation(await log.read(sid));
    if (after.inputs === inputs && after.unfinished.length === 0) {
      return events.flatMap((event) => {
        if (event.kind === "turn") return event.refused === undefined ? [] : [`${event.of} ${event.refused}`];
        const { message } = event;
        return [message.kind === "BotText" ? message.content : message.kind];
      });
    }
    await nextTurn();
  }
}
const clockRecords = (records: readonly LogRecord[]) => records.filter(({ id }) => id.startsWith("t."));
const LATE = ["StartChatSession", "EndChatSession", "Nobody came"];

async function setUp(engine: (typeof ENGINES)[number]) {
  const clock = new HandClock();
  const { log, open } = await engineLog(engine, cleanup);
  const options = { flow: FLOW, now: clock.now, alarm: clock.alarm };
  const given = await setUpWorkflow(cleanup, { log, ...options });
  return { clock, open, options, ...given };
}

describe.each(ENGINES)("[H6] a hand-off that nobody comes for, on %s", (engine) => {
  it("ends when its time is over and not before, once, and the flow goes on", async () => {
    const { log, start, clock } = await setUp(engine);
    await start();
    await log.append([first(one, { step: 2 })]);
    expect(await told(log, one, 1)).toEqual(["StartChatSession"]);
    await clock.awaited(60);
    clock.pass(59);
    await log.append([first(two, { step: 2 })]);
    await told(log, two, 1);
    expect(clockRecords(await log.read(one))).toEqual([]);
    clock.pass(1);
    expect(await told(log, one, 2)).toEqual(LATE);
    const [due] = clockRecords(await log.read(one));
    expect(due).toMatchObject({ id: "t.1.0", by: "clock", timestamp: "2026-01-01T00:01:00.000Z" });
    expect(due!.payload).toEqual({ kind: "Control", message: { kind: "Due", handOffId: "desk", re: 1 } });
    // The other began to wait 59 s later.
    await clock.awaited(119);
    expect(clockRecords(await log.read(two))).toEqual([]);
    clock.pass(59);
    expect(await told(log, two, 2)).toEqual(LATE);
    clock.pass(10_000);
    await log.append([{ ...due!, timestamp: "2026-01-01T09:00:00.000Z" } as LogRecord]); // Twice is once.
    await log.append([{ ...due!, id: "t.1.9" } as LogRecord]); // Late is stale.
    expect(await told(log, one, 3)).toEqual([...LATE, "t.1.9 stale"]);
  });

  it("[P8] ends when its time passed while no workflow ran, by the place that was saved or by the log alone", async () => {
    const { log, start, clock, places, registry, options } = await setUp(engine);
    const stop = await start();
    await log.append([first(one, { step: 2 })]);
    await log.append([first(two, { step: 2 })]);
    await told(log, two, 1);
    await clock.awaited(60);
    await stop();
    expect([...(await places.load()).get(0)!.due.keys()].sort()).toEqual([one, two].sort());
    clock.pass(60);
    expect(clockRecords(await log.read(one))).toEqual([]);
    const again = await start({ registry, ...options });
    for (const sid of [one, two]) expect(await told(log, sid, 2)).toEqual(LATE);
    await again();

    const third = sidOf(3);
    const last = await start();
    await log.append([first(third, { step: 2 })]);
    await told(log, third, 1);
    await clock.awaited(120);
    await last();
    clock.pass(60);
    await start({ places: placeMemory() });
    expect(await told(log, third, 2)).toEqual(LATE);
    expect(clockRecords(await log.read(one)).length).toBe(1);
  });

  it("waits for nobody who has come, and anew for whoever is next when it is passed on", async () => {
    const { log, start, clock } = await setUp(engine);
    await start();
    await log.append([first(one, { step: 2 })]);
    await told(log, one, 1);
    await clock.awaited(60);
    clock.pass(50);
    const at = () => new Date(clock.now()).toISOString();
    await log.append([act(one, "take", { kind: "Takeover", name: "Ada" }, at())]);
    await told(log, one, 2);
    clock.pass(30);
    // What another clock says of the wait that is over: void.
    const message = { kind: "Due", handOffId: "desk", re: 1 } as const;
    const late: LogRecord = {
      ...{ v: 1, sid: one, id: "t.1.0", timestamp: at(), by: "clock" },
      payload: { kind: "Control", message },
    };
    await log.append([late]);
    expect(await told(log, one, 3)).toEqual(["StartChatSession", "t.1.0 stale"]);
    await log.append([act(one, "pass", { kind: "Assign", after: "o.take", queue: "Workshop" }, at())]);
    await told(log, one, 4);
    await clock.awaited(140);
    expect(conversation(await log.read(one)).after).toMatchObject({
      handOff: { id: "desk", queue: "Workshop", since: "2026-01-01T00:01:20.000Z" },
      holder: { queue: "Workshop" },
      taken: false,
    });
    clock.pass(60);
    expect(await told(log, one, 5)).toEqual(["StartChatSession", "t.1.0 stale", "EndChatSession", "Nobody came"]);
    expect(clockRecords(await log.read(one)).map(({ id }) => id)).toEqual(["t.1.0", "t.1.2"]);
  });
});

it("[P8] two owners of one partition say once that nobody came", async () => {
  const { log, open, clock, options } = await setUp("nats");
  const others = await setUpWorkflow(cleanup, { log: await open(), ...options });
  const own = await setUpWorkflow(cleanup, { log, ...options });
  await Promise.all([own.start(), others.start()]);
  const sids = Array.from({ length: 20 }, (_, n) => sidOf(n));
  await Promise.all(sids.map((sid) => log.append([first(sid, { step: 2 })])));
  for (const sid of sids) await told(log, sid, 1);
  await clock.awaited(60);
  clock.pass(60);
  for (const sid of sids) {
    expect(await told(log, sid, 2)).toEqual(LATE);
    expect(clockRecords(await log.read(sid)).length).toBe(1);
  }
});

describe("[P8] a workflow's timers", () => {
  it("say it again after the log was away", async () => {
    const { log, start, clock, metrics } = await setUp("memory");
    let away = true;
    await start({
      log: {
        ...log,
        append(records) {
          if (away && records[0]!.id.startsWith("t.")) {
            away = false;
            return Promise.reject(new AppendError("not-stored", "the log is away"));
          }
          return log.append(records);
        },
      },
    });
    await log.append([first(one, { step: 2 })]);
    await told(log, one, 1);
    await clock.awaited(60);
    clock.pass(60);
    while ((await restarts(metrics)) === 0) await nextTurn();
    await clock.awaited(60);
    expect(await told(log, one, 2)).toEqual(LATE);
  });

  it("forget a session that was erased, or ended, or that started over", async () => {
    const { log, start, clock, places } = await setUp("memory");
    const stop = await start();
    const third = sidOf(3);
    for (const sid of [one, two, third]) {
      await log.append([first(sid, { step: 2 })]);
      await told(log, sid, 1);
    }
    await clock.awaited(60);
    await log.erase(one, ERASED);
    await log.append([act(two, "end", { kind: "End" }, ERASED.timestamp)]);
    await told(log, two, 2);
    clock.pass(30);
    await log.append([
      {
        ...{ v: 1, sid: third, id: "c.over", timestamp: ERASED.timestamp, by: "visitor" },
        payload: { kind: "Response", message: { kind: "ResetSession" } },
        ...{ flow: "chat", version: 1, step: 2 },
      },
    ]);
    await told(log, third, 2);
    await clock.awaited(90);
    await stop();
    const { due } = (await places.load()).get(0)!;
    expect([...due]).toEqual([[third, Date.UTC(2026, 0, 1, 0, 1, 30)]]);
  });
});

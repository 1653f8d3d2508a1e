import type { LogRecord } from "@parley/shared/record";
import { expect } from "vitest";
import { everything, LogReader, tail } from "../testing/log-readers.js";
import { Random, seedOfRun } from "../testing/random.js";
import { ERASED, sidOf, text } from "../testing/records.js";
import type { Subject, Suite } from "./event-log.contract.js";
import { AppendError, type Cursor, type EventLog, type Level, RewoundError } from "./event-log.js";

const SIDS = [0, 1, 2, 3, 4].map(sidOf);
const ROUNDS = 60;

/** What a log has to hold: each append with what became of it, in the order they were made. */
class Model {
  readonly appends: { sid: string; ids: string[]; outcome: "stored" | AppendError["code"] }[] = [];
  readonly erased = new Set<string>();

  check(records: readonly LogRecord[]): void {
    for (const sid of SIDS) {
      const ids = records.filter((record) => record.sid === sid).map((record) => record.id);
      if (this.erased.has(sid)) {
        expect(ids, sid).toEqual([ERASED.id]);
        continue;
      }
      // An append of unknown outcome is there whole or not at all; everything else is certain.
      for (const append of this.appends.filter((one) => one.sid === sid)) {
        const there = ids.slice(0, append.ids.length).join() === append.ids.join();
        if (append.outcome === "stored") expect(there, `${append.ids} in ${ids}`).toBe(true);
        else if (append.outcome !== "unknown") expect(there, `${append.ids} in ${ids}`).toBe(false);
        if (there) ids.splice(0, append.ids.length);
      }
      expect(ids, sid).toEqual([]);
    }
  }
}

/** Reads a partition for ever: over restarts of the log, and from its last durable cursor after a `RewoundError`. */
class Steady {
  readonly ids: string[] = [];
  #cursor: Cursor | undefined;
  #reader!: LogReader;

  constructor(
    private readonly partition: number,
    private readonly level: Level,
  ) {}

  attach(log: EventLog): void {
    const { partition, level } = this;
    const cursor = this.#cursor;
    this.#reader = new LogReader(async function* (signal) {
      for (let from = cursor; ; ) {
        try {
          for await (const part of log.subscribe(partition, from, { signal, level })) {
            yield part;
            if (level === "durable" && "cursor" in part) from = part.cursor;
          }
          return;
        } catch (error) {
          if (!(error instanceof RewoundError)) throw error;
        }
      }
    });
  }

  /** What it was given since it was attached, once it has everything that is durable. */
  async detach(expected: readonly string[]): Promise<void> {
    const { ids } = this.#reader;
    const durable = this.level === "durable" ? this.ids : [];
    await this.#reader.until(() => expected.every((id) => ids.includes(id) || durable.includes(id)));
    await this.#reader.stop();
    if (this.level === "durable") {
      this.#cursor = this.#reader.cursor ?? this.#cursor;
      this.ids.push(...ids);
    } else this.ids.splice(0, this.ids.length, ...ids);
  }
}

/** One round: some appends at once, with or without a fault. */
async function round(
  random: Random,
  { log, faults }: { log: EventLog; faults: Subject["faults"] },
  model: Model,
  n: number,
) {
  const fault = random.next();
  if (fault < 0.15) faults.fail(random.int(1, 2));
  else if (fault < 0.35) faults.lose(random.chance(0.5));
  const waiting: Promise<unknown>[] = [];
  for (let i = random.int(1, 8); i > 0; i--) {
    const sid = random.pick(SIDS);
    const records = Array.from({ length: random.int(1, 3) }, (_, j) => text(sid, `${n}-${i}-${j}`));
    const entry: Model["appends"][number] = { sid, ids: records.map((record) => record.id), outcome: "stored" };
    model.appends.push(entry);
    const failed = (error: unknown): void => {
      if (!(error instanceof AppendError)) throw error;
      entry.outcome = error.code;
    };
    waiting.push(log.append(records).catch(failed));
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(waiting);
}

/** Anything, in any order, against a list that says what has to be there. `PARLEY_SEED` repeats a run. */
export function randomUse({ check, open }: Suite): void {
  check("keeps its word through random use, failures and restarts", async () => {
    const random = new Random(seedOfRun());
    try {
      await use(random, await open({ tail: { records: 6, characters: 100_000 } }));
    } catch (error) {
      throw new Error(`PARLEY_SEED=${random.seed} repeats this`, { cause: error });
    }
  });

  async function use(random: Random, subject: Subject): Promise<void> {
    const model = new Model();
    let { log } = subject;
    const steady = [new Steady(0, "durable"), new Steady(1, "durable"), new Steady(0, "ordered")];
    for (const reader of steady) reader.attach(log);
    for (let n = 0; n < ROUNDS; n++) {
      await round(random, { log, faults: subject.faults }, model, n);
      subject.faults.clear();
      // The outcome of a commit is asked for before the next one: then what is durable is known.
      await log.append([text(sidOf(6), `mark-${n}`)]);
      const records = await everything(log);
      model.check(records);
      for (const sid of SIDS) expect(await log.read(sid)).toEqual(model.erased.has(sid) ? [] : of(sid, records));
      if (random.chance(0.2)) {
        for (const [i, reader] of steady.entries()) await reader.detach((await tail(log, i % 2)).ids.slice(-1));
        log = await subject.reopen();
        for (const reader of steady) reader.attach(log);
        expect(await everything(log)).toEqual(records);
      }
      if (random.chance(0.03) && model.erased.size < 2) {
        const sid = random.pick(SIDS);
        await log.erase(sid, ERASED);
        model.erased.add(sid);
      }
    }
    for (const [i, reader] of steady.entries()) {
      const { ids } = await tail(log, i % 2);
      await reader.detach(ids.slice(-1));
      // Of what is still there a steady reader had everything once, in order, whatever came between.
      if (i < 2) expect(reader.ids.filter((id) => ids.includes(id))).toEqual(ids);
    }
  }
}

const of = (sid: string, records: readonly LogRecord[]): LogRecord[] => records.filter((record) => record.sid === sid);

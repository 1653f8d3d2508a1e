import type { LogRecord } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import { waitOver } from "@parley/shared/session/wait-over";
import { type EventLog, unlessErased } from "../log/event-log.js";
import { type Alarm, timerAlarm } from "./alarm.js";
import { DueList, dueAt } from "./due-list.js";

export type TimersOptions = {
  readonly log: Pick<EventLog, "read" | "append">;
  readonly now: () => number;
  readonly alarm?: Alarm;
};

/**
 * Says of hand-offs that nobody has come in time: a record of the log like any other, which `step` judges. Its id follows
 * from the wait, so that a restart or a second owner says it once, and late it has no effect.
 */
export class Timers {
  readonly #due: DueList;
  #armed: { readonly time: number; readonly stop: () => void } | undefined;
  #ended = false;

  /** @param fail told what makes it necessary to read the partition again */
  constructor(
    private readonly options: TimersOptions,
    saved: ReadonlyMap<string, number>,
    private readonly fail: (error: unknown) => void,
  ) {
    this.#due = new DueList(saved);
  }

  /** What is to be kept with the place. */
  get times(): ReadonlyMap<string, number> {
    return this.#due.times;
  }

  /** Takes the next durable record. */
  push(record: LogRecord): void {
    if (this.#due.push(record)) this.#arm();
  }

  start(): void {
    this.#arm();
  }

  stop(): void {
    this.#ended = true;
    this.#armed?.stop();
  }

  #arm(): void {
    if (this.#ended) return;
    const time = this.#due.next;
    if (time === this.#armed?.time) return;
    this.#armed?.stop();
    const { now, alarm = timerAlarm(now) } = this.options;
    this.#armed = time === undefined ? undefined : { time, stop: alarm(time, () => this.#wake()) };
  }

  #wake(): void {
    this.#armed = undefined;
    for (const sid of this.#due.take(this.options.now())) this.#look(sid).catch(this.fail);
    this.#arm();
  }

  /** Reads the session, and says it if it is so. It stays listed until the log has the hand-off ended. */
  async #look(sid: string): Promise<void> {
    const { log, now } = this.options;
    const { after } = conversation(await log.read(sid));
    if (this.#ended || this.#due.isNew(sid)) return;
    const time = after.stopped ? undefined : dueAt(after);
    if (time === undefined) return this.#due.drop(sid);
    if (time > now()) {
      this.#due.lookAt(sid, time);
      return this.#arm();
    }
    const record = waitOver("Due", sid, after, new Date(now()).toISOString());
    if (record && !after.has(record.id)) await log.append([record]).catch(unlessErased);
  }
}

import { queueKey } from "@parley/shared/inbox/queue";
import { conversation } from "@parley/shared/session/conversation";
import { waitOver } from "@parley/shared/session/wait-over";
import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";
import type { HandOff } from "../projection/hand-offs.js";
import type { Attendance } from "./attendance.js";

/** So often it is looked whether queues have closed and people have gone, ms. */
const LOOK = 5_000;

type Options = {
  readonly log: Pick<EventLog, "read" | "append">;
  /** The hand-offs that are open; undefined while nobody knows all of them. */
  readonly open: () => readonly HandOff[] | undefined;
  readonly attendance: Pick<Attendance, "anybody">;
  readonly now: () => number;
  readonly logger: Logger;
};

/**
 * Says so in the log where a conversation waits for a person and nobody is there: its queue is closed, or nobody who may
 * answer is available. Whether that still counts the workflow judges; said twice it is said once.
 */
export class NobodyThere {
  /** The waits about which it was said already: the log is not read again for them. */
  #said = new Set<string>();
  #looking: Promise<void> | undefined;
  #again = false;
  #ended = false;

  constructor(private readonly options: Options) {}

  start(signal: AbortSignal): void {
    const timer = setInterval(() => void this.look(), LOOK);
    const end = () => {
      clearInterval(timer);
      this.#ended = true;
    };
    signal.addEventListener("abort", end, { once: true });
    void this.look();
  }

  /** Looks now; while it looks, once more behind that. Resolves when it has. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#looks().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #looks(): Promise<void> {
    while (this.#again && !this.#ended) {
      this.#again = false;
      await this.#once().catch((error: unknown) => {
        // At an end the files may be closed before it has looked at all.
        if (!this.#ended) this.options.logger.warn({ err: error }, "who is there could not be looked up");
      });
    }
  }

  async #once(): Promise<void> {
    const { open, attendance, logger } = this.options;
    const waiting = open()?.filter(({ holder, request }) => holder === undefined && request !== undefined);
    if (!waiting) return;
    // Asked once for all that wait in the same queue.
    const there = new Map<string, boolean>();
    const said = new Set<string>();
    for (const one of waiting) {
      const place = `${one.flow} ${queueKey(one.queue)}`;
      if (!there.has(place)) there.set(place, attendance.anybody(one.flow, one.queue));
      const wait = `${one.sid} ${one.request} ${one.since}`;
      if (this.#said.has(wait)) said.add(wait);
      else if (there.get(place) === false) {
        try {
          await this.#say(one.sid);
          said.add(wait);
        } catch (error) {
          logger.warn({ err: error, sid: one.sid }, "that nobody is there could not be said; it is tried again");
        }
      }
    }
    this.#said = said;
  }

  async #say(sid: string): Promise<void> {
    const { log, now } = this.options;
    const { after } = conversation(await log.read(sid));
    const record = after.stopped ? undefined : waitOver("Unavailable", sid, after, new Date(now()).toISOString());
    if (record && !after.has(record.id)) await log.append([record]);
  }
}

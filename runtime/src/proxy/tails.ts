import { setTimeout as delay } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import type { Logger } from "pino";
import type { Cursor, EventLog } from "../log/event-log.js";

/** A partition that no session here is in is read on for so long, in ms: somebody may come back. */
const KEEP = 30_000;

type Tail = {
  readonly end: AbortController;
  /** Undefined once it is known where it begins. */
  beginning: Promise<void> | undefined;
  /** When a session of it was last held here. */
  used: number;
  /** How far it is read; undefined before it is. */
  cursor: Cursor | undefined;
};

export type TailsOptions = {
  readonly log: EventLog;
  readonly logger: Logger;
  readonly now: () => number;
  /** Whether a session is held here: of others nothing is looked at. */
  readonly only: (sid: string) => boolean;
  readonly push: (record: LogRecord) => void;
  /** Records of a partition were lost on the way here. */
  readonly lost: (partition: number) => void;
};

/** What is said in the partitions that have sessions here, by one durable tail each; of the others nothing is read. */
export class Tails {
  readonly #tails = new Map<number, Tail>();
  #all: AbortSignal | undefined;

  constructor(private readonly options: TailsOptions) {}

  /** From here on partitions can be asked for. */
  start(signal: AbortSignal): void {
    this.#all = signal;
  }

  /** Everything said in the partition comes from now on; a promise while it is not known yet from where. */
  need(partition: number): Promise<void> | undefined {
    const { log, now } = this.options;
    const known = this.#tails.get(partition);
    if (known) {
      known.used = now();
      return known.beginning;
    }
    const end = new AbortController();
    const tail: Tail = { end, beginning: undefined, used: now(), cursor: undefined };
    tail.beginning = log.head(partition).then(
      (head) => {
        tail.beginning = undefined;
        tail.cursor = head;
        void this.#read(partition, tail, head, AbortSignal.any([this.#all!, end.signal]));
      },
      (error: unknown) => {
        this.#tails.delete(partition);
        throw error;
      },
    );
    this.#tails.set(partition, tail);
    return tail.beginning;
  }

  /** How far each of them is read. */
  get places(): ReadonlyMap<number, Cursor> {
    return new Map(
      [...this.#tails].flatMap(([partition, { cursor }]) => (cursor === undefined ? [] : [[partition, cursor]])),
    );
  }

  /** Ends what nobody needs. Called now and then. @param used the partitions that sessions here are in */
  sweep(used: ReadonlySet<number>): void {
    const now = this.options.now();
    for (const [partition, tail] of this.#tails) {
      if (used.has(partition)) tail.used = now;
      else if (tail.beginning === undefined && now - tail.used > KEEP) {
        this.#tails.delete(partition);
        tail.end.abort();
      }
    }
  }

  async #read(partition: number, tail: Tail, from: Cursor, signal: AbortSignal): Promise<void> {
    const { log, logger, only, push, lost } = this.options;
    for (let after = from; !signal.aborted; ) {
      try {
        for await (const batch of log.subscribe(partition, after, { signal, only })) {
          if ("gap" in batch) {
            logger.error({ partition }, `records are missing: ${batch.gap}`);
            lost(partition);
            continue;
          }
          for (const record of batch.records) push(record);
          after = batch.cursor;
          tail.cursor = after;
        }
        if (!signal.aborted) throw new Error("The log has ended its stream.");
      } catch (error) {
        logger.warn({ err: error, partition }, "tail lost, reading again");
        await delay(250, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

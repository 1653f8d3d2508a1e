import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { reached } from "../fault-points.js";
import type { Bucket } from "../log/nats/bucket.js";
import { LEASE_SECONDS } from "../log/nats/setup.js";
import type { Ownership, RunPartition } from "./ownership.js";

/** Between two looks at who is there, in ms; a lease outlives several of them. */
const EVERY = 1_000;
/** One that was not renewed for so long is given up before another can take it, in ms. */
const GIVE_UP = LEASE_SECONDS * 1_000 - 1_000;
const FREE = "";

type Held = {
  revision: number;
  /** When it was last renewed, as it was sent. */
  renewed: number;
  readonly end: AbortController;
  readonly running: ReturnType<RunPartition>;
  leaving: boolean;
};

export type LeasesOptions = {
  readonly bucket: Pick<Bucket, "get" | "put" | "keys" | "remove">;
  /** Of this process, the same after a restart; letters and digits. */
  readonly id: string;
  readonly partitions: number;
  readonly logger: Logger;
  /** Told how many partitions are its own whenever that changes. */
  readonly onOwned?: (partitions: number) => void;
};

/**
 * Partitions shared out among the workflows that are there. Each puts its name into the bucket every second; from the
 * names, in order, all of them see alike whose each partition is. It is run by who holds its lease: a key put by
 * compare-and-set that is gone when it is not renewed. So a workflow that is lost is replaced within some seconds, one
 * that ends hands over at once, and one that comes is given its share.
 */
export class Leases implements Ownership {
  readonly #held = new Map<number, Held>();
  #loop: Promise<void> | undefined;
  #run: RunPartition = () => ({ ready: Promise.resolve(), ended: Promise.resolve() });

  constructor(private readonly options: LeasesOptions) {}

  async start(run: RunPartition, signal: AbortSignal): Promise<void> {
    this.#run = run;
    await this.#look();
    const first = [...this.#held.values()].map(({ running }) => running.ready);
    this.#loop = this.#keep(signal);
    await Promise.all(first);
  }

  async ended(): Promise<void> {
    await this.#loop;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const watch = setInterval(() => this.#giveUp(), EVERY / 4);
    while (!signal.aborted) {
      await delay(EVERY, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.#look();
    }
    clearInterval(watch);
    await Promise.all([...this.#held.keys()].map((partition) => this.#release(partition)));
    // Where that fails, it is forgotten as one that is lost.
    await this.options.bucket.remove(`w.${this.options.id}`).catch(() => undefined);
  }

  /** One look: says that it is there, renews what is its own, hands on what is not any more, takes what is free. */
  async #look(): Promise<void> {
    const { bucket, id, partitions, logger } = this.options;
    try {
      await bucket.put(`w.${id}`, id);
      const workers = (await bucket.keys("w.")).sort();
      const mine = (partition: number) => workers[partition % workers.length] === id;
      const looks = Array.from({ length: partitions }, (_, partition) => {
        if (!this.#held.has(partition)) return mine(partition) ? this.#take(partition) : undefined;
        if (mine(partition)) return this.#renew(partition);
        void this.#release(partition);
        return undefined;
      });
      await Promise.all(looks);
    } catch (error) {
      logger.warn({ err: error }, "the leases of partitions cannot be renewed; it is tried again");
    }
  }

  async #take(partition: number): Promise<void> {
    const { bucket, id } = this.options;
    const now = performance.now();
    const found = await bucket.get(`p.${partition}`);
    // Its own is one of before a restart.
    if (found !== undefined && found.text !== FREE && found.text !== id) return;
    const revision = await bucket.put(`p.${partition}`, id, found?.revision ?? 0);
    if (revision === undefined) return;
    reached("partition taken");
    const end = new AbortController();
    const running = this.#run(partition, end.signal);
    this.#held.set(partition, { revision, renewed: now, end, running, leaving: false });
    this.#told("taken", partition);
  }

  async #renew(partition: number): Promise<void> {
    const held = this.#held.get(partition)!;
    if (held.leaving) return;
    const now = performance.now();
    const revision = await this.options.bucket.put(`p.${partition}`, this.options.id, held.revision);
    if (revision === undefined) return this.#drop(partition, held);
    held.revision = revision;
    held.renewed = now;
  }

  /** What could not be renewed in time may be another's. */
  #giveUp(): void {
    const now = performance.now();
    for (const [partition, held] of this.#held) {
      if (!held.leaving && now - held.renewed > GIVE_UP) this.#drop(partition, held);
    }
  }

  #drop(partition: number, held: Held): void {
    held.end.abort();
    this.#held.delete(partition);
    this.#told("lost", partition);
  }

  /** Ends it, and says that it is free. */
  async #release(partition: number): Promise<void> {
    const held = this.#held.get(partition)!;
    if (held.leaving) return;
    held.leaving = true;
    held.end.abort();
    await held.running.ended;
    // Where that fails, it is free when the lease ends.
    await this.options.bucket.put(`p.${partition}`, FREE, held.revision).catch(() => undefined);
    this.#held.delete(partition);
    this.#told("handed on", partition);
  }

  #told(what: string, partition: number): void {
    this.options.logger.info({ partition }, `partition ${what}`);
    this.options.onOwned?.(this.#held.size);
  }
}

import { reason } from "../../errors.js";
import { LogOpenError } from "../event-log.js";
import type { FluvioAddress } from "./address.js";
import { type Connect, type FluvioAdmin, type FluvioClient, loadClient } from "./client.js";

/** How long the cluster gets to answer, in ms. */
export const TIMEOUT = 5_000;
/** What the client says where the connection is gone, or was never there. */
const LOST = /socket|broken pipe|refused|closed|no answer within/i;

/** What the cluster's controller says of a partition, up to half a second late. */
export type PartitionState = {
  readonly topic: string;
  readonly partition: number;
  /** Where what is stored ends, and where retention lets it begin: as many records stand, or stood, before it. */
  readonly end: number;
  readonly base: number;
  /** It takes records. */
  readonly online: boolean;
  /** Seconds for which records are kept at least; undefined: Fluvio's 7 days. */
  readonly retention: number | undefined;
  readonly replicas: number;
  readonly bytes: number;
};

/** The cluster: its client is made anew where that is needed, since one that has lost the controller never asks it again. */
export class Cluster {
  #admin: FluvioAdmin | undefined;
  #asking: Promise<readonly PartitionState[]> | undefined;
  #away: string | undefined;

  private constructor(
    readonly address: FluvioAddress,
    private readonly connect: Connect,
    private client: FluvioClient,
  ) {}

  /** @throws LogOpenError `no-package`, `unreachable` */
  static async open(address: FluvioAddress, connect: Connect = loadClient()): Promise<Cluster> {
    try {
      return new Cluster(address, connect, await inTime(connect(address)));
    } catch (cause) {
      const message = `The Fluvio cluster ${address.shown} cannot be reached (${wordsOf(cause)}): start it, or correct LOG.`;
      throw new LogOpenError("unreachable", message, { cause });
    }
  }

  /** Why the controller cannot be asked now, in one sentence. Streams and producers go on without it. */
  get away(): string | undefined {
    return this.#away;
  }

  /**
   * One try, for whatever is asked of the controller; after the connection was lost the next one connects anew.
   * @throws LogOpenError `unreachable`; what the controller says no with
   */
  async ask<T>(question: (admin: FluvioAdmin) => Promise<T>): Promise<T> {
    try {
      if (this.#away !== undefined) this.client = await inTime(this.connect(this.address));
      this.#admin ??= await inTime(this.client.admin());
      const answer = await inTime(question(this.#admin));
      this.#away = undefined;
      return answer;
    } catch (cause) {
      // It answered, and said no.
      if (!LOST.test(wordsOf(cause))) throw cause;
      this.#admin = undefined;
      this.#away = `The Fluvio cluster ${this.address.shown} does not answer (${wordsOf(cause)}); it is tried again.`;
      throw new LogOpenError("unreachable", this.#away, { cause });
    }
  }

  /**
   * Every partition of this log's topics, asked now; who asks while an answer is on its way gets the one after it.
   * @throws LogOpenError `unreachable`
   */
  async partitions(): Promise<readonly PartitionState[]> {
    const before = this.#asking;
    if (before !== undefined) {
      await before.catch(() => undefined);
      if (this.#asking !== undefined && this.#asking !== before) return this.#asking;
    }
    const asking = this.#list().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  /** Another connection: one of whose questions takes long answers no other meanwhile. */
  another(): Promise<Cluster> {
    return Cluster.open(this.address, this.connect);
  }

  producer(topic: string) {
    return inTime(this.client.topicProducer(topic));
  }
  consumer(topic: string, partition: number) {
    return inTime(this.client.partitionConsumer(topic, partition));
  }

  async #list(): Promise<readonly PartitionState[]> {
    const topics = [this.address.name, controlTopic(this.address)];
    const listed = JSON.parse(await this.ask((admin) => admin.listPartitions())) as Listed[];
    return listed.flatMap((one) => stateOf(one) ?? []).filter(({ topic }) => topics.includes(topic));
  }
}

export const controlTopic = ({ name }: FluvioAddress): string => `${name}-control`;

/** The outcome, or that none came in time. */
export async function inTime<T>(promise: Promise<T>, ms = TIMEOUT): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the client says of a failure, without what it says of itself. */
export const wordsOf = (error: unknown): string =>
  // Some of it is no error, but a list of causes.
  (Array.isArray(error) ? error.join(": ") : reason(error))
    .replace(/^Internal error: |Socket error: |Socket io /g, "")
    .replace(/\.$/, "");

/** Of `listPartitions`, what is used. */
type Listed = {
  readonly name: string;
  readonly spec: {
    readonly replicas?: readonly number[];
    readonly cleanupPolicy?: { readonly segment?: { readonly timeInSeconds?: number } } | null;
  };
  readonly status: {
    readonly resolution: string;
    readonly leader: { readonly hw: number };
    readonly baseOffset?: number;
    readonly size?: number;
  };
};

function stateOf({ name, spec, status }: Listed): PartitionState | undefined {
  const [, topic, partition] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (topic === undefined) return undefined;
  return {
    topic,
    partition: Number(partition),
    end: Math.max(0, status.leader.hw),
    base: status.baseOffset ?? 0,
    online: status.resolution === "Online",
    retention: spec.cleanupPolicy?.segment?.timeInSeconds,
    replicas: spec.replicas?.length ?? 0,
    bytes: Math.max(0, status.size ?? 0),
  };
}

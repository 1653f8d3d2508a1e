import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connect, FluvioAdmin, FluvioClient, Offset, StreamRecord, TopicProducer } from "../log/fluvio/client.js";
import { partitionOfKey } from "../log/fluvio/partitioner.js";

type Partition = { readonly values: string[]; base: number; readonly streams: Set<() => void> };

const REFUSED =
  "Internal error: Socket error: Socket io Connection refused (os error 111), can't connect to 127.0.0.1:9010";

/**
 * A Fluvio cluster in memory that does what the real one was seen to do through its client: it resolves when a record is
 * queued, a flush that succeeds may have stored nothing, producers never recover, streams fall silent and cannot be ended, and records come without their offsets.
 */
export class FalseFluvio {
  readonly topics = new Map<string, Partition[]>();
  /** The controller, and the server that has the records. */
  sc = true;
  spu = true;
  /** The server is starting: a flush succeeds, and nothing is stored. */
  starting = false;
  /** The controller's word of ends stays as it is. */
  stale: string | undefined;
  /** Seconds for which topics were told to keep records. */
  retention: number | undefined;
  /** Called once, between what the controller says and the stream that is opened by it. */
  beforeStream: (() => void) | undefined;
  /** How often it was connected to, and a stream was opened. */
  connections = 0;
  streams = 0;
  /** Records in one answer to `sendAll`. */
  readonly batches: number[] = [];

  readonly connect: Connect = async () => {
    if (!this.sc) throw new Error("Socket io Connection refused (os error 111), can't connect to 127.0.0.1:9003");
    this.connections++;
    return new FalseClient(this);
  };

  partition(topic: string, partition: number): Partition {
    const found = this.topics.get(topic)?.[partition];
    if (found === undefined) throw new Error(`Partition not found: ${topic}-${partition}`);
    return found;
  }

  /** The server is gone, and with it whatever was connected to it; it comes back when `spu` is set. */
  killSpu(): void {
    this.spu = false;
    for (const partition of [...this.topics.values()].flat()) partition.streams.clear();
  }

  /** Streams fall silent, though the server is there. */
  silence(): void {
    for (const partition of [...this.topics.values()].flat()) partition.streams.clear();
  }

  /** Retention takes everything before. */
  trim(topic: string, number: number, base: number): void {
    const partition = this.partition(topic, number);
    partition.values.splice(0, base - partition.base);
    partition.base = base;
  }

  store(topic: string, key: string, value: string): void {
    const partitions = this.topics.get(topic)!;
    const partition = partitions[partitionOfKey(key, partitions.length)]!;
    partition.values.push(value);
    for (const tell of partition.streams) tell();
  }

  list(): string {
    const policy = this.retention === undefined ? null : { segment: { timeInSeconds: this.retention } };
    const listed = [...this.topics].flatMap(([topic, partitions]) =>
      partitions.map(({ values, base }, i) => ({
        name: `${topic}-${i}`,
        spec: { leader: 5001, replicas: [5001], cleanupPolicy: policy },
        status: {
          resolution: this.spu ? "Online" : "LeaderOffline",
          leader: { spu: 5001, hw: base + values.length, leo: base + values.length },
          baseOffset: base,
          size: values.join("").length,
        },
      })),
    );
    return JSON.stringify(listed);
  }
}

class FalseClient implements FluvioClient {
  #broken = false;

  constructor(private readonly fluvio: FalseFluvio) {}

  async admin(): Promise<FluvioAdmin> {
    const { fluvio } = this;
    /** Once the controller was away this client never asks it again. */
    const asked = async <T>(answer: () => T): Promise<T> => {
      await nextTurn();
      this.#broken ||= !fluvio.sc;
      if (this.#broken) throw new Error("Socket io Broken pipe (os error 32)");
      return answer();
    };
    return {
      createTopic: (name, { partitions, replicationFactor }) =>
        asked(() => {
          if (fluvio.topics.has(name)) throw new Error(`Topic already exists: ${name}`);
          if (replicationFactor > 1) throw new Error("not enough SPUs");
          const made = Array.from(
            { length: partitions },
            (): Partition => ({ values: [], base: 0, streams: new Set() }),
          );
          fluvio.topics.set(name, made);
          return name;
        }),
      deleteTopic: (name) =>
        asked(() => {
          fluvio.topics.delete(name);
          return name;
        }),
      listPartitions: () => asked(() => fluvio.stale ?? fluvio.list()),
    };
  }

  async topicProducer(topic: string): Promise<TopicProducer> {
    const { fluvio } = this;
    if (!fluvio.topics.has(topic)) throw new Error(`Topic not found: ${topic}`);
    let failed = false;
    let queued: [string, string][] = [];
    const check = (): void => {
      failed ||= !fluvio.spu;
      if (!failed) return;
      queued = [];
      throw new Error(REFUSED);
    };
    return {
      async sendAll(records) {
        await nextTurn();
        check();
        if (records.some(([, value]) => Buffer.byteLength(value) > 16_384)) {
          throw new Error("the given record is larger than the buffer max_size");
        }
        fluvio.batches.push(records.length);
        queued.push(...records);
      },
      async flush() {
        await nextTurn();
        check();
        for (const [key, value] of queued.splice(0)) if (!fluvio.starting) fluvio.store(topic, key, value);
      },
    };
  }

  async partitionConsumer(topic: string, number: number) {
    const { fluvio } = this;
    fluvio.partition(topic, number);
    return {
      async stream({ index }: Offset, take: (record: StreamRecord) => void): Promise<void> {
        fluvio.streams++;
        const trim = fluvio.beforeStream;
        fluvio.beforeStream = undefined;
        trim?.();
        if (!fluvio.spu) return; // It resolves all the same.
        const partition = fluvio.partition(topic, number);
        let next = partition.base + index;
        let telling = false;
        const tell = (): void => {
          if (telling) return;
          telling = true;
          setImmediate(() => {
            telling = false;
            if (!partition.streams.has(tell)) return;
            for (; next < partition.base + partition.values.length; next++) {
              const value = partition.values[next - partition.base]!;
              take({ valueString: () => value });
            }
          });
        };
        partition.streams.add(tell);
        tell();
      },
    };
  }
}

import { setMaxListeners } from "node:events";
import type { ControlRecord, LogRecord } from "@parley/shared/record";
import type { AppenderOptions } from "../appender.js";
import type { Cursor, EventLog, Followed, Health, Tail } from "../event-log.js";
import { openPatiently, type Wait } from "../open-patiently.js";
import { DEFAULT_PARTITIONS, parse } from "../queued-log.js";
import type { TailLimits } from "../tail.js";
import type { FluvioAddress } from "./address.js";
import type { Connect } from "./client.js";
import { Cluster, controlTopic } from "./cluster.js";
import { placeOf, START } from "./cursor.js";
import { Feed } from "./feed.js";
import { IndexFile } from "./index-file.js";
import { partitioner } from "./partitioner.js";
import { controlOf, recordOf } from "./records.js";
import { findTopics, noTopic, otherPartitions, retentionOf, type TopicState } from "./setup.js";
import { Writer } from "./writer.js";

/** How often the cluster is asked where partitions end, in ms. */
const LOOK = 1_000;

export type FluvioLogOptions = AppenderOptions & {
  readonly address: FluvioAddress;
  /** Where what was read of the topics is kept, so that a session can be read; ":memory:" for none. */
  readonly index: string;
  /** As many as the topic has. Default 4. */
  readonly partitions?: number | "as made";
  readonly tail?: TailLimits;
  /** Absent: one that is away is an error. */
  readonly wait?: Wait;
  /** Instead of the client's package; tests. */
  readonly connect?: Connect;
  /** See `ProducerOptions` and `FeedOptions`; tests. */
  readonly patience?: number;
  readonly late?: number;
};

/**
 * The event log on Fluvio, for several machines: any number of processes append and read. Each keeps an index of the
 * retained topic. Both levels are `durable`: a record has its place when the cluster has stored it, not before.
 * @throws LogOpenError `no-package`, `unreachable`, `no-stream`, `partitions`, `not-writable`
 */
export const openFluvioLog = (options: FluvioLogOptions): Promise<EventLog> =>
  openPatiently(() => openOnce(options), options.wait);

async function openOnce(options: FluvioLogOptions): Promise<EventLog> {
  const { address, connect, partitions: wanted = DEFAULT_PARTITIONS } = options;
  const cluster = await Cluster.open(address, connect);
  const topics = await findTopics(cluster);
  for (const name of [controlTopic(address), address.name]) {
    if (!topics.some(({ topic }) => topic === name)) throw noTopic(address, name);
  }
  const topic = topics.find((one) => one.topic === address.name)!;
  const { partitions } = topic;
  if (wanted !== "as made" && partitions !== wanted) throw otherPartitions(address, partitions, wanted);
  const log = new FluvioLog(cluster, new IndexFile(options.index, address.name), topic, options);
  await log.look();
  return log;
}

type ReadOptions = { readonly signal: AbortSignal };

class FluvioLog implements EventLog {
  readonly start = START;
  readonly sameLevels = true;
  readonly partitions: number;
  readonly erasedStays: string;
  readonly partitionOf: (sid: string) => number;
  readonly control: EventLog["control"];
  readonly #feeds: readonly Feed<LogRecord>[];
  readonly #controlFeed: Feed<ControlRecord>;
  readonly #writer: Writer;
  readonly #listeners = new Set<(sid: string, data: unknown) => void>();
  readonly #timer: NodeJS.Timeout;
  readonly #end = new AbortController();
  #looking = false;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly index: IndexFile,
    topic: TopicState,
    options: FluvioLogOptions,
  ) {
    setMaxListeners(0, this.#end.signal);
    const { partitions } = topic;
    this.partitions = partitions;
    this.partitionOf = partitioner(partitions);
    this.erasedStays = `The topic ${topic.topic} keeps the words until its retention takes them: ${retentionOf(topic)}.`;
    const { address } = cluster;
    const common = {
      cluster,
      index,
      tail: options.tail,
      late: options.late,
      unlinked: (links: readonly { partition: number; count: number }[]) => {
        for (const { partition, count } of links) this.#feeds[partition]?.purge(count);
      },
    };
    this.#feeds = Array.from({ length: partitions }, (_, partition) => {
      const add: IndexFile["addRecords"] = (slot, taken) => index.addRecords(slot, taken);
      return new Feed({ ...common, topic: address.name, partition, slot: partition, add, parse: recordOf });
    });
    const slot = partitions;
    const add: IndexFile["addControl"] = (at, taken) => index.addControl(at, taken);
    const feed = new Feed<ControlRecord>({
      ...common,
      topic: controlTopic(address),
      partition: 0,
      slot,
      add,
      parse: controlOf,
    });
    this.#controlFeed = feed;
    this.#writer = new Writer(cluster, index, (sid) => (sid === undefined ? feed : this.#feedOf(sid)), options);
    this.control = {
      append: (records) => this.#writer.appends.appendControl(records),
      subscribe: (after, { signal }) => this.#subscribe(feed, after, signal),
      head: () => this.#headOf(feed),
    };
    this.#timer = setInterval(() => void this.look().catch(() => undefined), LOOK).unref();
  }

  /** The one look at where partitions end: opens what is not open, or has died. @throws LogOpenError `unreachable` */
  async look(): Promise<void> {
    if (this.#looking || this.#closing !== undefined) return;
    this.#looking = true;
    try {
      const states = await this.cluster.partitions();
      const now = performance.now();
      const name = controlTopic(this.cluster.address);
      const looks = states.map((state) => {
        const feed = state.topic === name ? this.#controlFeed : this.#feeds[state.partition];
        return feed?.look(now, state);
      });
      await Promise.all(looks);
    } finally {
      this.#looking = false;
    }
  }

  append(records: readonly LogRecord[]): Promise<void> {
    return this.#writer.appends.append(records);
  }

  async read(sid: string): Promise<readonly LogRecord[]> {
    await this.#found(sid);
    if (this.index.erased(sid)) return [];
    const partition = this.partitionOf(sid);
    return this.index.session(partition, sid, 0, this.#feeds[partition]!.read.count).map(parse<LogRecord>);
  }

  async *follow(sid: string, { signal }: ReadOptions): AsyncGenerator<Followed> {
    if (signal.aborted) return;
    await this.#found(sid, signal);
    let caughtUp = false;
    for (const feed = this.#feedOf(sid); !this.#done(signal); ) {
      const { followers } = feed;
      for await (const part of followers.follow(sid, { signal })) {
        if ("caughtUp" in part && caughtUp) continue;
        caughtUp ||= "caughtUp" in part;
        yield part;
      }
      if (feed.followers === followers) return; // Otherwise the partition was made anew.
    }
  }

  async *subscribe(
    partition: number,
    after: Cursor | undefined,
    { signal }: ReadOptions,
  ): AsyncGenerator<Tail<LogRecord>> {
    const feed = this.#feeds[partition];
    if (feed === undefined) throw new Error(`There is no partition ${partition}: the log has ${this.partitions}.`);
    yield* this.#subscribe(feed, after, signal);
  }

  head(partition: number): Promise<Cursor> {
    return this.#headOf(this.#feeds[partition]!);
  }

  reached(a: Cursor, b: Cursor): boolean {
    return placeOf(a).count <= placeOf(b).count;
  }

  distance(a: Cursor, b: Cursor): number {
    return Math.max(0, placeOf(b).count - placeOf(a).count);
  }

  erase(sid: string, at: { readonly id: string; readonly timestamp: string }, person?: string): Promise<void> {
    return this.#writer.appends.erase(sid, at, person);
  }

  /** Fluvio carries none: who listens in this process hears it. */
  signal(sid: string, data: unknown): void {
    for (const listener of [...this.#listeners]) listener(sid, data);
  }

  onSignal(listener: (sid: string, data: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): Health {
    const { queue } = this.#writer.appends;
    const feeds = [...this.#feeds, this.#controlFeed];
    const trouble = feeds.map((feed) => feed.trouble).find((one) => one !== undefined);
    const problem = queue.problem ?? this.cluster.away ?? trouble;
    return { ok: problem === undefined, ...(problem !== undefined && { problem }), queued: queue.records };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.appends.close();
    clearInterval(this.#timer);
    this.#end.abort();
    for (const feed of [...this.#feeds, this.#controlFeed]) feed.close();
    this.index.close();
  }

  #done(signal: AbortSignal): boolean {
    return signal.aborted || this.#end.signal.aborted;
  }

  #feedOf(sid: string): Feed<LogRecord> {
    return this.#feeds[this.partitionOf(sid)]!;
  }

  /** What was acknowledged of a session is read. Of one that is not there it is certain, as far as it can be. */
  async #found(sid: string, signal: AbortSignal = this.#end.signal): Promise<void> {
    const feed = this.#feedOf(sid);
    await feed.begun();
    if (this.#end.signal.aborted || this.index.known(sid)) return;
    // Without the controller what is here is what there is.
    await feed.certainEnd(AbortSignal.any([signal, this.#end.signal])).catch(() => undefined);
  }

  async #headOf(feed: Feed<LogRecord> | Feed<ControlRecord>): Promise<Cursor> {
    await feed.begun();
    await feed.end(this.#end.signal);
    return feed.cursorAt(feed.read.count);
  }

  async *#subscribe<R extends { readonly id: string }>(
    feed: Feed<R>,
    after: Cursor | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Tail<R>> {
    const place = placeOf(after);
    if (signal.aborted) return;
    let from = place.count;
    // What it names is known once what is there was read.
    if (from > feed.read.count) await feed.begun();
    if (!this.#done(signal) && from <= feed.read.count && place.id !== "") {
      const { id } = placeOf(feed.cursorAt(from));
      if (id !== "" && id !== place.id) {
        yield {
          gap: `The place ${after} to read on from is of another log. Reading goes on at the beginning of this one.`,
        };
        from = 0;
      }
    }
    while (!this.#done(signal)) {
      const { stream } = feed;
      for await (const part of stream.subscribe(0, String(Math.min(from, Number.MAX_SAFE_INTEGER)), { signal })) {
        if ("gap" in part) {
          yield part;
          continue;
        }
        if (from > 0 && from < feed.base) yield { gap: trimmed(feed.base, from) };
        from = Number(part.cursor);
        yield { records: part.records, cursor: feed.cursorAt(from) };
      }
      if (feed.stream === stream) return;
      yield { gap: "The topic was made anew. Reading goes on at its beginning." };
      from = 0;
    }
  }
}

const trimmed = (base: number, from: number): string =>
  `The partition begins behind ${base} now: retention took away what followed the place ${from}. Reading goes on there.`;

import type { ControlRecord, LogRecord } from "@parley/shared/record";
import type { Cursor, EventLog, Followed, Health, Tail, TailOptions } from "../event-log.js";
import { openPatiently, type Wait } from "../open-patiently.js";
import { DEFAULT_PARTITIONS, partitionOf } from "../queued-log.js";
import type { NatsAddress } from "./address.js";
import { Asks } from "./asks.js";
import { Cursors, START } from "./cursor.js";
import { Link } from "./link.js";
import { decode } from "./message.js";
import { Names } from "./names.js";
import { Sessions } from "./sessions.js";
import { findStreams, noStream, otherPartitions, type Streams, streamInfo } from "./setup.js";
import { type Part, Readers } from "./tail.js";
import { Writer, type WriterOptions } from "./writer.js";

export type NatsLogOptions = WriterOptions & {
  readonly address: NatsAddress;
  /** As many as the log was made with, default 4; or however many these are, for one who only reads. */
  readonly partitions?: number | "as made";
  /** Absent: one that is away is an error. */
  readonly wait?: Wait;
};

/** The log, and the connection by which its buckets are reached. */
export type NatsLog = EventLog & { readonly link: Link };

/**
 * The event log on NATS JetStream, for several machines: any number of processes append and read. Both levels are
 * `durable`: a record has its place when the server has stored it, not before.
 * @throws LogOpenError `no-package`, `unreachable`, `no-stream`, `partitions`, `newer-version`
 */
export const openNatsLog = (options: NatsLogOptions): Promise<NatsLog> =>
  openPatiently(() => openOnce(options), options.wait);

async function openOnce(options: NatsLogOptions): Promise<NatsLog> {
  const link = await Link.open(options.address);
  try {
    const wanted = options.partitions ?? DEFAULT_PARTITIONS;
    const streams = await findStreams(link);
    if (streams === undefined) throw noStream(link, new Names(link.address.name).control);
    if (wanted !== "as made" && streams.partitions !== wanted) throw otherPartitions(link, streams.partitions, wanted);
    return natsLog(link, streams, options);
  } catch (error) {
    await link.close();
    throw error;
  }
}

function natsLog(link: Link, { partitions, made }: Streams, options: NatsLogOptions): NatsLog {
  const cursors = new Cursors(made);
  const names = new Names(link.address.name);
  const partition = (sid: string) => partitionOf(sid, partitions);
  const asks = new Asks(link);
  const sessions = new Sessions(link, asks, names, partition);
  const readers = new Readers(link);
  const writer = new Writer(link, asks, names, sessions, partition, options);
  const listeners = new Set<(sid: string, data: unknown) => void>();
  let closing: Promise<void> | undefined;
  link.nc.subscribe(names.signal("*"), {
    callback(error, { subject, data }) {
      if (error) return; // This user may not listen: signals are best effort.
      const said = parsed(new TextDecoder().decode(data));
      if (said !== undefined) hear(subject.split(".").at(-1)!, said);
    },
  });

  function hear(sid: string, data: unknown): void {
    for (const listener of [...listeners]) listener(sid, data);
  }

  async function* subscribe<R>(
    stream: string,
    after: Cursor | undefined,
    { signal, only, lag }: TailOptions,
  ): AsyncGenerator<Tail<R>> {
    const wanted = only && ((subject: string) => only(names.sidOf(subject)));
    for await (const part of readers.read(stream, cursors.seq(after), { signal, wanted, lag })) {
      if ("gap" in part) yield part;
      else yield { records: recordsOf<R>(part), cursor: cursors.of(part.seq) };
    }
  }

  async function* follow(sid: string, signal: AbortSignal): AsyncGenerator<Followed> {
    if (signal.aborted) return;
    const found = await sessions.read(sid);
    if (found.records.length > 0) yield { records: found.records };
    if (signal.aborted) return;
    yield { caughtUp: true };
    // Only now: most readers need no more than what is there.
    const stream = names.stream(partition(sid));
    const end = signal.aborted || closing !== undefined ? 0 : await endOf(stream);
    if (signal.aborted || closing !== undefined) return;
    const more = await sessions.read(sid, found.last);
    if (found.erased === undefined && more.erased !== undefined) yield { records: [more.erased] };
    else if (more.records.length > 0) yield { records: more.records };
    const filter = names.session(partition(sid), sid);
    for await (const part of readers.read(stream, Math.max(more.last, end), { signal, filter })) {
      if ("gap" in part || part.messages.length === 0) continue;
      yield { records: recordsOf<LogRecord>(part) };
    }
  }

  async function endOf(stream: string): Promise<number> {
    const info = await streamInfo(link, stream);
    if (info === undefined) throw noStream(link, stream);
    return info.state.last_seq;
  }

  return {
    link,
    partitions,
    sameLevels: true,
    start: START,
    partitionOf: partition,
    append: (records) => writer.appends.append(records),

    async read(sid) {
      const { records } = await sessions.read(sid);
      return records;
    },
    follow: (sid, { signal }) => follow(sid, signal),
    async *subscribe(number, after, options) {
      if (!(number >= 0 && number < partitions)) {
        throw new Error(`There is no partition ${number}: the log has ${partitions}.`);
      }
      yield* subscribe<LogRecord>(names.stream(number), after, options);
    },
    head: async (number) => cursors.of(await endOf(names.stream(number))),
    reached: (a, b) => cursors.seq(a) <= cursors.seq(b),
    distance: (a, b) => Math.max(0, cursors.seq(b) - cursors.seq(a)),

    erase: (sid, at, person) => writer.appends.erase(sid, at, person),

    signal(sid, data) {
      hear(sid, data);
      if (link.away === undefined && closing === undefined) link.nc.publish(names.signal(sid), JSON.stringify(data));
    },
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    control: {
      append: (records) => writer.appends.appendControl(records),
      subscribe: (after, { signal }) => subscribe<ControlRecord>(names.control, after, { signal }),
      head: async () => cursors.of(await endOf(names.control)),
    },

    health(): Health {
      const problem = link.away ?? writer.appends.queue.problem ?? readers.trouble;
      return {
        ok: problem === undefined,
        ...(problem !== undefined && { problem }),
        queued: writer.appends.queue.records,
      };
    },

    close() {
      closing ??= writer.appends.close().then(() => {
        readers.close();
        asks.close();
        return link.close();
      });
      return closing;
    },
  };
}

const recordsOf = <R>(part: Extract<Part, { messages: unknown }>): R[] =>
  part.messages.flatMap(({ text }) => decode<R>(text));

/** What another process signals; nothing where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { type ControlRecord, isInput, type LogRecord } from "@parley/shared/record";
import { erasedRecord } from "../erased.js";
import {
  AppendError,
  type Cursor,
  type EventLog,
  type Followed,
  type Health,
  LogOpenError,
  type Tail,
} from "../event-log.js";
import { DEFAULT_PARTITIONS, type LogOptions, partitionOf } from "../queued-log.js";
import { Recent } from "../recent.js";
import { serialise } from "../serialise.js";
import type { NatsAddress } from "./address.js";
import { Cursors, START } from "./cursor.js";
import { codeOf, Link, TIMEOUT, WRONG_LAST_SEQUENCE, words } from "./link.js";
import { decode, encode, messageId } from "./message.js";
import { Names } from "./names.js";
import { type Append, AppendQueue } from "./queue.js";
import { Sessions } from "./sessions.js";
import { findStreams, otherPartitions, type Streams, streamInfo } from "./setup.js";
import { noStream, type Part, Readers } from "./tail.js";

const MAX_QUEUED = 20_000;
const MAX_QUEUED_CHARACTERS = 64 * 1024 * 1024;
/** Sessions known not to be erased, so that most appends look nothing up. */
const KNOWN_SESSIONS = 50_000;
/** What a message has beside its records: subject and headers, in bytes. */
const OVERHEAD = 1024;
/** Between two tries to take out what was under way while another process erased, in ms. */
const AGAIN = 1_000;
/** Between two tries to reach a server that is not there at the start, in ms. */
const RETRY = 500;

export type NatsLogOptions = Omit<LogOptions, "tail"> & {
  readonly address: NatsAddress;
  /** Try until the server is there or the signal aborts, and tell why; without it a server that is away is an error. */
  readonly wait?: { readonly signal: AbortSignal; readonly tell: (sentence: string) => void };
  /** Called for each append that the server has dropped as a repeat. */
  readonly onRepeat?: () => void;
};

/**
 * The event log on NATS JetStream, for several machines: any number of processes append and read. Both levels are
 * `durable`: a record has its place when the server has stored it, not before.
 * @throws LogOpenError `no-package`, `unreachable`, `no-stream`, `partitions`, `newer-version`
 */
export async function openNatsLog(options: NatsLogOptions): Promise<EventLog> {
  for (let told = ""; ; ) {
    try {
      return await openOnce(options);
    } catch (error) {
      const { wait } = options;
      if (!(error instanceof LogOpenError && error.code === "unreachable") || !wait || wait.signal.aborted) throw error;
      if (error.message !== told) wait.tell(`${error.message} It is tried again.`);
      told = error.message;
      await delay(RETRY, undefined, { signal: wait.signal }).catch(() => undefined);
    }
  }
}

async function openOnce(options: NatsLogOptions): Promise<EventLog> {
  const link = await Link.open(options.address);
  try {
    const wanted = options.partitions ?? DEFAULT_PARTITIONS;
    const streams = await findStreams(link);
    if (streams === undefined) throw noStream(link, new Names(link.address.name).control);
    if (streams.partitions !== wanted) throw otherPartitions(link, streams.partitions, wanted);
    return natsLog(link, streams, options);
  } catch (error) {
    await link.close();
    throw error;
  }
}

type Sending = {
  readonly stream: string;
  readonly subject: string;
  readonly lane: string;
  /** Of what the server tells repeats by. */
  readonly id: string;
  readonly records: Append["records"];
  readonly texts: readonly string[];
  /** Looked at before it is sent. */
  readonly sid?: string;
  /** Stored only as the first message of its subject. */
  readonly once?: true;
};

function natsLog(link: Link, { partitions, made }: Streams, options: NatsLogOptions): EventLog {
  const cursors = new Cursors(made);
  const { maxQueued = MAX_QUEUED, probeEvery = 1_000, beforeCommit, afterCommit, onRepeat } = options;
  const names = new Names(link.address.name);
  const partition = (sid: string) => partitionOf(sid, partitions);
  const sessions = new Sessions(link, names, partition);
  const readers = new Readers(link);
  const known = new Recent<true>(KNOWN_SESSIONS);
  const erasing = new Map<string, Promise<void>>();
  const listeners = new Set<(sid: string, data: unknown) => void>();
  let closing: Promise<void> | undefined;
  const probe = async () => {
    if (link.away !== undefined) throw new Error(link.away);
    if ((await streamInfo(link, names.control)) === undefined) throw noStream(link, names.control);
  };
  const queue = new AppendQueue({ beforeCommit, afterCommit, probe, probeEvery });

  // Of what was erased meanwhile nobody tells.
  link.onLost(() => known.clear());
  link.nc.subscribe(names.everyErased, {
    callback: (_, { subject }) => void takeBack(subject.split(".").at(-2)!),
  });
  link.nc.subscribe(names.signal("*"), {
    callback: (_, { subject, data }) => hear(subject.split(".").at(-1)!, JSON.parse(new TextDecoder().decode(data))),
  });

  /** Another process has erased a session: what this one had under way may have come behind that. */
  async function takeBack(sid: string): Promise<void> {
    if (known.get(sid) === undefined) return;
    known.delete(sid);
    await queue.settled();
    known.delete(sid);
    while (closing === undefined) {
      try {
        return await sessions.remove(sid);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN).unref());
      }
    }
  }

  function hear(sid: string, data: unknown): void {
    for (const listener of [...listeners]) listener(sid, data);
  }

  function refusal(count: number, bound: number): AppendError | undefined {
    if (closing !== undefined) return new AppendError("not-stored", "The log is closed.");
    if (queue.records + count <= bound && queue.characters < MAX_QUEUED_CHARACTERS) return undefined;
    const message = `${queue.records} records wait to be stored: come back.`;
    return new AppendError("not-stored", message, { busy: true });
  }

  function enqueue(sending: Sending): Promise<void> {
    const { lane, records, texts } = sending;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    return new Promise((resolve, reject) => {
      queue.add({ lane, records, characters, send: () => send(sending), resolve, reject });
    });
  }

  /** @throws AppendError */
  async function send({ subject, texts, id, sid, once, stream }: Sending): Promise<void> {
    if (link.away !== undefined) throw new AppendError("not-stored", link.away);
    if (sid !== undefined && known.get(sid) === undefined) {
      if (await gone(sid)) throw new AppendError("erased", "The session is erased.");
      known.set(sid, true);
    }
    const expect = { streamName: stream, ...(once && { lastSubjectSequence: 0 }) };
    try {
      const published = link.js.publish(subject, encode(texts), { msgID: id, timeout: TIMEOUT, expect });
      if ((await link.unlessLost(published)).duplicate) onRepeat?.();
    } catch (cause) {
      if (once && codeOf(cause) === WRONG_LAST_SEQUENCE) return;
      throw failure(link, cause);
    }
  }

  async function gone(sid: string): Promise<boolean> {
    try {
      return await sessions.erased(sid);
    } catch (cause) {
      const message = `The NATS server ${link.address.shown} cannot be asked (${words(cause)}): nothing was stored.`;
      throw new AppendError("not-stored", message, { cause });
    }
  }

  function tooLarge(texts: readonly string[]): AppendError | undefined {
    const bytes = Buffer.byteLength(encode(texts)) + OVERHEAD;
    const limit = link.nc.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (bytes <= limit) return undefined;
    const message = `${texts.length} records of one append are ${bytes} bytes, and the NATS server ${link.address.shown} takes ${limit}: raise its max_payload.`;
    return new AppendError("not-stored", message);
  }

  async function append(records: readonly LogRecord[]): Promise<void> {
    const first = records[0];
    if (first === undefined) return;
    const { sid } = first;
    // Whether the session is gone is not known before its erasure is stored.
    const ending = erasing.get(sid);
    if (ending !== undefined) {
      await ending.catch(() => undefined);
      return append(records);
    }
    const refused = refusal(records.length, isInput(first) ? maxQueued : maxQueued * 2) ?? wrong(sid, records);
    if (refused !== undefined) throw refused;
    const texts = serialise(records);
    const large = texts instanceof AppendError ? texts : tooLarge(texts);
    if (texts instanceof AppendError || large !== undefined) throw large;
    const subject = names.records(partition(sid), sid);
    const id = messageId(
      subject,
      records.map((record) => record.id),
    );
    await enqueue({ stream: names.stream(partition(sid)), subject, lane: sid, id, records, texts, sid });
  }

  async function appendControl(records: readonly ControlRecord[]): Promise<void> {
    if (records.length === 0) return;
    const refused = refusal(records.length, maxQueued * 2);
    if (refused !== undefined) throw refused;
    const texts = serialise(records);
    const large = texts instanceof AppendError ? texts : tooLarge(texts);
    if (texts instanceof AppendError || large !== undefined) throw large;
    const subject = names.controlSubject;
    const id = messageId(subject, texts);
    await enqueue({ stream: names.control, subject, lane: names.control, id, records, texts });
  }

  async function erase(sid: string, record: LogRecord, person: string | undefined): Promise<void> {
    if (!(await gone(sid))) {
      const full = refusal(1, maxQueued * 2);
      if (full !== undefined) throw full;
      known.delete(sid);
      const subject = names.erased(partition(sid), sid);
      const texts = [JSON.stringify(record)];
      const stream = names.stream(partition(sid));
      await enqueue({ stream, subject, lane: sid, id: messageId(subject, []), records: [record], texts, once: true });
    }
    try {
      await sessions.remove(sid);
      if (person !== undefined) await sessions.removeLinks(person, sid);
    } catch (cause) {
      const message = `The session is void, but its text may still be in the files of ${link.address.shown} (${words(cause)}). Erase it again.`;
      throw new AppendError("unknown", message, { cause });
    }
  }

  async function* subscribe<R>(
    stream: string,
    after: Cursor | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Tail<R>> {
    for await (const part of readers.read(stream, cursors.seq(after), { signal })) {
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
    partitions,
    start: START,
    partitionOf: partition,
    append,

    async read(sid) {
      const { records } = await sessions.read(sid);
      return records;
    },
    follow: (sid, { signal }) => follow(sid, signal),
    async *subscribe(number, after, { signal }) {
      if (!(number >= 0 && number < partitions)) {
        throw new Error(`There is no partition ${number}: the log has ${partitions}.`);
      }
      yield* subscribe<LogRecord>(names.stream(number), after, signal);
    },
    head: async (number) => cursors.of(await endOf(names.stream(number))),
    reached: (a, b) => cursors.seq(a) <= cursors.seq(b),
    distance: (a, b) => Math.max(0, cursors.seq(b) - cursors.seq(a)),

    erase(sid, at, person) {
      const running = erasing.get(sid);
      // One under way may not have been told whose session it is.
      if (running !== undefined && person === undefined) return running;
      const begun = () => erase(sid, erasedRecord(sid, at), person);
      const run = running === undefined ? begun() : running.then(begun, begun);
      const ended = run.finally(() => {
        if (erasing.get(sid) === ended) erasing.delete(sid);
      });
      erasing.set(sid, ended);
      return ended;
    },

    signal(sid, data) {
      hear(sid, data);
      if (link.away === undefined && closing === undefined) link.nc.publish(names.signal(sid), JSON.stringify(data));
    },
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    control: {
      append: appendControl,
      subscribe: (after, { signal }) => subscribe<ControlRecord>(names.control, after, signal),
      head: async () => cursors.of(await endOf(names.control)),
    },

    health(): Health {
      const problem = link.away ?? queue.problem ?? readers.trouble;
      return { ok: problem === undefined, ...(problem !== undefined && { problem }), queued: queue.records };
    },

    close() {
      closing ??= queue.drain().then(() => {
        readers.close();
        return link.close();
      });
      return closing;
    },
  };
}

const recordsOf = <R>(part: Extract<Part, { messages: unknown }>): R[] =>
  part.messages.flatMap(({ text }) => decode<R>(text));

function wrong(sid: string, records: readonly LogRecord[]): AppendError | undefined {
  if (!/^[0-9a-f]{40}$/.test(sid)) return new AppendError("not-stored", "A sid is 40 hex digits.");
  const other = records.some((record) => record.sid !== sid);
  return other ? new AppendError("not-stored", "Records of one append are of one session.") : undefined;
}

/** What a failed publication means. */
function failure(link: Link, cause: unknown): AppendError {
  const { shown } = link.address;
  if (codeOf(cause) !== undefined) {
    const message = `The NATS server ${shown} does not take it (${words(cause)}): give its streams more room, or see its JetStream settings.`;
    return new AppendError("not-stored", message, { cause });
  }
  if ((cause as Error).name === "JetStreamNotEnabled") {
    const message = `Nobody takes it at the NATS server ${shown}: it is starting, or has no stream for it (run "npm run setup").`;
    return new AppendError("not-stored", message, { cause });
  }
  const message = `The NATS server ${shown} did not say whether it stored it (${words(cause)}).`;
  return new AppendError("unknown", message, { cause });
}

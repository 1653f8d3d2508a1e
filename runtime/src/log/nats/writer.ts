import { type ControlRecord, isInput, type LogRecord } from "@parley/shared/record";
import { erasedRecord } from "../erased.js";
import { AppendError } from "../event-log.js";
import type { FaultPoint } from "../group-queue.js";
import { Recent } from "../recent.js";
import { serialise } from "../serialise.js";
import { ackOf, failure } from "./ack.js";
import type { Asks } from "./asks.js";
import { codeOf, type Link, WRONG_LAST_SEQUENCE, words } from "./link.js";
import { encode, messageId } from "./message.js";
import type { Names } from "./names.js";
import { type Append, AppendQueue } from "./queue.js";
import type { Sessions } from "./sessions.js";
import { noStream, streamInfo } from "./setup.js";

const MAX_QUEUED = 20_000;
const MAX_QUEUED_CHARACTERS = 64 * 1024 * 1024;
/** Sessions known not to be erased, so that most appends look nothing up. */
const KNOWN_SESSIONS = 50_000;
/** What a message has beside its records: subject and headers, in bytes. */
const OVERHEAD = 1024;
/** Between two tries to take out what was under way while another process erased, in ms. */
const AGAIN = 1_000;

export type WriterOptions = {
  readonly maxQueued?: number;
  readonly probeEvery?: number;
  readonly beforeCommit?: FaultPoint;
  readonly afterCommit?: FaultPoint;
  /** Called for each append that the server has dropped as a repeat. */
  readonly onRepeat?: () => void;
};

type Sending = {
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

/** Appends and erases, for one process of those that do so. */
export class Writer {
  readonly queue: AppendQueue;
  readonly #maxQueued: number;
  readonly #known = new Recent<true>(KNOWN_SESSIONS);
  readonly #erasing = new Map<string, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly link: Link,
    private readonly asks: Asks,
    private readonly names: Names,
    private readonly sessions: Sessions,
    private readonly partitionOf: (sid: string) => number,
    private readonly options: WriterOptions,
  ) {
    const { maxQueued = MAX_QUEUED, probeEvery = 1_000, beforeCommit, afterCommit } = options;
    this.#maxQueued = maxQueued;
    this.queue = new AppendQueue({ beforeCommit, afterCommit, probe: () => this.#probe(), probeEvery });
    // Of what is erased meanwhile nobody tells.
    link.onLost(() => this.#known.clear());
    link.nc.subscribe(names.everyErased, {
      callback: (error, { subject }) => void (error ?? this.#takeBack(subject.split(".").at(-2)!)),
    });
  }

  /** See `EventLog.append`. */
  async append(records: readonly LogRecord[]): Promise<void> {
    const first = records[0];
    if (first === undefined) return;
    const { sid } = first;
    // Whether the session is gone is not known before its erasure is stored.
    const ending = this.#erasing.get(sid);
    if (ending !== undefined) {
      await ending.catch(() => undefined);
      return this.append(records);
    }
    this.#check(records.length, isInput(first) ? this.#maxQueued : this.#maxQueued * 2);
    if (!/^[0-9a-f]{40}$/.test(sid)) throw new AppendError("not-stored", "A sid is 40 hex digits.");
    if (records.some((record) => record.sid !== sid)) {
      throw new AppendError("not-stored", "Records of one append are of one session.");
    }
    const partition = this.partitionOf(sid);
    const subject = this.names.records(partition, sid);
    const ids = records.map((record) => record.id);
    const texts = this.#texts(records);
    await this.#enqueue({ subject, lane: sid, id: messageId(subject, ids), records, texts, sid });
  }

  /** See `ControlStream.append`. */
  async appendControl(records: readonly ControlRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#check(records.length, this.#maxQueued * 2);
    const { controlSubject: subject } = this.names;
    const texts = this.#texts(records);
    await this.#enqueue({ subject, lane: subject, id: messageId(subject, texts), records, texts });
  }

  /** See `EventLog.erase`. */
  erase(sid: string, at: { readonly id: string; readonly timestamp: string }, person?: string): Promise<void> {
    const running = this.#erasing.get(sid);
    // One under way may not have been told whose session it is.
    if (running !== undefined && person === undefined) return running;
    const begun = () => this.#erase(sid, erasedRecord(sid, at), person);
    const run = running === undefined ? begun() : running.then(begun, begun);
    const ended = run.finally(() => {
      if (this.#erasing.get(sid) === ended) this.#erasing.delete(sid);
    });
    this.#erasing.set(sid, ended);
    return ended;
  }

  /** Takes nothing more; resolves when what waits has an outcome. */
  close(): Promise<void> {
    this.#closing ??= this.queue.drain();
    return this.#closing;
  }

  async #erase(sid: string, record: LogRecord, person: string | undefined): Promise<void> {
    if (!(await this.#gone(sid))) {
      this.#check(1, this.#maxQueued * 2);
      this.#known.delete(sid);
      const partition = this.partitionOf(sid);
      const subject = this.names.erased(partition, sid);
      const texts = [JSON.stringify(record)];
      const records = [record];
      await this.#enqueue({ subject, lane: sid, id: messageId(subject, []), records, texts, once: true });
    }
    try {
      await this.sessions.remove(sid);
      if (person !== undefined) await this.sessions.removeLinks(person, sid);
    } catch (cause) {
      const message = `The session is void, but its text may still be in the files of ${this.link.address.shown} (${words(cause)}). Erase it again.`;
      throw new AppendError("unknown", message, { cause });
    }
  }

  /** Another process has erased a session: what this one had under way may have come behind that. */
  async #takeBack(sid: string): Promise<void> {
    if (this.#known.get(sid) === undefined) return;
    this.#known.delete(sid);
    await this.queue.settled();
    this.#known.delete(sid);
    while (this.#closing === undefined) {
      try {
        return await this.sessions.remove(sid);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN).unref());
      }
    }
  }

  /** @throws AppendError why records cannot be taken now */
  #check(count: number, bound: number): void {
    if (this.#closing !== undefined) throw new AppendError("not-stored", "The log is closed.");
    const { records, characters } = this.queue;
    if (records + count <= bound && characters < MAX_QUEUED_CHARACTERS) return;
    throw new AppendError("not-stored", `${records} records wait to be stored: come back.`, { busy: true });
  }

  /** @throws AppendError what is too large */
  #texts(records: readonly (LogRecord | ControlRecord)[]): readonly string[] {
    const texts = serialise(records);
    if (texts instanceof AppendError) throw texts;
    const bytes = Buffer.byteLength(encode(texts)) + OVERHEAD;
    const limit = this.link.nc.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (bytes <= limit) return texts;
    const message = `${texts.length} records of one append are ${bytes} bytes, and the NATS server ${this.link.address.shown} takes ${limit}: raise its max_payload.`;
    throw new AppendError("not-stored", message);
  }

  #enqueue(sending: Sending): Promise<void> {
    const { lane, records, texts } = sending;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    return new Promise((resolve, reject) => {
      this.queue.add({ lane, records, characters, send: () => this.#send(sending), resolve, reject });
    });
  }

  /** @throws AppendError */
  async #send({ subject, texts, id, sid, once }: Sending): Promise<void> {
    const { link } = this;
    if (link.away !== undefined) throw new AppendError("not-stored", link.away);
    if (sid !== undefined && this.#known.get(sid) === undefined) {
      if (await this.#gone(sid)) throw new AppendError("erased", "The session is erased.");
      this.#known.set(sid, true);
    }
    const headers = { "Nats-Msg-Id": id, ...(once && { "Nats-Expected-Last-Subject-Sequence": "0" }) };
    try {
      const { duplicate } = ackOf(await this.asks.ask(subject, encode(texts), headers));
      if (duplicate) this.options.onRepeat?.();
    } catch (cause) {
      // Another process has erased it first.
      if (once && codeOf(cause) === WRONG_LAST_SEQUENCE) return;
      throw failure(link, cause);
    }
  }

  async #gone(sid: string): Promise<boolean> {
    try {
      return await this.sessions.erased(sid, 0);
    } catch (cause) {
      const message = `The NATS server ${this.link.address.shown} cannot be asked (${words(cause)}): nothing was stored.`;
      throw new AppendError("not-stored", message, { cause });
    }
  }

  async #probe(): Promise<void> {
    if (this.link.away !== undefined) throw new Error(this.link.away);
    if ((await streamInfo(this.link, this.names.control)) === undefined) throw noStream(this.link, this.names.control);
  }
}

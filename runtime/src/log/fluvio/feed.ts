import { setTimeout as delay } from "node:timers/promises";
import { isErased, type LogRecord } from "@parley/shared/record";
import { reason } from "../../errors.js";
import { Followers } from "../followers.js";
import { found } from "../queued-log.js";
import { Stream } from "../stream.js";
import type { Entry, TailLimits } from "../tail.js";
import { type Cluster, type PartitionState, wordsOf } from "./cluster.js";
import { cursorOf, type Place } from "./cursor.js";
import { Expected } from "./expected.js";
import type { Added, IndexFile, Taken } from "./index-file.js";
import { opening } from "./opening.js";
import { Watchdog } from "./watchdog.js";

/** Records taken up in one transaction at most. */
const CHUNK = 2_000;
/** The cluster's word of a partition is so late at most, in ms. */
const LATE = 600;
/** Between two tries to write the index, in ms. */
const AGAIN = 1_000;

export type FeedOptions<R> = {
  readonly cluster: Pick<Cluster, "consumer" | "partitions">;
  readonly index: IndexFile;
  readonly topic: string;
  /** In its topic. */
  readonly partition: number;
  /** In the index. */
  readonly slot: number;
  readonly add: (slot: number, taken: readonly Taken<R>[]) => Added;
  /** A value as a record of the log; undefined: it is none. */
  readonly parse: (text: string) => R | undefined;
  /** Links that went with a session that ended, in whichever partitions. */
  readonly unlinked: (links: Added["links"]) => void;
  readonly tail?: TailLimits | undefined;
  /** See LATE; tests. */
  readonly late?: number | undefined;
};

/**
 * One partition of a topic, read once for everybody in this process: into the index, then to who waits. Its places are
 * counted, since records come without any.
 */
export class Feed<R extends { readonly id: string }> {
  #stream!: Stream<R>;
  #followers!: Followers;
  #read: Place;
  #base: number;
  /** Streams cannot be ended: what an older one brings is not heard. */
  #generation = 0;
  #opened = false;
  #away = false;
  #opening: Promise<void> | undefined;
  #first = 1;
  #known: string | undefined;
  #queue: string[] = [];
  #scheduled = false;
  #trouble: string | undefined;
  #closed = false;
  #begun: Promise<void> | undefined;
  readonly #late: number;
  readonly #watchdog = new Watchdog();
  #waiting: { readonly count: number; resolve(): void }[] = [];
  /** Appends of this process that are not read back yet. */
  readonly expected = new Expected();
  #heard = 0;
  #suspected = 0;

  constructor(private readonly options: FeedOptions<R>) {
    const { count, id, base } = options.index.kept(options.slot);
    this.#read = { count, id };
    this.#base = base;
    this.#late = options.late ?? LATE;
    this.#begin();
  }

  /** Who reads it; another one after the partition was made anew. */
  get stream(): Stream<R> {
    return this.#stream;
  }
  get followers(): Followers {
    return this.#followers;
  }
  /** How far it was read, and how many records retention took. */
  get read(): Place {
    return this.#read;
  }
  get base(): number {
    return this.#base;
  }
  /** What keeps it from being read, in one sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  cursorAt(count: number): string {
    const { index, slot } = this.options;
    return cursorOf(count === this.#read.count ? this.#read : { count, id: index.idAt(slot, count) ?? "" });
  }

  /** Takes the cluster's word: opens the stream where it is not open, or has died. */
  async look(now: number, state: PartitionState): Promise<void> {
    if (this.#closed || this.#opening !== undefined) return;
    if (state.base > this.#base && this.#opened && this.#read.count >= state.base) this.#begins(state.base);
    const verdict = this.#opened ? this.#watchdog.look(now, state, this.#read.count) : "dead";
    // Of a server that was away its streams do not come back.
    const back = this.#away && state.online;
    this.#away = !state.online;
    if (verdict === "fine" && !back) return;
    if (verdict === "anew") this.#forget();
    await this.#open(state.base);
  }

  /** Resolves when everything that was stored before now, as far as the cluster knows, is read. @throws LogOpenError `unreachable` */
  async end(signal?: AbortSignal): Promise<void> {
    const { topic, partition } = this.options;
    const states = await this.options.cluster.partitions();
    const state = states.find((one) => one.topic === topic && one.partition === partition);
    if (state !== undefined) await this.#until(state.end, signal);
  }

  /** The same, also as far as the cluster does not know yet. */
  async certainEnd(signal?: AbortSignal): Promise<void> {
    await this.end(signal);
    await delay(this.#late, undefined, signal && { signal }).catch(() => undefined);
    if (!signal?.aborted && !this.#closed) await this.end(signal);
  }

  /** Resolves when what was there at the start is read: before that a session may lack what an earlier process saw stored. */
  begun(): Promise<void> {
    // Without the controller what is here is what there is.
    this.#begun ??= this.certainEnd().catch(() => undefined);
    return this.#begun;
  }

  /** Takes a record out of what is at hand. */
  purge(count: number): void {
    this.#stream.purge(({ pos }) => pos === count);
  }

  /**
   * Something was stored that did not come: where nothing else has come for a while either, the stream has died.
   * @param ms how long something has been missing
   * @returns whether it was quiet
   */
  async suspect(ms: number): Promise<boolean> {
    const now = performance.now();
    if (now - Math.max(this.#heard, this.#suspected) < ms) return now - this.#heard >= ms;
    this.#suspected = now;
    if (this.#opened) await this.#open(this.#base);
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#generation++;
    this.#stream.close();
    this.#followers.close();
    this.#wake();
  }

  #begin(): void {
    const { index, slot, tail } = this.options;
    const rows = (_: number, after: number, upTo: number, limit: number) => {
      const some = index.rows(slot, after, upTo, limit);
      return found<R>(some, some.length < limit ? upTo : some[some.length - 1]!.pos);
    };
    this.#stream = new Stream<R>(1, this.#read.count, rows, tail);
    // Of control nobody follows a session.
    const records = this.#stream as unknown as Stream<LogRecord>;
    this.#followers = new Followers(records, (sid, after, upTo) => index.session(slot, sid, after, upTo));
  }

  #forget(): void {
    const { index, slot } = this.options;
    index.forget(slot);
    this.#read = { count: 0, id: "" };
    this.#base = 0;
    const [stream, followers] = [this.#stream, this.#followers];
    this.#begin();
    stream.close();
    followers.close();
  }

  #begins(base: number): void {
    const { index, slot } = this.options;
    index.begins(slot, base);
    this.#base = base;
    if (base > this.#read.count) {
      this.#read = { count: base, id: "" };
      this.#stream.found(base);
      this.#followers.found();
      this.#wake();
    }
    const trim = (): void => {
      if (!this.#closed && index.trim(slot)) setImmediate(trim);
    };
    // Published versions are kept for ever.
    if (slot === this.options.partition) setImmediate(trim);
  }

  #open(base: number): Promise<void> {
    this.#opening ??= this.#openAt(base).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openAt(said: number): Promise<void> {
    const { cluster, topic, partition } = this.options;
    // What retention took does not come back; the cluster's word may be late.
    const base = Math.max(said, this.#base);
    const at = opening(this.#read, base);
    if (base > this.#base) this.#begins(base);
    const generation = ++this.#generation;
    this.#queue = [];
    this.#first = at.first;
    this.#known = at.known;
    try {
      const consumer = await cluster.consumer(topic, partition);
      if (generation !== this.#generation) return;
      await consumer.stream({ index: at.index, from: "beginning" }, (record) => {
        if (generation === this.#generation) this.#take(textOf(record));
      });
      this.#opened = true;
      this.#trouble = undefined;
      this.#watchdog.heard();
    } catch (error) {
      this.#opened = false;
      this.#trouble = `${topic}-${partition} cannot be read (${wordsOf(error)}); it is tried again.`;
    }
  }

  #take(text: string): void {
    this.#queue.push(text);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What comes in one turn is one transaction.
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    if (this.#closed || this.#queue.length === 0) return;
    const texts = this.#queue.slice(0, CHUNK);
    const { parse, add, slot } = this.options;
    let taken: Taken<R>[] = texts.map((text, i) => {
      const record = parse(text);
      return { count: this.#first + i, id: record?.id ?? "", record, text };
    });
    if (this.#known !== undefined && taken[0]!.id !== this.#known) return void this.#mismatch();
    if (this.#known !== undefined) taken = taken.slice(1);
    try {
      if (taken.length > 0) this.#tell(taken, add(slot, taken));
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = `The index of what was read cannot be written (${reason(error)}): see the data folder's space.`;
      this.#scheduled = true;
      setTimeout(() => this.#drain(), AGAIN).unref();
      return;
    }
    this.#known = undefined;
    this.#first += texts.length;
    this.#queue.splice(0, texts.length);
    if (this.#queue.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#drain());
    }
  }

  #tell(taken: readonly Taken<R>[], added: Added): void {
    const entries: Entry<R>[] = [];
    for (const { count, record, text } of taken) {
      const sid = (record as { sid?: string } | undefined)?.sid ?? "";
      const entry = this.#stream.place(0, sid, record as R, text);
      entries.push(entry);
      if (added.void.has(count)) entry.record = undefined;
      else if (isErased(record as unknown as LogRecord)) {
        this.#stream.purge((one) => one.sid === sid && one.pos !== count);
      }
    }
    if (added.links.length > 0) this.options.unlinked(added.links);
    const { count, id } = taken.at(-1)!;
    this.#read = { count, id };
    this.#watchdog.heard();
    this.#heard = performance.now();
    this.#stream.commit(entries);
    this.#handOn(entries as unknown as Entry<LogRecord>[]);
    for (const { id, record } of taken) this.expected.read(keyOf((record as { sid?: string } | undefined)?.sid, id));
    this.#wake();
  }

  /** Followers are given the records of one session at a time. */
  #handOn(entries: readonly Entry<LogRecord>[]): void {
    for (let i = 0; i < entries.length; ) {
      let end = i + 1;
      while (end < entries.length && entries[end]!.sid === entries[i]!.sid) end++;
      this.#followers.commit(entries.slice(i, end));
      i = end;
    }
  }

  /**
   * The first record is not the one that was last read. Retention may have moved the beginning after it was asked for;
   * where it has not, this is another topic of that name.
   */
  async #mismatch(): Promise<void> {
    this.#generation++;
    this.#queue = [];
    const { cluster, topic, partition } = this.options;
    const [before, generation] = [this.#base, this.#generation];
    const base = async (): Promise<number> => {
      const state = (await cluster.partitions()).find((one) => one.topic === topic && one.partition === partition);
      return Math.max(before, state?.base ?? before);
    };
    try {
      let now = await base();
      if (now === before) {
        await delay(this.#late);
        now = await base();
      }
      if (this.#closed || generation !== this.#generation) return;
      if (now === before) this.#forget();
      else this.#begins(now);
      await this.#open(now);
    } catch {
      this.#opened = false; // Asked again at the next look.
    }
  }

  async #until(count: number, signal: AbortSignal | undefined): Promise<void> {
    while (this.#read.count < count && !this.#closed && !signal?.aborted) {
      const next = new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
      await Promise.race([next, delay(AGAIN)]);
    }
  }

  #wake(): void {
    const reached = this.#waiting.filter(({ count }) => count <= this.#read.count || this.#closed);
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#read.count && !this.#closed);
    for (const { resolve } of reached) resolve();
  }
}

/** By what an append is known when it is read back. */
export const keyOf = (sid: string | undefined, id: string): string => `${sid ?? ""} ${id}`;

function textOf(record: { valueString(): string }): string {
  try {
    return record.valueString();
  } catch {
    return ""; // No text, so none of ours.
  }
}

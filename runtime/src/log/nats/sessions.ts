import { setTimeout as delay } from "node:timers/promises";
import { isErased, type LogRecord } from "@parley/shared/record";
import { linksTo } from "../erased.js";
import type { Asks } from "./asks.js";
import { codeOf, type Link, WRONG_LAST_SEQUENCE } from "./link.js";
import { decode, encode, messageId } from "./message.js";
import type { Names } from "./names.js";
import type { Stored } from "./push.js";

/** A question that fails is asked again for so long, in ms: a server that starts again is back by then. */
const PATIENCE = 10_000;
const AGAIN = 100;
/** Messages that are asked for at once. */
const ASKED = 64;
/** Messages that are deleted at once. */
const DELETES = 64;
/** Its answer, as HTTP's, that there is no such message. */
const NONE = 404;
/** What the server says of a message that is not there any more. */
const NOT_FOUND = 10043;
const NOT_DELETED = 10057;
/** Its answer, as HTTP's, that it cannot answer now. */
const UNAVAILABLE = 503;
/** Records in one message that was written again. */
const REWRITTEN = 500;

export type Session = {
  readonly records: readonly LogRecord[];
  /** The place of the last message that was seen. */
  readonly last: number;
  readonly erased: LogRecord | undefined;
};

/** Sessions by their subjects. */
export class Sessions {
  constructor(
    private readonly link: Link,
    private readonly asks: Asks,
    private readonly names: Names,
    private readonly partitionOf: (sid: string) => number,
  ) {}

  /** @param patience milliseconds in which a question that fails is asked again */
  async erased(sid: string, patience = PATIENCE): Promise<boolean> {
    const partition = this.partitionOf(sid);
    const [stream, subject] = [this.names.stream(partition), this.names.erased(partition, sid)];
    return (await this.#last(stream, subject, patience)) !== undefined;
  }

  /** What is stored of a session behind `after`; of an erased one no records. */
  async read(sid: string, after = 0): Promise<Session> {
    const partition = this.partitionOf(sid);
    const stream = this.names.stream(partition);
    const [end, messages] = await Promise.all([
      this.#last(stream, this.names.erased(partition, sid)),
      this.#messages(stream, this.names.records(partition, sid), after),
    ]);
    const last = Math.max(after, messages.at(-1)?.seq ?? 0, end?.seq ?? 0);
    const erased = end === undefined ? undefined : decode<LogRecord>(end.text).find(isErased);
    return { last, erased, records: end === undefined ? messages.flatMap(({ text }) => decode<LogRecord>(text)) : [] };
  }

  /** Takes every record of a session out of the server's files. */
  async remove(sid: string): Promise<void> {
    const partition = this.partitionOf(sid);
    const stream = this.names.stream(partition);
    await this.#delete(stream, await this.#all(stream, this.names.records(partition, sid)));
  }

  /** The same for each `Link` to a session under a person's number. */
  async removeLinks(person: string, sid: string): Promise<void> {
    const partition = this.partitionOf(person);
    const [stream, subject] = [this.names.stream(partition), this.names.records(partition, person)];
    for (;;) {
      const messages = await this.#all(stream, subject);
      const records = messages.flatMap(({ text }) => decode<LogRecord>(text));
      const kept = records.filter((record) => !linksTo(record, sid));
      if (kept.length === records.length) return;
      // What is kept stands in new messages behind the old ones: a message is deleted whole, and servers before 2.10
      // lose the end of a subject whose last message is deleted. For a moment it is there twice, which counts once.
      if (!(await this.#rewrite(subject, kept, messages.at(-1)!.seq))) continue;
      return this.#delete(stream, messages);
    }
  }

  /** Appends records behind the message at `last`; false where another has come there meanwhile. */
  async #rewrite(subject: string, records: readonly LogRecord[], last: number): Promise<boolean> {
    for (let i = 0, lastSubjectSequence = last; i < records.length; i += REWRITTEN) {
      const texts = records.slice(i, i + REWRITTEN).map((record) => JSON.stringify(record));
      try {
        const options = { expect: { lastSubjectSequence }, msgID: messageId(subject, [`${last}`, ...texts]) };
        ({ seq: lastSubjectSequence } = await this.link.unlessLost(() =>
          this.link.js.publish(subject, encode(texts), options),
        ));
      } catch (error) {
        if (codeOf(error) === WRONG_LAST_SEQUENCE) return false;
        throw error;
      }
    }
    return true;
  }

  async #delete(stream: string, messages: readonly Stored[]): Promise<void> {
    for (let i = 0; i < messages.length; i += DELETES) {
      await Promise.all(
        messages.slice(i, i + DELETES).map(({ seq }) =>
          // The server overwrites the message in its file; a purge by subject would leave it there.
          this.#ask(() => this.link.jsm.streams.deleteMessage(stream, seq, true).catch(unlessGone)),
        ),
      );
    }
  }

  /** Every message of a subject, as the stream's leader has them now. */
  async #all(stream: string, subject: string): Promise<Stored[]> {
    const messages: Stored[] = [];
    for (let seq = 1; ; ) {
      const query = { seq, next_by_subj: subject };
      const next = await this.#ask(() => this.link.jsm.streams.getMessage(stream, query));
      if (next === null) return messages;
      messages.push({ seq: next.seq, text: next.string() });
      seq = next.seq + 1;
    }
  }

  /**
   * The messages of a subject behind `after`. The last one is asked of the stream's leader, which knows of everything
   * that was acknowledged; those before it of any server, and of the leader again where that one does not have them yet.
   */
  async #messages(stream: string, subject: string, after: number): Promise<Stored[]> {
    const last = await this.#last(stream, subject);
    if (last === undefined || last.seq <= after) return [];
    const found = await this.#between(stream, subject, after + 1, last.seq);
    return [...found.sort((a, b) => a.seq - b.seq), last];
  }

  /**
   * The messages of a subject from `first` to before `end`, in any order. The server tells only which is the next behind a
   * place: with each that is found, what is left of its stretch is halved, so that many are asked for at once.
   */
  async #between(stream: string, subject: string, first: number, end: number): Promise<Stored[]> {
    const found: Stored[] = [];
    let asked = 0;
    const search = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq < to; ) {
        asked += 1;
        const next = await this.#next(stream, subject, seq).finally(() => {
          asked -= 1;
        });
        if (next === undefined || next.seq >= to) return;
        found.push(next);
        seq = next.seq + 1;
        const middle = seq + Math.ceil((to - seq) / 2);
        if (asked >= ASKED || middle >= to) continue;
        await Promise.all([search(seq, middle), search(middle, to)]);
        return;
      }
    };
    await search(first, end);
    return found;
  }

  /** The first message of a subject from a place on. */
  async #next(stream: string, subject: string, seq: number): Promise<Stored | undefined> {
    const query = { seq, next_by_subj: subject };
    const near = await this.#ask(() => this.#direct(stream, query));
    if (near !== undefined) return near;
    const next = await this.#ask(() => this.link.jsm.streams.getMessage(stream, query));
    return next === null ? undefined : { seq: next.seq, text: next.string() };
  }

  /** Of any server that has a copy of the stream. */
  async #direct(stream: string, query: object): Promise<Stored | undefined> {
    const answer = await this.asks.ask(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(query));
    const { headers } = answer;
    if (headers?.code === NONE) return undefined;
    const seq = Number(headers?.get("Nats-Sequence"));
    // It is starting, or another than was asked.
    if (!(seq > 0)) throw new Error(`a message cannot be read: ${headers?.code} ${headers?.description}`);
    return { seq, text: answer.string() };
  }

  async #last(stream: string, subject: string, patience = PATIENCE): Promise<Stored | undefined> {
    const question = () => this.link.jsm.streams.getMessage(stream, { last_by_subj: subject });
    const found = await this.#ask(question, patience);
    return found === null ? undefined : { seq: found.seq, text: found.string() };
  }

  /** Asks again while the server is away or starting, since a question changes nothing. */
  async #ask<T>(question: () => Promise<T>, patience = PATIENCE): Promise<T> {
    for (const end = performance.now() + patience; ; ) {
      try {
        return await this.link.unlessLost(question);
      } catch (error) {
        const answered = codeOf(error) !== undefined && (error as { status?: unknown }).status !== UNAVAILABLE;
        if (answered || this.link.closed || performance.now() >= end) throw error;
        await delay(AGAIN);
      }
    }
  }
}

function unlessGone(error: unknown): void {
  const code = codeOf(error);
  if (code !== NOT_FOUND && !(code === NOT_DELETED && /no message found|deleted message/.test(String(error))))
    throw error;
}

import type { LogRecord } from "@parley/shared/record";
import { reached } from "../../fault-points.js";
import { type AppendEngine, Appender, type AppenderOptions, type Sending } from "../appender.js";
import { AppendError } from "../event-log.js";
import { Recent } from "../recent.js";
import { ackOf, failure } from "./ack.js";
import type { Asks } from "./asks.js";
import { codeOf, type Link, WRONG_LAST_SEQUENCE, words } from "./link.js";
import { encode, messageId } from "./message.js";
import type { Names } from "./names.js";
import type { Sessions } from "./sessions.js";
import { noStream, streamInfo } from "./setup.js";

/** Sessions known not to be erased, so that most appends look nothing up. */
const KNOWN_SESSIONS = 50_000;
/** What a message has beside its records: subject and headers, in bytes. */
const OVERHEAD = 1024;
/** Between two tries to take out what was under way while another process erased, in ms. */
const AGAIN = 1_000;

export type WriterOptions = AppenderOptions & {
  /** Called for each append that the server has dropped as a repeat. */
  readonly onRepeat?: () => void;
};

/** Appends and erases on the server: an append is one message, so all or none. */
export class Writer implements AppendEngine {
  readonly ordered = false;
  readonly appends: Appender;
  readonly #known = new Recent<true>(KNOWN_SESSIONS);

  constructor(
    private readonly link: Link,
    private readonly asks: Asks,
    private readonly names: Names,
    private readonly sessions: Sessions,
    private readonly partitionOf: (sid: string) => number,
    private readonly options: WriterOptions,
  ) {
    this.appends = new Appender(this, options);
    // Of what is erased meanwhile nobody tells.
    link.onLost(() => this.#known.clear());
    link.nc.subscribe(names.everyErased, {
      callback: (error, { subject }) => void (error ?? this.#takeBack(subject.split(".").at(-2)!)),
    });
  }

  refusal({ texts }: Sending): AppendError | undefined {
    const limit = this.link.nc.info?.max_payload ?? Number.POSITIVE_INFINITY;
    // A UTF-16 unit is at most 3 bytes of UTF-8: counting is only needed for many records.
    if (texts.reduce((sum, text) => sum + 3 * (text.length + 1), OVERHEAD) <= limit) return undefined;
    const bytes = Buffer.byteLength(encode(texts)) + OVERHEAD;
    if (bytes <= limit) return undefined;
    const message = `${texts.length} records of one append are ${bytes} bytes, and the NATS server ${this.link.address.shown} takes ${limit}: raise its max_payload.`;
    return new AppendError("not-stored", message);
  }

  async send({ records, texts, sid, erases }: Sending): Promise<undefined> {
    const { link } = this;
    if (link.away !== undefined) throw new AppendError("not-stored", link.away);
    // Whatever becomes of it, the session is not known to be there any more.
    if (erases) this.#known.delete(sid!);
    else if (sid !== undefined && this.#known.get(sid) === undefined) {
      if (await this.erased(sid)) throw new AppendError("erased", "The session is erased.");
      this.#known.set(sid, true);
    }
    const { subject, id } = this.#message(records, texts, sid, erases);
    const headers = { "Nats-Msg-Id": id, ...(erases && { "Nats-Expected-Last-Subject-Sequence": "0" }) };
    try {
      reached("before commit");
      const { duplicate } = ackOf(await this.asks.ask(subject, encode(texts), headers));
      reached("after commit");
      if (duplicate) this.options.onRepeat?.();
      return undefined;
    } catch (cause) {
      // Another process has erased it first.
      if (erases && codeOf(cause) === WRONG_LAST_SEQUENCE) return undefined;
      throw failure(link, cause);
    }
  }

  async erased(sid: string): Promise<boolean> {
    try {
      return await this.sessions.erased(sid, 0);
    } catch (cause) {
      const message = `The NATS server ${this.link.address.shown} cannot be asked (${words(cause)}): nothing was stored.`;
      throw new AppendError("not-stored", message, { cause });
    }
  }

  async remove(sid: string, person: string | undefined): Promise<void> {
    this.#known.delete(sid);
    try {
      await this.sessions.remove(sid);
      if (person !== undefined) await this.sessions.removeLinks(person, sid);
    } catch (cause) {
      const message = `The session is void, but its text may still be in the files of ${this.link.address.shown} (${words(cause)}). Erase it again.`;
      throw new AppendError("unknown", message, { cause });
    }
  }

  async probe(): Promise<void> {
    if (this.link.away !== undefined) throw new Error(this.link.away);
    if ((await streamInfo(this.link, this.names.control)) === undefined) throw noStream(this.link, this.names.control);
  }

  /** Where an append stands, and what the server tells its repeats by. */
  #message(records: Sending["records"], texts: readonly string[], sid: string | undefined, erases: true | undefined) {
    const { controlSubject } = this.names;
    if (sid === undefined) return { subject: controlSubject, id: messageId(controlSubject, texts) };
    const partition = this.partitionOf(sid);
    const subject = erases ? this.names.erased(partition, sid) : this.names.records(partition, sid);
    const ids = erases ? [] : (records as readonly LogRecord[]).map((record) => record.id);
    return { subject, id: messageId(subject, ids) };
  }

  /** Another process has erased a session: what this one had under way may have come behind that. */
  async #takeBack(sid: string): Promise<void> {
    if (this.#known.get(sid) === undefined) return;
    this.#known.delete(sid);
    await this.appends.queue.settled();
    this.#known.delete(sid);
    while (!this.appends.closing) {
      try {
        return await this.sessions.remove(sid);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN).unref());
      }
    }
  }
}

import { reason } from "../../errors.js";
import { reached } from "../../fault-points.js";
import type { Sent } from "../append-queue.js";
import { type AppendEngine, Appender, type AppenderOptions, type Sending } from "../appender.js";
import { AppendError } from "../event-log.js";
import { type Cluster, controlTopic } from "./cluster.js";
import type { Expectation } from "./expected.js";
import { type Feed, keyOf } from "./feed.js";
import type { IndexFile } from "./index-file.js";
import { type Pair, Producer, type ProducerOptions } from "./producer.js";

type Reading = Pick<Feed<{ readonly id: string }>, "expected" | "suspect" | "end">;

/** What was flushed and has not come back for so long, while nothing else did, is sent again, in ms. */
const LATE = 1_000;
/** It is given up after so long, in ms. */
const READ_BACK = 10_000;

/** Appends and erases on Fluvio: each record is one of the topic's, keyed by its session. */
export class Writer implements AppendEngine {
  readonly ordered = true;
  readonly appends: Appender;
  readonly #records: Producer;
  readonly #control: Producer;

  /** @param feedOf who reads a session back; undefined: control */
  constructor(
    private readonly cluster: Cluster,
    private readonly index: Pick<IndexFile, "erased" | "scrub">,
    private readonly feedOf: (sid: string | undefined) => Reading,
    options: AppenderOptions & Omit<ProducerOptions, "topic">,
  ) {
    this.appends = new Appender(this, options);
    this.#records = new Producer(cluster, { ...options, topic: cluster.address.name });
    this.#control = new Producer(cluster, { ...options, topic: controlTopic(cluster.address) });
  }

  refusal(): undefined {
    return undefined;
  }

  async send({ records, texts, sid, erases }: Sending): Promise<Sent> {
    // Another process may have erased it meanwhile: what was not read of that yet is void for every reader.
    if (sid !== undefined && this.index.erased(sid)) {
      if (erases) return undefined;
      throw new AppendError("erased", "The session is erased.");
    }
    const producer = sid === undefined ? this.#control : this.#records;
    const pairs = texts.map((text): Pair => [sid ?? "control", text]);
    const feed = this.feedOf(sid);
    const expected = feed.expected.add(records.map(({ id }) => keyOf(sid, id)));
    try {
      reached("before commit");
      await producer.send(pairs);
    } catch (error) {
      expected.forget();
      throw error;
    }
    return { stored: this.#readBack(feed, expected, () => producer.send(pairs)).finally(() => expected.forget()) };
  }

  /**
   * Resolves when it was read. A flush that succeeds is not enough: a server that is starting was seen to let it succeed
   * and to store nothing.
   * @throws AppendError `unknown`
   */
  async #readBack(feed: Reading, expected: Expectation, send: () => Promise<void>): Promise<void> {
    let reopened = false;
    for (const until = performance.now() + READ_BACK; ; ) {
      const became = await expected.back(LATE);
      if (became === "read") {
        reached("after commit");
        return;
      }
      if (performance.now() >= until) break;
      if (became === "late") {
        if (!(await feed.suspect(LATE))) continue;
        // A new stream brings what is stored.
        reopened = !reopened;
        if (reopened) continue;
      }
      expected.again();
      await send();
    }
    const message = `The Fluvio cluster ${this.cluster.address.shown} took it, but it was not read back.`;
    throw new AppendError("unknown", message);
  }

  async erased(sid: string): Promise<boolean> {
    try {
      await this.feedOf(sid).end();
    } catch (cause) {
      throw new AppendError("not-stored", `${reason(cause)} Nothing was stored.`, { cause });
    }
    return this.index.erased(sid);
  }

  /** The text stays in the topic until retention takes it; here it is taken out of the index. */
  async remove(sid: string): Promise<void> {
    try {
      if (!this.index.erased(sid)) throw new Error("its end was not read back yet.");
      this.index.scrub();
    } catch (cause) {
      const message = `The session is void, but its text may still be in the index: ${reason(cause)} Erase it again.`;
      throw new AppendError("unknown", message, { cause });
    }
  }

  async probe(): Promise<void> {
    const states = await this.cluster.partitions();
    const away = states.find(({ online }) => !online);
    if (away === undefined) return;
    throw new Error(
      `The partition ${away.topic}-${away.partition} is away on ${this.cluster.address.shown}: its server does not run.`,
    );
  }
}

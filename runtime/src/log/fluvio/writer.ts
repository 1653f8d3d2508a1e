import { reason } from "../../errors.js";
import { type AppendEngine, Appender, type AppenderOptions, type Sending } from "../appender.js";
import { AppendError } from "../event-log.js";
import { type Cluster, controlTopic } from "./cluster.js";
import type { Feed } from "./feed.js";
import type { IndexFile } from "./index-file.js";
import { type Pair, Producer, type ProducerOptions } from "./producer.js";

type Reading = Pick<Feed<{ readonly id: string }>, "expect" | "seen" | "end">;

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

  async send({ records, texts, sid, erases }: Sending): Promise<void> {
    // Another process may have erased it meanwhile: what was not read of that yet is void for every reader.
    if (sid !== undefined && this.index.erased(sid)) {
      if (erases) return;
      throw new AppendError("erased", "The session is erased.");
    }
    const producer = sid === undefined ? this.#control : this.#records;
    const back = this.feedOf(sid).expect(`${sid ?? ""} ${records.at(-1)!.id}`);
    try {
      await producer.send(texts.map((text): Pair => [sid ?? "control", text]));
    } catch (error) {
      back();
      throw error;
    }
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
      await this.feedOf(sid).seen();
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

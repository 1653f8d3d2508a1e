import { setTimeout as delay } from "node:timers/promises";
import { AppendError } from "../event-log.js";
import type { TopicProducer } from "./client.js";
import { type Cluster, inTime, TIMEOUT, wordsOf } from "./cluster.js";

/** What is not acknowledged is sent again for so long, in ms: a server that starts again is back by then. */
const PATIENCE = 6_000;
const AGAIN = 100;

/** A key and a value. */
export type Pair = [string, string];

export type ProducerOptions = {
  readonly topic: string;
  /** See PATIENCE; tests. */
  readonly patience?: number;
};

type Waiting = { readonly pairs: readonly Pair[]; resolve(): void; reject(error: AppendError): void };

/**
 * Stores records in a topic. What is sent in one turn goes together and is acknowledged together, by one `flush`. After
 * an error the client's producer is made anew, since one that has failed never works again and has forgotten what it
 * held: all of that is sent again, in its order. So a record may be stored twice; readers know it by its id.
 */
export class Producer {
  #producer: TopicProducer | undefined;
  #waiting: Waiting[] = [];
  #last = Promise.resolve();

  constructor(
    private readonly cluster: Pick<Cluster, "producer" | "address">,
    private readonly options: ProducerOptions,
  ) {}

  /** Resolves when they are stored. @throws AppendError `not-stored`, `unknown` */
  send(pairs: readonly Pair[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pairs, resolve, reject });
      if (this.#waiting.length > 1) return;
      // Behind what is under way: of two at once the second could come first.
      this.#last = this.#last.then(() => this.#sendAll(this.#waiting.splice(0)));
    });
  }

  async #sendAll(group: readonly Waiting[]): Promise<void> {
    const pairs = group.flatMap((one) => one.pairs);
    const error = await this.#stored(pairs);
    for (const one of group) {
      if (error === undefined) one.resolve();
      else one.reject(error);
    }
  }

  async #stored(pairs: readonly Pair[]): Promise<AppendError | undefined> {
    const { topic, patience = PATIENCE } = this.options;
    const until = performance.now() + patience;
    for (let handed = false; ; ) {
      try {
        this.#producer ??= await this.cluster.producer(topic);
        handed = true;
        await inTime(this.#hand(this.#producer, pairs), TIMEOUT);
        return undefined;
      } catch (cause) {
        this.#producer = undefined;
        if (performance.now() + AGAIN < until) {
          await delay(AGAIN);
          continue;
        }
        const { shown } = this.cluster.address;
        const became = handed ? "did not say whether it stored it" : "does not take it";
        const message = `The Fluvio cluster ${shown} ${became} (${wordsOf(cause)}).`;
        return new AppendError(handed ? "unknown" : "not-stored", message, { cause });
      }
    }
  }

  async #hand(producer: TopicProducer, pairs: readonly Pair[]): Promise<void> {
    await producer.sendAll([...pairs]);
    // Only this says that they are stored.
    await producer.flush();
  }
}

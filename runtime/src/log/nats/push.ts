import type { Msg, Subscription } from "@nats-io/transport-node";
import { codeOf, type Link, NO_STREAM } from "./link.js";
import { noStream } from "./setup.js";

/** The server says so often that a stream is alive, in ms. */
export const HEARTBEAT = 1_000;

/** A consumer that nobody asks is taken away by the server after so long, in ms. */
const FORGOTTEN = 30_000;
/** Messages asked for at once by who is in no hurry. */
const BATCH = 1_000;

/** A message of a stream and its place. */
export type Stored = { readonly seq: number; readonly text: string };

export type PushOptions = {
  /** A subject of the stream; undefined: all of it. */
  readonly filter?: string | undefined;
  /** Messages of other subjects are passed over unread. */
  readonly wanted?: ((subject: string) => boolean) | undefined;
  /** Milliseconds that a message may wait here for others: they are asked for so often, and not sent one by one. */
  readonly lag?: number | undefined;
};

/** What the server gives by one consumer, until something is missing or nothing comes. */
export class Push {
  heard = performance.now();
  broken = false;
  /** How much of the stream follows what was taken last. */
  pending = 0;
  #queue: { readonly msg: Msg; readonly seq: number; readonly pending: number }[] = [];
  #next = 1;
  #flow: Msg | undefined;
  #wake: (() => void) | undefined;
  #subscription: Subscription | undefined;
  #consumer = "";
  /** Where it lags: how many more may come to what was asked; 0: nothing is asked. */
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #inbox = `_INBOX.${crypto.randomUUID()}`;

  private constructor(
    private readonly link: Link,
    private readonly stream: string,
    private readonly options: PushOptions,
  ) {}

  static async open(link: Link, stream: string, after: number, options: PushOptions): Promise<Push> {
    const push = new Push(link, stream, options);
    const { filter, lag } = options;
    push.#subscription = link.nc.subscribe(push.#inbox, { callback: (error, msg) => push.#take(error, msg) });
    const pushed = { deliver_subject: push.#inbox, flow_control: true, idle_heartbeat: HEARTBEAT * 1e6 };
    try {
      const add = () =>
        link.jsm.consumers.add(stream, {
          deliver_policy: "by_start_sequence",
          opt_start_seq: after + 1,
          ack_policy: "none",
          max_deliver: 1,
          mem_storage: true,
          num_replicas: 1,
          ...(lag === undefined ? pushed : { inactive_threshold: FORGOTTEN * 1e6 }),
          ...(filter !== undefined && { filter_subject: filter }),
        });
      const info = await link.unlessLost(add);
      push.#consumer = info.name;
      // What it has sent already comes with numbers of its own.
      push.pending = info.num_pending + info.delivered.consumer_seq;
      return push;
    } catch (error) {
      push.close();
      if (codeOf(error) === NO_STREAM) throw noStream(link, stream);
      throw error;
    }
  }

  /** Up to `limit` messages in the order of the stream, without those not wanted; `seq`: the last that was looked at. */
  take(limit: number): { messages: Stored[]; seq: number | undefined } {
    const taken = this.#queue.splice(0, limit);
    const last = taken.at(-1);
    this.pending = last?.pending ?? this.pending;
    if (this.#queue.length === 0) this.#respond();
    const messages: Stored[] = [];
    const { wanted } = this.options;
    for (const { msg, seq } of taken) if (wanted?.(msg.subject) ?? true) messages.push({ seq, text: msg.string() });
    return { messages, seq: last?.seq };
  }

  /** Resolves when there may be more to take, or it is broken. */
  async more(): Promise<void> {
    if (this.#queue.length > 0 || this.broken) return;
    if (this.options.lag !== undefined) this.#askLater();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  break(): void {
    this.broken = true;
    this.wake();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#subscription?.unsubscribe();
    if (this.#consumer === "" || this.link.closed || this.link.away !== undefined) return;
    // One that stays is taken away by the server itself.
    this.link.jsm.consumers.delete(this.stream, this.#consumer).catch(() => undefined);
  }

  #take(error: Error | null, msg: Msg): void {
    if (error) return this.break();
    this.heard = performance.now();
    if (this.broken) return;
    // Only what is no message of the stream says so by its headers, and reading them costs.
    const stored = msg.reply?.startsWith("$JS.ACK.");
    if (!stored && msg.headers?.code === 100) return this.#status(msg);
    if (this.options.lag !== undefined) this.#asked -= 1;
    if (!stored && (msg.headers?.code === NONE || msg.headers?.code === NO_MORE)) return this.#given();
    if (!stored) return this.break(); // The consumer is gone.
    const { seq, number, pending } = delivery(msg.reply!);
    if (number !== this.#next) return this.break();
    this.#next += 1;
    this.#queue.push({ msg, seq, pending });
    this.wake();
  }

  /** Asks for what has come meanwhile; at once where more is known to be there. */
  #askLater(): void {
    if (this.#asked > 0 || this.#timer !== undefined) return;
    const wait = this.pending > 0 ? 0 : this.options.lag;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#asked = BATCH;
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.#consumer}`;
      const question = JSON.stringify({ batch: BATCH, no_wait: true });
      // Closed meanwhile: whoever waits has been told.
      if (!this.link.closed) this.link.nc.publish(subject, question, { reply: this.#inbox });
    }, wait);
  }

  /** Everything was given that was there. */
  #given(): void {
    this.#asked = 0;
    if (this.#queue.length > 0) return;
    this.pending = 0;
    this.#askLater();
  }

  /** A heartbeat, or the question whether more may come: answered when what came was taken. */
  #status(msg: Msg): void {
    const stalled = msg.headers?.get("Nats-Consumer-Stalled");
    if (msg.reply) this.#flow = msg;
    else if (stalled) this.link.nc.publish(stalled);
    else if (Number(msg.headers?.get("Nats-Last-Consumer") ?? 0) >= this.#next) return this.break();
    if (this.#queue.length === 0) this.#respond();
  }

  #respond(): void {
    this.#flow?.respond();
    this.#flow = undefined;
  }
}

/** The server's answers that there is nothing, and no more than was given. */
const [NONE, NO_MORE] = [404, 408];

/** What the reply subject of a message says: `$JS.ACK.[domain.account.]stream.consumer.tries.seq.number.time.pending[.random]`. */
function delivery(reply: string): { seq: number; number: number; pending: number } {
  const tokens = reply.split(".");
  const at = tokens.length === 9 ? 5 : 7;
  return { seq: Number(tokens[at]), number: Number(tokens[at + 1]), pending: Number(tokens[at + 3]) };
}

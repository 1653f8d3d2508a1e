import type { Msg, Subscription } from "@nats-io/transport-node";
import { codeOf, type Link, NO_STREAM } from "./link.js";
import { noStream } from "./setup.js";

/** The server says so often that a stream is alive, in ms. */
export const HEARTBEAT = 1_000;

/** A message of a stream and its place. */
export type Stored = { readonly seq: number; readonly text: string };

/** What the server pushes by one consumer, until something is missing or nothing comes. */
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

  private constructor(
    private readonly link: Link,
    private readonly stream: string,
  ) {}

  static async open(link: Link, stream: string, after: number, filter: string | undefined): Promise<Push> {
    const push = new Push(link, stream);
    const inbox = `_INBOX.${crypto.randomUUID()}`;
    push.#subscription = link.nc.subscribe(inbox, { callback: (error, msg) => push.#take(error, msg) });
    try {
      const add = () =>
        link.jsm.consumers.add(stream, {
          deliver_subject: inbox,
          deliver_policy: "by_start_sequence",
          opt_start_seq: after + 1,
          ack_policy: "none",
          max_deliver: 1,
          flow_control: true,
          idle_heartbeat: HEARTBEAT * 1e6,
          mem_storage: true,
          num_replicas: 1,
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

  /** Up to `limit` messages in the order of the stream. */
  take(limit: number): Stored[] {
    const taken = this.#queue.splice(0, limit);
    this.pending = taken.at(-1)?.pending ?? this.pending;
    if (this.#queue.length === 0) this.#respond();
    return taken.map(({ msg, seq }) => ({ seq, text: msg.string() }));
  }

  /** Resolves when there may be more to take, or it is broken. */
  async more(): Promise<void> {
    if (this.#queue.length > 0 || this.broken) return;
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
    this.#subscription?.unsubscribe();
    if (this.#consumer === "" || this.link.closed || this.link.away !== undefined) return;
    // One that stays is taken away by the server itself.
    this.link.jsm.consumers.delete(this.stream, this.#consumer).catch(() => undefined);
  }

  #take(error: Error | null, msg: Msg): void {
    if (error) return this.break();
    this.heard = performance.now();
    if (this.broken) return;
    if (msg.headers?.code === 100) return this.#status(msg);
    if (!msg.reply) return this.break(); // The consumer is gone.
    const { seq, number, pending } = delivery(msg.reply);
    if (number !== this.#next) return this.break();
    this.#next += 1;
    this.#queue.push({ msg, seq, pending });
    this.wake();
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

/** What the reply subject of a message says: `$JS.ACK.[domain.account.]stream.consumer.tries.seq.number.time.pending[.random]`. */
function delivery(reply: string): { seq: number; number: number; pending: number } {
  const tokens = reply.split(".");
  const at = tokens.length === 9 ? 5 : 7;
  return { seq: Number(tokens[at]), number: Number(tokens[at + 1]), pending: Number(tokens[at + 3]) };
}

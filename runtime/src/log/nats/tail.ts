import { type Link, words } from "./link.js";
import { HEARTBEAT, Push, type PushOptions, type Stored } from "./push.js";
import { noStream, streamInfo } from "./setup.js";

/** A stream that is silent for three heartbeats is opened anew. */
const SILENCE = 3 * HEARTBEAT;
/** Messages given at once at most. */
const CHUNK = 500;
/** Between two tries to open a stream, in ms. */
const MIN_BACKOFF = 20;
const MAX_BACKOFF = 1_000;

/** `seq`: nothing of what was asked for is still to come up to here. */
export type Part = { readonly messages: readonly Stored[]; readonly seq: number } | { readonly gap: string };

/** A reader's end: its signal, or that of all readers. */
class End {
  reached = false;
  /** Called when it is. */
  wake: (() => void) | undefined;
  #stop = (): void => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  readonly reach = (): void => {
    this.reached = true;
    this.wake?.();
    this.#stop();
  };

  /** Resolves with the promise, or before. For what is waited for now and then: each waiting is kept until the end. */
  async before(promise: Promise<unknown>): Promise<void> {
    await Promise.race([promise, this.#stopped]);
  }
}

/** Who reads streams by one connection, and how they do. */
export class Readers {
  readonly #ends = new Set<End>();
  readonly #troubles = new Map<End, string>();
  readonly #pushes = new Set<Push>();
  readonly #timer = setInterval(() => this.#look(), HEARTBEAT).unref();
  #closed = false;

  constructor(private readonly link: Link) {
    link.onLost(() => {
      for (const push of this.#pushes) push.break();
    });
  }

  /** What keeps a reader from reading, in one sentence. */
  get trouble(): string | undefined {
    return this.#troubles.values().next().value;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const end of this.#ends) end.reach();
  }

  #look(): void {
    const now = performance.now();
    for (const push of this.#pushes) if (now - push.heard > SILENCE) push.break();
  }

  /**
   * The messages of a stream behind `after`, then live, until the signal aborts; opened again at the right place
   * whatever happens to the connection, the server or its consumer. Not by the client's own ordered consumer, which
   * hears for a minute that nothing comes.
   */
  async *read(stream: string, after: number, { signal, ...options }: ReadOptions): AsyncGenerator<Part> {
    const end = new End();
    this.#ends.add(end);
    signal.addEventListener("abort", end.reach);
    if (signal.aborted || this.#closed) end.reach();
    try {
      let seq = after;
      for (let wait = MIN_BACKOFF; !end.reached; ) {
        const opened = await this.#open(stream, seq, options, end);
        if (opened === undefined) {
          await end.before(pause(wait));
          wait = Math.min(wait * 2, MAX_BACKOFF);
          continue;
        }
        wait = MIN_BACKOFF;
        if (opened.gap !== undefined) yield { gap: opened.gap };
        seq = opened.seq;
        for await (const part of this.#parts(opened, end)) {
          seq = part.seq;
          yield part;
        }
      }
    } finally {
      this.#ends.delete(end);
      this.#troubles.delete(end);
      signal.removeEventListener("abort", end.reach);
    }
  }

  /** Nothing where it ends, or cannot be opened now. */
  async #open(stream: string, after: number, options: PushOptions, end: End): Promise<Opened | undefined> {
    const { link } = this;
    try {
      await end.before(link.connected());
      if (end.reached) return undefined;
      const info = await streamInfo(link, stream);
      if (info === undefined) throw noStream(link, stream);
      const from = place(after, { ...info.config, ...info.state }, stream);
      const push = await Push.open(link, stream, from.seq, options);
      this.#troubles.delete(end);
      return { ...from, push, last: info.state.last_seq };
    } catch (error) {
      this.#troubles.set(end, words(error));
      return undefined;
    }
  }

  /** What comes until it breaks. */
  async *#parts({ push, seq, last }: Opened, end: End): AsyncGenerator<{ messages: readonly Stored[]; seq: number }> {
    this.#pushes.add(push);
    end.wake = () => push.wake();
    let told = seq;
    try {
      while (!end.reached) {
        const { messages, seq: looked } = push.take(CHUNK);
        if (looked !== undefined) {
          told = looked;
          yield { messages, seq: told };
        } else if (push.pending === 0 && last > told) {
          // What was taken out at the end is not sent: the reader comes to the end all the same.
          told = last;
          yield { messages, seq: told };
        } else if (push.broken) return;
        else await push.more();
      }
    } finally {
      end.wake = undefined;
      this.#pushes.delete(push);
      push.close();
    }
  }
}

type ReadOptions = PushOptions & { readonly signal: AbortSignal };
/** A consumer that sends what follows `seq`; `last` was the end of the stream before it was made. */
type Opened = { readonly push: Push; readonly seq: number; readonly gap?: string; readonly last: number };

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

type Bounds = {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly max_age: number;
  readonly max_msgs: number;
  readonly max_bytes: number;
  readonly max_msgs_per_subject: number;
  readonly discard: string;
};

/** Where reading goes on behind `after`, and why not there. */
function place(after: number, stream: Bounds, name: string): { seq: number; gap?: string } {
  const { first_seq, last_seq } = stream;
  if (after > last_seq) {
    const gap = `${name} ends at ${last_seq}, before the place to read on from: an older copy of it was restored, or it was made anew. Reading goes on at its end.`;
    return { seq: last_seq, gap };
  }
  // Without a limit that takes old messages away, what is missing at the beginning was erased.
  const trimmed =
    stream.max_age > 0 ||
    stream.max_msgs_per_subject > 0 ||
    (stream.discard === "old" && (stream.max_msgs > 0 || stream.max_bytes > 0));
  if (after === 0 || after + 1 >= first_seq || !trimmed) return { seq: after };
  const gap = `${name} begins at ${first_seq} now: its limits took away what followed the place ${after}. Reading goes on there.`;
  return { seq: first_seq - 1, gap };
}

import type { Msg } from "@nats-io/transport-node";
import { type Link, TIMEOUT } from "./link.js";

type Waiting = {
  readonly since: number;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
};

/** Between two looks for what has waited too long, in ms. */
const LOOK = 500;

/**
 * Questions to the server, by one subscription and one timer for everything that is under way: what the client does for
 * each question by itself costs more than the rest of an append.
 */
export class Asks {
  readonly #inbox = `_INBOX.${crypto.randomUUID()}`;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer = setInterval(() => this.#giveUp("timeout", performance.now() - TIMEOUT), LOOK).unref();
  #next = 0;

  constructor(private readonly link: Link) {
    link.nc.subscribe(`${this.#inbox}.*`, { callback: (error, msg) => void (error ?? this.#take(msg)) });
    // What the server had answered does not come any more.
    link.onLost(() => this.#giveUp("the connection was lost", Number.POSITIVE_INFINITY));
  }

  /**
   * The answer to a message; one that says that nobody takes it is an answer, too.
   * @throws Error no answer came: the connection is away or was lost, or the time was up
   */
  ask(subject: string, text: string, headers: Readonly<Record<string, string>> = {}): Promise<Msg> {
    const { link } = this;
    // It would not be sent, and nobody would say so before its time is up.
    if (link.away !== undefined) return Promise.reject(new Error(link.away));
    const reply = `${this.#inbox}.${this.#next++}`;
    const all = link.headers();
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return new Promise((resolve, reject) => {
      link.nc.publish(subject, text, { headers: all, reply });
      this.#waiting.set(reply, { since: performance.now(), resolve, reject });
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#giveUp("the log is closed", Number.POSITIVE_INFINITY);
  }

  #take(answer: Msg): void {
    const waiting = this.#waiting.get(answer.subject);
    this.#waiting.delete(answer.subject);
    waiting?.resolve(answer); // Or its time was up.
  }

  /** @param before by the process's clock: what waits since then goes on waiting */
  #giveUp(why: string, before: number): void {
    for (const [reply, { since, reject }] of this.#waiting) {
      if (since >= before) return; // Those that follow came later.
      this.#waiting.delete(reply);
      reject(new Error(why));
    }
  }
}

/** Whether the answer is that nobody takes such a message now. */
export const nobody = ({ headers }: Msg): boolean => headers?.code === 503;

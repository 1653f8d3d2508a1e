import { ApiError } from "../api.js";

/** Something that was written to a visitor and that the server has not said yet to be in the conversation. */
export type Reply = {
  readonly id: string;
  readonly flow: string;
  readonly conversation: string;
  /** The act under which it is said. */
  readonly act: string;
  readonly text: string;
  /** `done` is shown until the conversation shows it; `refused`: why, in a sentence. */
  readonly state: "sending" | "waiting" | "done" | "refused";
  readonly problem?: string;
};
type Outcome = { readonly outcome: "done" | "stale" | "pending"; readonly holder?: { readonly name?: string } };

export type OutboxOptions = {
  readonly send: (reply: Reply) => Promise<Outcome>;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  readonly timer: (run: () => void, ms: number) => () => void;
};

const KEY = "parley.outbox";
const WAIT = { first: 1_000, most: 15_000 } as const;

/**
 * What was written and is on its way. Of a conversation one is sent after the other, so that they stand in the order in
 * which they were written; what may not have come is sent again under its id, also after a reload, so that it is said once.
 */
export class Outbox {
  #replies: readonly Reply[];
  readonly #listeners = new Set<() => void>();
  readonly #busy = new Set<string>();
  #wait: number = WAIT.first;
  #stop: (() => void) | undefined;

  constructor(private readonly options: OutboxOptions) {
    this.#replies = readKept(options.storage);
  }

  get replies(): readonly Reply[] {
    return this.#replies;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(reply: Omit<Reply, "state">): void {
    this.#set([...this.#replies, { ...reply, state: "waiting" }]);
    void this.#send(reply.conversation);
  }

  /** Takes one out: it is shown where it belongs, or not to be sent. */
  remove(id: string): void {
    if (this.#replies.some((reply) => reply.id === id)) this.#set(this.#replies.filter((reply) => reply.id !== id));
  }

  /** Sends what waits, now: the network is back. */
  flush(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const conversation of new Set(this.#replies.map((reply) => reply.conversation))) void this.#send(conversation);
  }

  async #send(conversation: string): Promise<void> {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    try {
      for (let next = this.#next(conversation); next; next = this.#next(conversation)) {
        this.#mark(next.id, { state: "sending" });
        if (!(await this.#try(next))) return this.#later();
      }
    } finally {
      this.#busy.delete(conversation);
    }
  }

  #next(conversation: string): Reply | undefined {
    return this.#replies.find((reply) => reply.conversation === conversation && reply.state === "waiting");
  }

  /** @returns false where nobody knows yet whether it was said */
  async #try(reply: Reply): Promise<boolean> {
    try {
      const { outcome, holder } = await this.options.send(reply);
      if (outcome === "pending") {
        this.#mark(reply.id, { state: "waiting" });
        return false;
      }
      this.#wait = WAIT.first;
      const who = holder?.name ?? (holder ? "Somebody" : "The bot");
      this.#mark(
        reply.id,
        outcome === "done"
          ? { state: "done" }
          : { state: "refused", problem: `Not sent: ${who} has this conversation.` },
      );
      return true;
    } catch (error) {
      const again =
        error instanceof ApiError && (error.kind === "offline" || error.status >= 500 || error.status === 429);
      if (!again) {
        const problem = error instanceof Error ? error.message : String(error);
        this.#mark(reply.id, { state: "refused", problem: `Not sent: ${problem}` });
        return true;
      }
      this.#mark(reply.id, { state: "waiting" });
      return false;
    }
  }

  #later(): void {
    if (this.#stop) return;
    const wait = this.#wait;
    this.#wait = Math.min(this.#wait * 2, WAIT.most);
    this.#stop = this.options.timer(() => this.flush(), wait);
  }

  #mark(id: string, change: Pick<Reply, "state" | "problem">): void {
    this.#set(this.#replies.map((reply) => (reply.id === id ? { ...reply, ...change } : reply)));
  }

  #set(replies: readonly Reply[]): void {
    this.#replies = replies;
    const kept = replies.filter(({ state }) => state !== "done");
    try {
      this.options.storage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Full or forbidden: it is sent all the same, and only a reload would lose it.
    }
    for (const listener of this.#listeners) listener();
  }
}

function readKept(storage: OutboxOptions["storage"]): Reply[] {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "[]") as Reply[];
    return kept.map((reply) => (reply.state === "sending" ? { ...reply, state: "waiting" } : reply));
  } catch {
    return [];
  }
}

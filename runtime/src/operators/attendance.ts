import { ROLE_RIGHTS } from "@parley/shared/api/access";
import type { Staff } from "@parley/shared/api/inbox";
import { GENERAL, isOpenAt, queueKey } from "@parley/shared/inbox/queue";
import type { Person } from "../studio/people.js";
import type { StudioStore } from "../studio/store.js";
import { mayAnswer } from "./may-answer.js";

/** Somebody whose last tab has gone is there for so long yet, ms: a reload, a tunnel, a restart of the server. */
export const GRACE = 60_000;

type Options = {
  readonly store: Pick<StudioStore, "people" | "queues" | "available">;
  /** Whether this person has a tab of the studio connected. */
  readonly connected: (person: string) => boolean;
  readonly now: () => number;
};

/** Who is there for visitors: who says so and has the studio open, and which queues are open. */
export class Attendance {
  readonly #left = new Map<string, number>();
  readonly #began: number;

  constructor(private readonly options: Options) {
    this.#began = options.now();
  }

  /** A tab of this person has gone. */
  left(person: string): void {
    if (!this.options.connected(person)) this.#left.set(person, this.options.now());
  }

  #present(person: string): boolean {
    if (this.options.connected(person)) return true;
    return this.options.now() < (this.#left.get(person) ?? this.#began) + GRACE;
  }

  /** Whether anybody is there for what waits in a queue. @param queue undefined: General */
  anybody(flow: string, queue: string | undefined): boolean {
    const { store, now } = this.options;
    const found = store.queues.find(queue);
    if (found && !isOpenAt(found.hours, found.zone, now())) return false;
    const available = store.available.all();
    return store.people.all().some((person) => {
      if (!available.has(person.id) || !isFor(found, person)) return false;
      return mayAnswer(person, flow) && this.#present(person.id);
    });
  }

  /** Everybody who answers conversations, and the queues: those that are set, and those that are named besides. */
  staff(named: Iterable<string | undefined> = []): Staff {
    const { store, now } = this.options;
    const available = store.available.all();
    const people = store.people
      .all()
      .filter(({ role }) => ROLE_RIGHTS[role].includes("conversations:answer"))
      .map(({ id, name }) => ({ id, name, available: available.has(id) && this.#present(id) }));
    const queues = new Map(store.queues.all().map((queue) => [queueKey(queue.name), queue]));
    const names = new Map(
      [GENERAL, ...[...queues.values()].map(({ name }) => name)].map((name) => [queueKey(name), name]),
    );
    for (const name of named) if (name !== undefined && !names.has(queueKey(name))) names.set(queueKey(name), name);
    const stand = [...names].map(([key, name]) => {
      const queue = queues.get(key);
      const open = queue === undefined || isOpenAt(queue.hours, queue.zone, now());
      return { name, open, available: people.filter((one) => one.available && isFor(queue, one)).length };
    });
    return { people, queues: stand };
  }
}

/** Whether a queue is for this person. */
const isFor = (queue: { readonly members: readonly string[] } | undefined, { id }: Pick<Person, "id">): boolean =>
  queue === undefined || queue.members.length === 0 || queue.members.includes(id);

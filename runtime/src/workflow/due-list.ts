import { actOf, type LogRecord, RECORD_VERSION } from "@parley/shared/record";
import type { Conversation } from "@parley/shared/session/conversation";

/**
 * When to look at which session, because a hand-off in it may have waited long enough by then: ms since 1970, by session.
 * It is read off single records, so it may hold more than is due, and never less: who looks reads the session.
 */
export class DueList {
  readonly times: Map<string, number>;
  /** Looked at in vain, or answered for, until something new is known of them: not to be looked at again. */
  readonly #done = new Set<string>();

  constructor(saved?: ReadonlyMap<string, number>) {
    this.times = new Map(saved);
  }

  /** Takes the next durable record. @returns whether something may be due sooner than before */
  push(record: LogRecord): boolean {
    if (record.v > RECORD_VERSION) return false;
    const { sid, payload, timestamp } = record;
    if (payload === undefined) return false;
    const { message } = payload;
    if (message.kind === "StartChatSession") {
      const seconds = message.handOff?.timeout;
      if (seconds === undefined) return false;
      return this.lookAt(sid, Date.parse(timestamp) + seconds * 1000);
    }
    // Passed on to whoever comes, a hand-off waits anew: how long only the whole session tells.
    const act = actOf(record);
    if (act?.kind === "Assign" && act.to === undefined) return this.lookAt(sid, Date.parse(timestamp));
    // A run that was cut may say in vain that a hand-off is over; whatever lets it wait again is a record of its own.
    if (message.kind === "EndChatSession" || message.kind === "ResetSession" || message.kind === "Erased")
      this.drop(sid);
    return false;
  }

  /** @returns true */
  lookAt(sid: string, time: number): boolean {
    this.#done.delete(sid);
    this.times.set(sid, time);
    return true;
  }

  drop(sid: string): void {
    this.#done.delete(sid);
    this.times.delete(sid);
  }

  /** The sessions to look at by now, each once. */
  *take(now: number): Iterable<string> {
    for (const [sid, time] of this.times) {
      if (time > now || this.#done.has(sid)) continue;
      this.#done.add(sid);
      yield sid;
    }
  }

  /** Whether something was told of a session since it was taken: what was read of it then may be old. */
  isNew(sid: string): boolean {
    return !this.#done.has(sid);
  }

  /** When to look next. */
  get next(): number | undefined {
    let next: number | undefined;
    for (const [sid, time] of this.times) {
      if (!this.#done.has(sid) && (next === undefined || time < next)) next = time;
    }
    return next;
  }
}

/** When the hand-off that waits in a conversation has waited long enough, ms; undefined: never, as it stands. */
export function dueAt({ handOff }: Pick<Conversation, "handOff">): number | undefined {
  if (handOff?.since === undefined || handOff.timeout === undefined) return undefined;
  return Date.parse(handOff.since) + handOff.timeout * 1000;
}

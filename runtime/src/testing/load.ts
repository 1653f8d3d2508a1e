import type { Random } from "./random.js";

/** What can be counted while visitors talk: messages sent, acknowledgements, and frames received. */
export type Counted = "sent" | "acks" | "frames";

/** What all visitors of a load share: the dice, the counts, and the moment at which something is to happen. */
export class Load {
  /** Set: nobody says anything new; what is unacknowledged is still sent again. */
  stopping = false;
  readonly counts: Record<Counted, number> = { sent: 0, acks: 0, frames: 0 };
  #moment: { what: Counted; at: number; turns: number; then: () => boolean } | undefined;

  constructor(readonly random: Random) {}

  /**
   * Calls `then` when `n` more of `what` were counted, and `turns` turns of the event loop after it; once more at each of
   * those that follow, until it returns true.
   */
  moment(what: Counted, n: number, turns: number, then: () => boolean): void {
    this.#moment = { what, at: this.counts[what] + n, turns, then };
  }

  count(what: Counted): void {
    this.counts[what] += 1;
    const moment = this.#moment;
    if (moment?.what !== what || this.counts[what] < moment.at) return;
    this.#moment = undefined;
    const turn = (left: number): void => {
      if (left > 0) setImmediate(turn, left - 1);
      else if (!moment.then()) this.#moment = moment;
    };
    turn(moment.turns);
  }
}

import { createHash } from "node:crypto";
import type { Cursor } from "../event-log.js";

export const START: Cursor = "0";

/**
 * Places in the streams of one log: its message's number, and which log it is. The streams may have been deleted and made
 * again, or a data folder's places be those of another engine: a number alone would then name a place by chance.
 */
export class Cursors {
  readonly #tag: string;

  /** @param made when the log was made, which tells it from others of its name */
  constructor(made: string) {
    this.#tag = createHash("sha256").update(made).digest("hex").slice(0, 8);
  }

  of(seq: number): Cursor {
    return seq === 0 ? START : `${seq}-${this.#tag}`;
  }

  /**
   * The number of a place; of one in another log more than there can be.
   * @throws Error what is no cursor of any log
   */
  seq(cursor: Cursor | undefined): number {
    if (cursor === undefined || cursor === START) return 0;
    const [, seq, tag] = /^(\d{1,15})(?:-([0-9a-f]{8}))?$/.exec(cursor) ?? [];
    if (seq === undefined) throw new Error(`"${cursor}" is no cursor of this log: start without one.`);
    return tag === this.#tag ? Number(seq) : Number.POSITIVE_INFINITY;
  }
}

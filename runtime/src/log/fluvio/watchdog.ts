/** A stream that brings nothing for so long while its partition has more is dead, in ms. */
export const SILENCE = 3_000;
/** A partition that ends before what was read of it for so long was made anew, in ms: the cluster's word may be late. */
export const SHORTER = 15_000;

export type Verdict = "fine" | "dead" | "anew";

/**
 * Whether a stream has died, which it does not say. It has when for 3 s on end it has brought nothing and was behind its
 * partition's end: one without anything to bring is not dead.
 */
export class Watchdog {
  #behind: number | undefined;
  #shorter: number | undefined;

  /** Something came, or it was opened anew. */
  heard(): void {
    this.#behind = undefined;
  }

  /**
   * @param now ms of a clock that only goes forward
   * @param state where the partition ends as the cluster says, and whether somebody has it
   * @param read how far the stream is
   */
  look(now: number, { end, online }: { readonly end: number; readonly online: boolean }, read: number): Verdict {
    if (read >= end) this.#behind = undefined;
    else this.#behind ??= now;
    if (read <= end || !online) this.#shorter = undefined;
    else this.#shorter ??= now;
    if (this.#shorter !== undefined && now - this.#shorter >= SHORTER) return "anew";
    return this.#behind !== undefined && now - this.#behind >= SILENCE ? "dead" : "fine";
  }
}

import type { FaultPoint } from "../log/group-queue.js";
import { CommitError } from "../log/store.js";

/** What can go wrong with an engine, one commit at a time. */
export interface Faults {
  /** The next commits store nothing, for certain. */
  fail(commits?: number): void;
  /** The outcome of the next commit is not told, and it is stored or not. */
  lose(stored: boolean): void;
  /** The next commit waits. `reached` resolves when it does, `release` lets it go on. */
  hold(): { reached: Promise<void>; release(): void };
  /** Takes back what has not happened yet. */
  clear(): void;
}

/** Faults by the fault points of a queued log. */
export class CommitFaults implements Faults {
  #failures = 0;
  #lost: "stored" | "not stored" | undefined;
  #held: { reach(): void; released: Promise<void> } | undefined;

  fail(commits = 1): void {
    this.#failures = commits;
  }

  lose(stored: boolean): void {
    this.#lost = stored ? "stored" : "not stored";
  }

  hold(): { reached: Promise<void>; release(): void } {
    let reach = (): void => undefined;
    let release = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held = { reach, released };
    return { reached, release };
  }

  clear(): void {
    this.#failures = 0;
    this.#lost = undefined;
  }

  readonly beforeCommit: FaultPoint = async () => {
    const held = this.#held;
    this.#held = undefined;
    held?.reach();
    await held?.released;
    if (this.#failures > 0) {
      this.#failures -= 1;
      throw new CommitError("The disk is away.", { certain: true });
    }
    if (this.#lost === "not stored") this.#loseAnswer();
  };

  readonly afterCommit: FaultPoint = () => {
    if (this.#lost === "stored") this.#loseAnswer();
  };

  #loseAnswer(): void {
    this.#lost = undefined;
    throw new CommitError("No answer came.", { certain: false });
  }
}

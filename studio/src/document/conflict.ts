import type { Change } from "./change.js";
import type { Json, Place } from "./draft.js";

/** A field that both sides changed, or a step that one changed and the other deleted. Theirs is in the draft. */
export type Conflict = {
  /** `deleted`: they deleted what I changed. `kept`: they changed what I deleted. */
  readonly kind: "field" | "deleted" | "kept";
  /** What would put mine in place of theirs. */
  readonly changes: readonly Change[];
  /** Absent: not there. */
  readonly theirs?: Json;
  readonly mine?: Json;
  /**
   * The field, by the names of the newer draft; a place of one step is a whole state. Empty: the draft as a whole, or
   * what stands beside the flow (then `changes` says what).
   */
  readonly place: Place;
};

/** The conflicts of one rebase, one a field: the last that is said of it counts. */
export class Conflicts {
  readonly #all = new Map<string, Conflict>();

  set(key: Place, conflict: Conflict): void {
    this.#all.set(JSON.stringify(key), conflict);
  }

  get(key: Place): Conflict | undefined {
    return this.#all.get(JSON.stringify(key));
  }

  delete(key: Place): void {
    this.#all.delete(JSON.stringify(key));
  }

  list(): Conflict[] {
    return [...this.#all.values()];
  }
}

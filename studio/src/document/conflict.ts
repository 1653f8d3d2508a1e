import { renameReferences } from "@parley/shared/flow/references";
import type { Change } from "./change.js";
import { type Draft, type Json, own, type Place } from "./draft.js";
import { groupOf, type NameMap } from "./name-map.js";

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

/**
 * A conflict after something was renamed, here or elsewhere: it is about the same, by the names of now.
 * @param before the draft that has the names it uses
 */
export function renamedConflict(conflict: Conflict, names: NameMap, before: Draft): Conflict {
  if (names.isEmpty) return conflict;
  const rename = (at: Place): Place => {
    const [state] = at;
    return names.place(at, typeof state === "string" ? groupOf(own(before.flow, state)) : undefined);
  };
  const changes = conflict.changes.map((change): Change => {
    switch (change.kind) {
      case "set":
      case "addItem":
      case "removeItem":
      case "moveItem":
        return { ...change, at: rename(change.at) };
      case "removeState":
        return { ...change, name: names.state(change.name) };
      case "addState":
        return { ...change, state: renameReferences(change.state, names.renaming) };
      case "renameState":
        return { ...change, from: names.state(change.from) };
      default:
        return change;
    }
  });
  return { ...conflict, changes, place: rename(conflict.place) };
}

/** Whether a conflict is about a text that one may go on typing: mine, while theirs is in the draft. */
export const isOfText = ({ kind, changes, mine }: Conflict): boolean =>
  kind === "field" &&
  changes.length === 1 &&
  changes[0]!.kind === "set" &&
  (mine === undefined || typeof mine === "string");

/** The conflict with another text of mine. */
export const withMine = (conflict: Conflict, mine: string): Conflict => ({
  ...conflict,
  mine,
  changes: conflict.changes.map((change) => (change.kind === "set" ? { ...change, value: mine } : change)),
});

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

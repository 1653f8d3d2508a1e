import { sameJson } from "@parley/shared/flow/json";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import type { Draft, Json, Place } from "./draft.js";
import { findRenames } from "./find-renames.js";
import { NameMap } from "./name-map.js";
import { valueAt } from "./place.js";

/** What somebody else did between two drafts. */
export class Drift {
  readonly newer: Draft;
  /** The draft before, with the names of the newer one: what differs between the two was changed. */
  readonly base: Draft;
  /** From the names of before to those of the newer draft. */
  readonly names: NameMap;
  readonly #renames: readonly Change[];

  constructor(base: Draft, newer: Draft) {
    this.#renames = findRenames(base, newer);
    this.newer = newer;
    this.base = applyAll(base, this.#renames).draft;
    this.names = NameMap.of(this.#renames);
  }

  /** Whether they gave this name or id; by the names of the newer draft. */
  renamed(kind: "renameState" | "renameGroup" | "renameChat" | "renameItem", to: string, group?: string): boolean {
    return this.#renames.some(
      (change) => change.kind === kind && change.to === to && (change.kind !== "renameItem" || change.group === group),
    );
  }

  was(at: Place): Json | undefined {
    return valueAt(this.base.flow, at);
  }

  is(at: Place): Json | undefined {
    return valueAt(this.newer.flow, at);
  }

  /** Whether they changed what stands at a place: not when only names in it are others. */
  changed(at: Place): boolean {
    return !sameJson(this.was(at), this.is(at));
  }
}

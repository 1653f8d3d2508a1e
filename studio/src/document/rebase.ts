import { sameJson } from "@parley/shared/flow/json";
import { itemId, renameReferences } from "@parley/shared/flow/references";
import { apply, applyAll } from "./apply.js";
import type { Change, ChangeOf } from "./change.js";
import { type Conflict, Conflicts } from "./conflict.js";
import { addDeleted, addKept, type KeptItem, keptStates } from "./deletions.js";
import { diff } from "./diff.js";
import type { Draft, Json, JsonObject, Place } from "./draft.js";
import { Drift } from "./drift.js";
import { type Merge, mergeGroup, mergeNote, mergeSetting } from "./merge-beside.js";
import { NameMap } from "./name-map.js";
import { freshItem, itemsOf } from "./names.js";
import { valueAt } from "./place.js";
import { RebaseNames } from "./rebase-names.js";

export type { Conflict } from "./conflict.js";

export type Rebased = {
  readonly draft: Draft;
  /** My changes as they are on the newer draft. */
  readonly applied: Change[];
  readonly conflicts: Conflict[];
  /** What the names of my draft are in the new one. */
  readonly names: NameMap;
};

/**
 * Applies my unsaved changes to a newer draft of somebody else. What only one side changed is taken, and of two new
 * things with one name mine gets another.
 * @param base the draft that both began with; `mine` leads from it to what I see.
 */
export function rebase(newer: Draft, mine: readonly Change[], base: Draft): Rebased {
  // The newer draft is mine: it was saved, and only the answer was lost.
  if (sameJson(applyAll(base, mine).draft, newer)) {
    return { draft: newer, applied: [], conflicts: [], names: new NameMap() };
  }
  const drift = new Drift(base, newer);
  const first = new Rebase(drift, base, new Set());
  const result = first.run(mine);
  const kept = first.kept();
  // Deleting a step is one thing: when one of its states must stay, all do, and what led to it still does.
  return kept.size === 0 ? result : new Rebase(drift, base, kept).run(mine);
}

class Rebase {
  readonly #drift: Drift;
  /** States that stay though I deleted them, by the names of the newer draft. */
  readonly #kept: ReadonlySet<string>;
  readonly #names: RebaseNames;
  /** My line from the draft before to what I see. */
  #mine: Draft;
  #draft: Draft;
  readonly #applied: Change[] = [];
  readonly #conflicts = new Conflicts();
  /** States and choices (places in my draft, as JSON) that I changed and they deleted. */
  readonly #lost = new Set<string>();
  /** States that I deleted, by the names of the newer draft. */
  readonly #gone = new Set<string>();
  /** Those of them that stay, by the names of the draft. */
  readonly #keptNames: string[] = [];
  readonly #keptItems: KeptItem[] = [];

  constructor(drift: Drift, base: Draft, kept: ReadonlySet<string>) {
    this.#drift = drift;
    this.#kept = kept;
    this.#mine = base;
    this.#draft = drift.newer;
    this.#names = new RebaseNames(drift);
  }

  run(changes: readonly Change[]): Rebased {
    this.#names.nameApart(changes, this.#mine);
    for (const change of changes) {
      const small = change.kind === "replace" ? diff(this.#mine, change.draft) : [change];
      for (const each of small) {
        const { draft, inverse } = apply(this.#mine, each);
        // What changed nothing here changes nothing there.
        if (inverse.length === 0) continue;
        this.#rebase(each);
        this.#mine = draft;
      }
    }
    const lost = [...this.#lost].map((place): Place => JSON.parse(place));
    const names = this.#names.now;
    addDeleted(this.#conflicts, { lost, mine: this.#mine, draft: this.#draft, names });
    addKept(this.#conflicts, { states: this.#keptNames, items: this.#keptItems, draft: this.#draft });
    return { draft: this.#draft, applied: this.#applied, conflicts: this.#conflicts.list(), names };
  }

  kept(): Set<string> {
    return keptStates(this.#drift, this.#gone, this.#keptItems);
  }

  #do(change: Change): void {
    this.#draft = apply(this.#draft, change).draft;
    this.#applied.push(change);
  }

  #has(state: string): boolean {
    return Object.hasOwn(this.#draft.flow, state);
  }

  #rebase(change: Change): void {
    const names = this.#names.now;
    const sides = { mine: this.#mine, theirs: this.#draft };
    switch (change.kind) {
      case "addState": {
        const name = this.#names.add(change.name, this.#draft);
        const state = renameReferences(change.state, names.renaming);
        return this.#do({ kind: "addState", name, state, ...this.#before(change.before) });
      }
      case "removeState":
        return this.#removeState(change);
      case "moveState":
        return this.#moveState(change);
      case "renameState": {
        const renamed = this.#names.renameState(change, this.#draft);
        if ("change" in renamed) return this.#do(renamed.change);
        const { theirs } = renamed;
        return this.#has(theirs) ? this.#keepTheirs({ ...change, from: theirs }, [theirs]) : undefined;
      }
      case "renameGroup":
      case "renameChat": {
        const renamed = this.#names.renameId(change, this.#mine, this.#draft);
        if ("change" in renamed) return this.#do(renamed.change);
        return this.#keepTheirs({ ...change, from: renamed.theirs }, []);
      }
      case "renameItem": {
        const renamed = this.#names.renameItem(change, this.#draft);
        if ("change" in renamed) return this.#do(renamed.change);
        return this.#keepTheirs({ ...change, group: names.group(change.group), from: renamed.theirs }, []);
      }
      case "set":
        return this.#set(change);
      case "addItem":
      case "removeItem":
      case "moveItem":
        return this.#changeList(change);
      case "place":
        return this.#placeState(change);
      case "note":
        return this.#merge(mergeNote(change, sides, names.state), ["note", change.id]);
      case "group":
        return this.#merge(mergeGroup(change, sides, names.state), ["group", change.id]);
      case "setting":
        return this.#merge(mergeSetting(change, sides), ["setting", change.key]);
      case "layout": {
        const { base, newer } = this.#drift;
        if (change.ifEmpty || sameJson(base.layout[change.key], newer.layout[change.key])) this.#do(change);
        return;
      }
      case "replace":
        return this.#replace(change);
    }
  }

  #before(name: string | undefined): { readonly before?: string } {
    const before = name === undefined ? undefined : this.#names.now.state(name);
    return before !== undefined && this.#has(before) ? { before } : {};
  }

  #removeState({ name: mine }: ChangeOf<"removeState">): void {
    const name = this.#names.now.state(mine);
    this.#names.forget(mine);
    if (!this.#has(name)) return;
    const origin = this.#names.origin(name);
    this.#gone.add(origin);
    if (this.#kept.has(origin)) this.#keptNames.push(name);
    else this.#do({ kind: "removeState", name });
  }

  #moveState(change: ChangeOf<"moveState">): void {
    const name = this.#names.now.state(change.name);
    const { before } = this.#before(change.before);
    if (!this.#has(name) || (change.before !== undefined && before === undefined)) return;
    this.#do({ kind: "moveState", name, ...(before !== undefined && { before }) });
  }

  /** They gave another name. Mine is asked for only if it was given by hand. */
  #keepTheirs(mine: ChangeOf<"renameState" | "renameGroup" | "renameChat" | "renameItem">, place: Place): void {
    if (mine.follows || mine.from === mine.to) return;
    const { kind, from, to } = mine;
    this.#conflicts.set([kind, from], { kind: "field", changes: [mine], theirs: from, mine: to, place });
  }

  #set(change: ChangeOf<"set">): void {
    const { place, origin, group } = this.#names.places(change.at, this.#mine);
    if (this.#isLost(change.at, place, change.value !== undefined) || this.#leadsToKept(change.at)) return;
    const value = change.value === undefined ? undefined : this.#names.now.value(change.at, change.value, group);
    const mine: Change = { ...change, at: place, ...(value !== undefined && { value }) };
    const isNew = this.#drift.was(origin.slice(0, 1)) === undefined;
    if (isNew || !this.#drift.changed(origin)) return this.#do(mine);
    const theirs = this.#drift.is(origin);
    if (sameJson(value, theirs) || sameJson(value, this.#drift.was(origin))) return this.#conflicts.delete(place);
    this.#conflicts.set(place, {
      kind: "field",
      changes: [mine],
      ...(theirs !== undefined && { theirs }),
      ...(value !== undefined && { mine: value }),
      place,
    });
  }

  /** Whether they deleted what a place is in; noted, if something is to be said there. */
  #isLost(at: Place, place: Place, says: boolean): boolean {
    const item = at.findIndex((step) => typeof step !== "string");
    const depth = item < 0 ? 1 : item + 1;
    const isThere = valueAt(this.#draft.flow, place.slice(0, depth)) !== undefined;
    if (!isThere && says) this.#lost.add(JSON.stringify(at.slice(0, depth)));
    return !isThere;
  }

  /** What led to a step that stays still does. */
  #leadsToKept(at: Place): boolean {
    const old = at[1] === "next" ? valueAt(this.#mine.flow, at) : undefined;
    return typeof old === "string" && this.#kept.has(this.#names.origin(this.#names.now.state(old)));
  }

  #changeList(change: ChangeOf<"addItem" | "removeItem" | "moveItem">): void {
    const { place, origin, group } = this.#names.places(change.at, this.#mine);
    if (this.#isLost(change.at, place, change.kind === "addItem")) return;
    const nameOf = (id: string) => (group === undefined ? id : this.#names.now.item(group, id));
    const before = change.kind === "removeItem" || change.before === undefined ? {} : { before: nameOf(change.before) };
    if (change.kind === "addItem") {
      return this.#do({ kind: "addItem", at: place, item: this.#newItem(change, place, group), ...before });
    }
    const item = nameOf(change.item);
    if (change.kind === "moveItem") return this.#do({ kind: "moveItem", at: place, item, ...before });
    const from = [...origin, { item: this.#names.originItem(group, item) }];
    const theirs = this.#drift.is(from);
    const mine: Change = { kind: "removeItem", at: place, item };
    const isKept = theirs !== undefined && this.#drift.was(from) !== undefined && this.#drift.changed(from);
    if (!isKept) return this.#do(mine);
    const at = [...place, { item }];
    if (group !== undefined) this.#keptItems.push({ group: this.#names.now.group(group), item, at });
    this.#conflicts.set(at, { kind: "kept", changes: [mine], theirs, place: at });
  }

  /** A choice of mine, with an id of its own if they added one with the same. */
  #newItem({ at, item }: ChangeOf<"addItem">, place: Place, group: string | undefined): Json {
    const id = itemId(item) ?? "";
    const named = this.#names.now.value([...at, { item: id }], item, group);
    const wanted = itemId(named) ?? "";
    const taken = itemsOf(valueAt(this.#draft.flow, place));
    if (group === undefined || !taken.has(wanted)) return named;
    const fresh = freshItem(wanted, taken);
    this.#names.now.setItem(group, id, fresh);
    return { ...(named as JsonObject), itemId: fresh };
  }

  #placeState(change: ChangeOf<"place">): void {
    const { before, ...place } = change;
    const name = this.#names.now.state(change.name);
    const stays = change.to === undefined && this.#kept.has(this.#names.origin(name));
    const isDeleted = Object.hasOwn(this.#mine.flow, change.name) && !this.#has(name);
    if (stays || isDeleted) return;
    this.#do({ ...place, name, ...(before !== undefined && { before: this.#names.now.state(before) }) });
  }

  #merge({ change, conflict }: Merge, key: Place): void {
    if (conflict) this.#conflicts.set(key, conflict);
    if (change) this.#do(change);
  }

  /** Everything at once, in a way that no small changes say. */
  #replace(change: ChangeOf<"replace">): void {
    const { base, newer } = this.#drift;
    if (sameJson(base, newer)) return this.#do(change);
    this.#conflicts.set([], {
      kind: "field",
      changes: [change],
      theirs: newer.flow,
      mine: change.draft.flow,
      place: [],
    });
  }
}

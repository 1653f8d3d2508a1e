import { PLAIN_NAMES } from "@parley/shared/flow/naming";
import { factsOf } from "@parley/shared/flow/state-facts";
import type { Change, ChangeOf } from "./change.js";
import type { Draft, Place } from "./draft.js";
import type { Drift } from "./drift.js";
import { groupOf, NameMap } from "./name-map.js";
import { FreshNames, freshItem, idsOf } from "./names.js";

type RenameId = ChangeOf<"renameGroup" | "renameChat">;
/** What becomes of a rename of mine. `theirs`: they gave this name, and it stays. */
type Renamed<Change> = { readonly change: Change } | { readonly theirs: string };

/** My names and ids on the way onto a newer draft, where they may be others. */
export class RebaseNames {
  /** From my names to those of the draft. */
  readonly now: NameMap;
  /** From the names of the draft to those of the newer draft it was made of: my own renames backwards. */
  readonly #origin = new NameMap();
  readonly #drift: Drift;
  readonly #namer: FreshNames;
  /** The names that states get which I add, by the names that I gave. */
  readonly #fresh = new Map<string, string>();

  constructor(drift: Drift) {
    this.#drift = drift;
    this.now = drift.names.copy();
    this.#namer = new FreshNames(drift.newer);
  }

  /** What a state of the draft is called in the newer draft. */
  origin(state: string): string {
    return this.#origin.state(state);
  }

  /** What an item of one of my groups, by its name in the draft, is called in the newer draft. */
  originItem(group: string | undefined, item: string): string {
    return group === undefined ? item : this.#origin.item(this.now.group(group), item);
  }

  /**
   * A place of mine by the names of the draft, and by those of the newer one.
   * @param mine my draft, in which the place is
   */
  places(
    at: Place,
    mine: Draft,
  ): { readonly place: Place; readonly origin: Place; readonly group: string | undefined } {
    const [name] = at;
    const group = typeof name === "string" && Object.hasOwn(mine.flow, name) ? groupOf(mine.flow[name]) : undefined;
    const place = this.now.place(at, group);
    const origin = this.#origin.place(place, group === undefined ? undefined : this.now.group(group));
    return { place, origin, group };
  }

  /**
   * What both added under one name is two things, and mine gets another name. At once for all: a state may lead to one
   * that is added after it.
   */
  nameApart(changes: readonly Change[], base: Draft): void {
    const { newer } = this.#drift;
    const known = { base: idsOf(base), newer: idsOf(newer) };
    const added = changes.filter((change) => change.kind === "addState");
    const openers = added
      .map(({ state }) => factsOf(state))
      .filter(({ is }) => is === "question" || is === "text" || is === "hand-off");
    const given = (kind: "renameState" | "renameGroup" | "renameChat") =>
      changes.flatMap((change) => (change.kind === kind ? [change.to] : []));
    this.#namer.reserve({
      states: [...added.map(({ name }) => name), ...given("renameState")],
      ids: [...openers.flatMap(({ ref }) => ref ?? []), ...given("renameGroup"), ...given("renameChat")],
    });
    for (const { name } of added) {
      if (Object.hasOwn(base.flow, name) || this.#fresh.has(name)) continue;
      const fresh = Object.hasOwn(newer.flow, name) ? this.#namer.state(name, PLAIN_NAMES.message) : name;
      this.#fresh.set(name, fresh);
      if (fresh !== name) this.now.states.set(name, fresh);
    }
    for (const { is, ref } of openers) {
      const names = is === "question" ? this.now.groups : this.now.chats;
      if (ref === undefined || names.has(ref) || known.base.has(ref) || !known.newer.has(ref)) continue;
      names.set(ref, this.#namer.id(ref, PLAIN_NAMES.question));
    }
  }

  /** The name that a state of mine gets in the draft. */
  add(mine: string, draft: Draft): string {
    const wanted = this.now.state(mine);
    if (!Object.hasOwn(draft.flow, wanted)) return wanted;
    const name = this.#namer.state(wanted, PLAIN_NAMES.message);
    this.now.states.set(mine, name);
    return name;
  }

  /** A name of mine is free again; should it be given once more, it is the one that was chosen for it. */
  forget(mine: string): void {
    const fresh = this.#fresh.get(mine);
    if (fresh === undefined || fresh === mine) this.now.states.delete(mine);
    else this.now.states.set(mine, fresh);
  }

  renameState(change: ChangeOf<"renameState">, draft: Draft): Renamed<ChangeOf<"renameState">> {
    const from = this.now.state(change.from);
    this.forget(change.from);
    const origin = this.origin(from);
    if (!Object.hasOwn(draft.flow, from) || this.#drift.renamed("renameState", origin)) {
      this.now.states.set(change.to, from);
      return { theirs: from };
    }
    const isTaken = Object.hasOwn(draft.flow, change.to);
    const to = isTaken ? this.#namer.state(change.to, PLAIN_NAMES.message) : change.to;
    this.now.states.set(change.to, to);
    this.#origin.states.set(to, origin);
    return { change: { ...change, from, to } };
  }

  renameId(change: RenameId, mine: Draft, draft: Draft): Renamed<RenameId> {
    const isGroup = change.kind === "renameGroup";
    const names = isGroup ? this.now.groups : this.now.chats;
    const from = names.get(change.from) ?? change.from;
    names.delete(change.from);
    if (isGroup) this.now.moveItems(change.from, change.to);
    if (this.#drift.renamed(change.kind, from)) {
      names.set(change.to, from);
      return { theirs: from };
    }
    const isTaken = idsOf(draft).has(change.to) && !idsOf(mine).has(change.to);
    const to = isTaken ? this.#namer.id(change.to, PLAIN_NAMES.question) : change.to;
    names.set(change.to, to);
    if (isGroup) this.#origin.moveItems(from, to);
    return { change: { ...change, from, to } };
  }

  renameItem(change: ChangeOf<"renameItem">, draft: Draft): Renamed<ChangeOf<"renameItem">> {
    const group = this.now.group(change.group);
    const from = this.now.item(change.group, change.from);
    if (this.#drift.renamed("renameItem", from, group)) {
      this.now.setItem(change.group, change.to, from);
      return { theirs: from };
    }
    const taken = itemsOfGroup(draft, group);
    const to = taken.has(change.to) ? freshItem(change.to, taken) : change.to;
    this.now.setItem(change.group, change.to, to);
    this.#origin.setItem(group, to, this.#origin.item(group, from));
    return { change: { ...change, group, from, to } };
  }
}

function itemsOfGroup({ flow }: Draft, group: string): Set<string> {
  const found = new Set<string>();
  for (const state of Object.values(flow)) {
    const { is, ref, items, item } = factsOf(state);
    if (ref !== group || (is !== "question" && is !== "choice-match")) continue;
    for (const id of [...items.map(({ id }) => id), item]) if (id !== undefined) found.add(id);
  }
  return found;
}

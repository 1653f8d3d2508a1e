import { sameJson } from "@parley/shared/flow/json";
import { renameReferences } from "@parley/shared/flow/references";
import type { Change, ChangeOf } from "./change.js";
import type { Draft, Place } from "./draft.js";
import { Drift } from "./drift.js";
import type { Entry, History } from "./history.js";
import { groupOf, type NameMap } from "./name-map.js";

/**
 * The history of one's own changes on a newer draft of somebody else: what they renamed has its new name, and what they
 * changed is not undone. Redo stays while no name changed.
 * @param base the draft that both began with; `names` are those of my draft in the new one (see `rebase`)
 */
export function rebaseHistory(history: History, newer: Draft, base: Draft, names: NameMap): History {
  const drift = new Drift(base, newer);
  let now = names;
  const past: Entry[] = [];
  for (const entry of history.past.toReversed()) {
    // Both lead between the same drafts; the names that are known are those of the later one.
    const changes = new WayBack(drift, now).translate(entry.changes.toReversed(), "forth").reverse();
    const back = new WayBack(drift, now);
    const inverse = back.translate(entry.inverse, "back");
    now = back.names;
    if (inverse.length > 0 || entry.text !== undefined) past.push({ ...entry, changes, inverse });
  }
  const redo = (entry: Entry) => new WayBack(drift, names).translate(entry.changes, "forth");
  const future = names.isEmpty ? history.future.map((entry) => ({ ...entry, changes: redo(entry) })) : [];
  return { past: past.reverse(), future: future.filter(isSomething) };
}

const isSomething = ({ changes, text }: Entry): boolean => changes.length > 0 || text !== undefined;

type Rename = ChangeOf<"renameState" | "renameGroup" | "renameChat" | "renameItem">;

/** Translates changes from the last to the first: behind a rename, what was renamed has the name from before it. */
class WayBack {
  /** From the names at this point of the way to those of the new draft. */
  readonly names: NameMap;
  readonly #drift: Drift;

  constructor(drift: Drift, names: NameMap) {
    this.#drift = drift;
    this.names = names.copy();
  }

  /** @param way `back`: the changes lead from late to early, as they are given; `forth`: the other way round */
  translate(changes: readonly Change[], way: "back" | "forth"): Change[] {
    const translated: Change[] = [];
    for (const change of changes) {
      if (isRename(change)) translated.push(...this.#rename(change, way));
      else {
        const named = this.#named(change);
        if (!this.#isTheirs(named)) translated.push(named);
      }
    }
    return translated;
  }

  #rename(change: Rename, way: "back" | "forth"): Change[] {
    const late = way === "back" ? change.from : change.to;
    const early = way === "back" ? change.to : change.from;
    const group = change.kind === "renameItem" ? change.group : undefined;
    const now = this.#nameOf(change.kind, late, group);
    const groupNow = group === undefined ? undefined : this.names.group(group);
    const theirs = this.#drift.renamed(change.kind, now, groupNow);
    this.#setName(change.kind, late, early, theirs ? now : undefined, group);
    if (theirs) return [];
    const renamed = { ...change, ...(way === "back" ? { from: now } : { to: now }) };
    return [renamed.kind === "renameItem" ? { ...renamed, group: groupNow! } : renamed];
  }

  #nameOf(kind: Rename["kind"], name: string, group: string | undefined): string {
    if (kind === "renameState") return this.names.state(name);
    if (kind === "renameGroup") return this.names.group(name);
    return kind === "renameChat" ? this.names.chat(name) : this.names.item(group!, name);
  }

  /** Behind the rename the early name stands for what the late one stood for. */
  #setName(
    kind: Rename["kind"],
    late: string,
    early: string,
    now: string | undefined,
    group: string | undefined,
  ): void {
    if (kind === "renameItem") return this.names.setItem(group!, early, now ?? early);
    const { states, groups, chats } = this.names;
    const names = kind === "renameState" ? states : kind === "renameGroup" ? groups : chats;
    names.delete(late);
    if (now !== undefined) names.set(early, now);
    if (kind === "renameGroup") this.names.moveItems(late, early);
  }

  /** A change with the names of the new draft. */
  #named(change: Exclude<Change, Rename>): Exclude<Change, Rename> {
    const named = { ...change };
    if ("before" in named && named.before !== undefined && "name" in named) {
      named.before = this.names.state(named.before);
    }
    switch (named.kind) {
      case "addState":
        return {
          ...named,
          name: this.names.state(named.name),
          state: renameReferences(named.state, this.names.renaming),
        };
      case "removeState":
      case "moveState":
      case "place":
        return { ...named, name: this.names.state(named.name) };
      case "set": {
        const group = this.#groupAt(named.at);
        const value = named.value !== undefined && { value: this.names.value(named.at, named.value, group) };
        return { ...named, at: this.names.place(named.at, group), ...value };
      }
      case "addItem":
      case "removeItem":
      case "moveItem":
        return { ...named, at: this.names.place(named.at, this.#groupAt(named.at)) };
      case "group": {
        const { group } = named;
        return group ? { ...named, group: { ...group, states: group.states.map(this.names.state) } } : named;
      }
      default:
        return named;
    }
  }

  /** The group of a state, by its name at this point of the way. */
  #groupAt([name]: Place): string | undefined {
    if (typeof name !== "string") return undefined;
    const now = groupOf(this.#drift.newer.flow[this.names.state(name)]);
    return [...this.names.groups].find(([, to]) => to === now)?.[0] ?? now;
  }

  /** Whether they changed what this change would change. */
  #isTheirs(change: Exclude<Change, Rename>): boolean {
    const { base, newer } = this.#drift;
    const changed = (at: Place) =>
      this.#drift.was(at.slice(0, 1)) !== undefined &&
      this.#drift.is(at.slice(0, 1)) !== undefined &&
      this.#drift.changed(at);
    switch (change.kind) {
      case "removeState":
        return changed([change.name]);
      case "set":
        return changed(change.at);
      case "removeItem":
        return changed([...change.at, { item: change.item }]);
      case "place":
        return !sameJson(base.layout.positions?.[change.name], newer.layout.positions?.[change.name]);
      case "note":
      case "group": {
        const find = ({ layout }: Draft) => layout[`${change.kind}s`]?.find(({ id }) => id === change.id);
        return !sameJson(find(base), find(newer));
      }
      case "layout":
        return !sameJson(base.layout[change.key], newer.layout[change.key]);
      case "setting": {
        const find = ({ settings }: Draft) => settings[change.key as keyof typeof settings];
        return !sameJson(find(base), find(newer));
      }
      case "replace":
        return !sameJson(base, newer);
      default:
        return false;
    }
  }
}

const isRename = (change: Change): change is Rename =>
  change.kind === "renameState" ||
  change.kind === "renameGroup" ||
  change.kind === "renameChat" ||
  change.kind === "renameItem";

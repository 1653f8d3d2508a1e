import { idOf, type Renaming, renameReferences } from "@parley/shared/flow/references";
import type { Change } from "./change.js";
import type { Json, JsonObject, Place, PlaceStep } from "./draft.js";
import { valueAt } from "./place.js";

/** What names and ids of one draft are called in another; what is not in it has the same name in both. */
export class NameMap {
  readonly states = new Map<string, string>();
  readonly groups = new Map<string, string>();
  readonly chats = new Map<string, string>();
  /** By the group's name in the first draft. */
  readonly items = new Map<string, Map<string, string>>();

  /** The map of some renames, carried out one after the other. */
  static of(changes: readonly Change[]): NameMap {
    const names = new NameMap();
    for (const change of changes) {
      if (change.kind === "renameState") names.states.set(change.from, change.to);
      else if (change.kind === "renameGroup") names.groups.set(change.from, change.to);
      else if (change.kind === "renameChat") names.chats.set(change.from, change.to);
      else if (change.kind === "renameItem") {
        const group = [...names.groups].find(([, to]) => to === change.group)?.[0] ?? change.group;
        names.setItem(group, change.from, change.to);
      }
    }
    return names;
  }

  copy(): NameMap {
    const names = new NameMap();
    for (const [from, to] of this.states) names.states.set(from, to);
    for (const [from, to] of this.groups) names.groups.set(from, to);
    for (const [from, to] of this.chats) names.chats.set(from, to);
    for (const [group, items] of this.items) names.items.set(group, new Map(items));
    return names;
  }

  readonly state = (name: string): string => this.states.get(name) ?? name;
  readonly group = (id: string): string => this.groups.get(id) ?? id;
  readonly chat = (id: string): string => this.chats.get(id) ?? id;
  readonly item = (group: string, id: string): string => this.items.get(group)?.get(id) ?? id;
  readonly answer = (id: string): string => this.chats.get(id) ?? this.group(id);

  setItem(group: string, from: string, to: string): void {
    const items = this.items.get(group) ?? new Map<string, string>();
    items.set(from, to);
    this.items.set(group, items);
  }

  /** A question has another id in the first draft from now on. */
  moveItems(from: string, to: string): void {
    const items = this.items.get(from);
    if (!items) return;
    this.items.delete(from);
    this.items.set(to, items);
  }

  get isEmpty(): boolean {
    return this.states.size + this.groups.size + this.chats.size + this.items.size === 0;
  }

  get renaming(): Renaming {
    return { state: this.state, group: this.group, chat: this.chat, item: this.item, answer: this.answer };
  }

  /** @param group the group of the place's state, in the first draft */
  place(at: Place, group: string | undefined): Place {
    return at.map((step, i): PlaceStep => {
      if (typeof step !== "string") return { item: group === undefined ? step.item : this.item(group, step.item) };
      return i === 0 ? this.state(step) : step;
    });
  }

  /** A value that stands at a place, or would. */
  value(at: Place, value: Json, group: string | undefined): Json {
    const path = at.slice(1);
    const state = wrap(path, value, group);
    const renamed = renameReferences(state, this.renaming);
    // A list in the way has one element: the one that the place is in.
    return valueIn(renamed, path) ?? value;
  }
}

/** The least state that has the value at this path. */
function wrap(path: Place, value: Json, group: string | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step !== "string") return [wrap(rest, value, group)];
  const inner = wrap(rest, value, group);
  // What is in a list of choices is told apart by the group around it.
  const isPart = rest.length > 0 && (step === "sendRequest" || step === "matchResponse");
  const known = isPart && group !== undefined && !Object.hasOwn(inner as JsonObject, "groupId");
  return { [step]: known ? { groupId: group, ...(inner as JsonObject) } : inner };
}

function valueIn(state: Json, path: Place): Json | undefined {
  const index = path.findIndex((step) => typeof step !== "string");
  if (index < 0) return valueAt(state, path);
  const list = valueAt(state, path.slice(0, index));
  return Array.isArray(list) ? valueIn(list[0]!, path.slice(index + 1)) : undefined;
}

/** The `groupId` that a state has. */
export function groupOf(state: Json | undefined): string | undefined {
  const group = valueAt(state, ["sendRequest", "groupId"]) ?? valueAt(state, ["matchResponse", "groupId"]);
  return idOf(group);
}

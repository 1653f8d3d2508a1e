import { findRenames } from "./find-renames.js";
import { type FlowJson, type Json, sameJson, stateNames } from "./json.js";
import { type Renaming, renameReferences } from "./references.js";
import type { Rename } from "./rename.js";
import { factsOf, type ItemFacts, type StateFacts } from "./state-facts.js";

/** One thing that is another in a state that is in both. Names and ids are those of the newer flow; texts as they stand. */
export type Difference =
  | { readonly what: "text" | "placeholder" | "expected"; readonly from: string; readonly to: string }
  /** Of a hand-off: whose work it is, and how long is waited (seconds); "" for none. */
  | { readonly what: "queue" | "wait"; readonly from: string; readonly to: string }
  /** Where it leads; absent: nowhere. */
  | { readonly what: "next"; readonly from?: string; readonly to?: string }
  | { readonly what: "id"; readonly from: string; readonly to: string }
  | { readonly what: "answer-added" | "answer-removed"; readonly item: string; readonly content: string }
  | { readonly what: "answer-text"; readonly item: string; readonly from: string; readonly to: string }
  | { readonly what: "answer-id"; readonly from: string; readonly to: string }
  | { readonly what: "answers-moved" }
  /** It is of another kind now, or differs in what only the file shows. */
  | { readonly what: "kind" | "rest" };

/** What became of a state. `was`: its name in the older flow, when that is another. */
export type StateChange =
  | { readonly kind: "added" | "removed"; readonly state: string }
  | { readonly kind: "renamed"; readonly state: string; readonly was: string }
  | {
      readonly kind: "changed";
      readonly state: string;
      readonly was?: string;
      readonly differences: readonly Difference[];
    };

export type Comparison = {
  /** In the order of the newer flow; what was removed stands last. A state in which only names are others is not in it. */
  readonly states: readonly StateChange[];
  readonly renames: readonly Rename[];
  /** The states where the conversation begins, when that is another. */
  readonly start?: { readonly from?: string; readonly to?: string };
  /** States of the newer flow behind which the conversation ends, and did not. */
  readonly newEnds: readonly string[];
};

/**
 * What differs between two flows, by state: what was renamed is not removed and added, and where only names changed
 * nothing did. Pure, linear, and takes any JSON object.
 */
export function compareFlows(from: FlowJson, to: FlowJson): Comparison {
  const renames = findRenames(from, to);
  const names = new Names(renames);
  const was = new Map(stateNames(from).map((name) => [names.state(name), name]));
  const states: StateChange[] = [];
  const newEnds: string[] = [];
  for (const state of stateNames(to)) {
    const old = was.get(state);
    if (ends(to[state]!) && !(old !== undefined && ends(from[old]!))) newEnds.push(state);
    if (old === undefined) states.push({ kind: "added", state });
    else {
      const renamed = renameReferences(from[old]!, names.renaming);
      const differences = sameJson(renamed, to[state]) ? [] : differencesOf(from[old]!, to[state]!, names);
      const idsChanged = idDifferences(factsOf(from[old]!), factsOf(to[state]!), names);
      const all = [...idsChanged, ...differences];
      if (all.length > 0) {
        states.push({ kind: "changed", state, ...(old !== state && { was: old }), differences: all });
      } else if (old !== state) states.push({ kind: "renamed", state, was: old });
    }
  }
  for (const [state, old] of was) if (!Object.hasOwn(to, state)) states.push({ kind: "removed", state: old });
  const start = startChange(from, to, names);
  return { states, renames, newEnds, ...(start && { start }) };
}

function startChange(from: FlowJson, to: FlowJson, names: Names): Comparison["start"] {
  const [first] = stateNames(from);
  const [a, b] = [first === undefined ? undefined : names.state(first), stateNames(to)[0]];
  if (a === b) return undefined;
  return { ...(first !== undefined && { from: first }), ...(b !== undefined && { to: b }) };
}

/** Nothing comes behind it: drawn as "Ends here". */
function ends(state: Json): boolean {
  const { is, next } = factsOf(state);
  return next === undefined && is !== "question" && is !== "text" && is !== "hand-off" && is !== "unknown";
}

/** What each name and id became. Made for look-ups: a list of renames may be long. */
class Names {
  readonly #states = new Map<string, string>();
  readonly #groups = new Map<string, string>();
  readonly #chats = new Map<string, string>();
  /** By the question's id of now. */
  readonly #items = new Map<string, Map<string, string>>();
  readonly renaming: Renaming;

  constructor(renames: readonly Rename[]) {
    for (const rename of renames) {
      if (rename.kind === "renameState") this.#states.set(rename.from, rename.to);
      else if (rename.kind === "renameGroup") this.#groups.set(rename.from, rename.to);
      else if (rename.kind === "renameChat") this.#chats.set(rename.from, rename.to);
      else {
        const items = this.#items.get(rename.group) ?? new Map<string, string>();
        this.#items.set(rename.group, items.set(rename.from, rename.to));
      }
    }
    this.renaming = {
      state: (name) => this.state(name),
      group: (id) => this.#groups.get(id) ?? id,
      chat: (id) => this.#chats.get(id) ?? id,
      item: (group, id) => this.item(this.#groups.get(group) ?? group, id),
      answer: (id) => this.#chats.get(id) ?? this.#groups.get(id) ?? id,
    };
  }

  state(name: string): string {
    return this.#states.get(name) ?? name;
  }

  item(group: string | undefined, id: string): string {
    return this.#items.get(group ?? "")?.get(id) ?? id;
  }
}

/** A new id of a question, text question or answer, said once: at the request that asks. */
function idDifferences(old: StateFacts, now: StateFacts, names: Names): Difference[] {
  if (old.is !== now.is || !(now.is === "question" || now.is === "text" || now.is === "hand-off")) return [];
  const found: Difference[] = [];
  if (old.ref !== now.ref) found.push({ what: "id", from: old.ref ?? "", to: now.ref ?? "" });
  for (const { id } of old.items) {
    if (id === undefined) continue;
    const to = names.item(now.ref, id);
    if (to !== id && now.items.some((item) => item.id === to)) found.push({ what: "answer-id", from: id, to });
  }
  return found;
}

/** Of a state whose JSON is another even after the renames: what a designer would call it. */
function differencesOf(from: Json, to: Json, names: Names): Difference[] {
  const [old, now] = [factsOf(from), factsOf(to)];
  if (old.is !== now.is) return [{ what: "kind" }];
  const found: Difference[] = [];
  // Only the texts that the renames did not make others.
  const renamed = factsOf(renameReferences(from, names.renaming));
  if (renamed.text !== now.text) {
    found.push({ what: now.is === "text-match" ? "expected" : "text", from: old.text, to: now.text });
  }
  if (renamed.prompt !== now.prompt) found.push({ what: "placeholder", from: old.prompt ?? "", to: now.prompt ?? "" });
  if (renamed.queue !== now.queue) found.push({ what: "queue", from: old.queue ?? "", to: now.queue ?? "" });
  if (renamed.timeout !== now.timeout) {
    found.push({ what: "wait", from: String(old.timeout ?? ""), to: String(now.timeout ?? "") });
  }
  if (now.is === "question") found.push(...itemDifferences(renamed.items, now.items));
  const leads = old.next === undefined ? undefined : names.state(old.next);
  if (leads !== now.next) {
    found.push({
      what: "next",
      ...(leads !== undefined && { from: leads }),
      ...(now.next !== undefined && { to: now.next }),
    });
  }
  return found.length > 0 ? found : [{ what: "rest" }];
}

function itemDifferences(old: readonly ItemFacts[], now: readonly ItemFacts[]): Difference[] {
  const found: Difference[] = [];
  const before = byId(old);
  const after = byId(now);
  for (const [item, { content }] of before) if (!after.has(item)) found.push({ what: "answer-removed", item, content });
  for (const [item, { content }] of after) {
    const was = before.get(item);
    if (!was) found.push({ what: "answer-added", item, content });
    else if (was.content !== content) found.push({ what: "answer-text", item, from: was.content, to: content });
  }
  const stay = [...before.keys()].filter((item) => after.has(item));
  const order = [...after.keys()].filter((item) => before.has(item));
  if (stay.some((item, i) => item !== order[i])) found.push({ what: "answers-moved" });
  return found;
}

const byId = (items: readonly ItemFacts[]): Map<string, ItemFacts> =>
  new Map(items.flatMap((item) => (item.id === undefined ? [] : [[item.id, item] as const])));

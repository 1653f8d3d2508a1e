import { factsOf } from "@parley/shared/flow/state-facts";
import { type Draft, stateNames } from "../document/draft.js";

/** What a flow has, to choose from while its text is written. */
export type Known = {
  /** State name → its first words. */
  readonly states: ReadonlyMap<string, string>;
  /** `groupId` → its question and items (`itemId` → words). */
  readonly groups: ReadonlyMap<string, { readonly title: string; readonly items: ReadonlyMap<string, string> }>;
  /** `sessionId` → what is asked for. */
  readonly chats: ReadonlyMap<string, string>;
  /** Names that something leads to and no state has. */
  readonly missing: readonly string[];
};

export function readKnown({ flow }: Draft): Known {
  const states = new Map<string, string>();
  const groups = new Map<string, { title: string; items: Map<string, string> }>();
  const chats = new Map<string, string>();
  const missing = new Set<string>();
  for (const name of stateNames(flow)) {
    const { is, ref, title, prompt, items, next } = factsOf(flow[name]!);
    states.set(name, title || prompt || "");
    if (next !== undefined && !Object.hasOwn(flow, next)) missing.add(next);
    if (is === "question" && ref !== undefined) {
      const group = groups.get(ref) ?? { title, items: new Map<string, string>() };
      groups.set(ref, group);
      for (const { id, label } of items) if (id !== undefined && !group.items.has(id)) group.items.set(id, label);
    }
    if (is === "text" && ref !== undefined && !chats.has(ref)) chats.set(ref, title || prompt || "");
  }
  return { states, groups, chats, missing: [...missing] };
}

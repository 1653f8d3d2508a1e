import { type FlowJson, type Json, stateNames } from "../flow/json.js";
import { renameReferences } from "../flow/references.js";
import { factsOf } from "../flow/state-facts.js";

/**
 * A flow with names and ids that follow from its shape alone, its states in the order of the conversation: two flows that
 * are the same up to names and ids are equal in it.
 */
export function canonical(flow: FlowJson): [string, Json][] {
  const order = orderOf(flow);
  const states = new Map(order.map((name, at) => [name, `s${at}`]));
  const groups = new Map<string, string>();
  const chats = new Map<string, string>();
  const items = new Map<string, string>();
  for (const name of order) {
    const { is, ref, items: choices } = factsOf(flow[name]!);
    if (is === "question") groups.set(ref!, `g${groups.size}`);
    if (is === "text") chats.set(ref!, `t${chats.size}`);
    for (const [at, { id }] of choices.entries()) items.set(JSON.stringify([ref, id]), `i${at}`);
  }
  const renaming = {
    state: (name: string) => states.get(name) ?? name,
    group: (id: string) => groups.get(id) ?? id,
    chat: (id: string) => chats.get(id) ?? id,
    item: (group: string, id: string) => items.get(JSON.stringify([group, id])) ?? id,
    answer: (id: string) => groups.get(id) ?? chats.get(id) ?? id,
  };
  return order.map((name) => [states.get(name)!, renameReferences(flow[name]!, renaming)]);
}

/** From the start along the conversation, then from each state that is not reached. */
function orderOf(flow: FlowJson): string[] {
  const takers = new Map<string, string[]>();
  for (const name of stateNames(flow)) {
    const { is, ref, item } = factsOf(flow[name]!);
    const key = is === "choice-match" ? JSON.stringify([ref, item]) : is === "text-match" ? `${ref}` : undefined;
    if (key !== undefined) takers.set(key, [...(takers.get(key) ?? []), name]);
  }
  const found = new Set<string>();
  for (const root of stateNames(flow)) {
    const stack = [root];
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      if (found.has(name) || !Object.hasOwn(flow, name)) continue;
      found.add(name);
      const { is, ref, items, next } = factsOf(flow[name]!);
      const opened =
        is === "question"
          ? items.flatMap(({ id }) => takers.get(JSON.stringify([ref, id])) ?? [])
          : is === "text"
            ? (takers.get(`${ref}`) ?? [])
            : [];
      stack.push(...[...opened, ...(next === undefined ? [] : [next])].reverse());
    }
  }
  return [...found];
}

import { factsOf, type StateFacts } from "@parley/shared/flow/state-facts";
import { type FlowJson, stateNames } from "./draft.js";
import { patched } from "./patched-map.js";

/** What the states of one `groupId`, or of one `sessionId` or `handOffId`, are, each list in the order of the file. */
export type Uses = { readonly openers: string[]; readonly matches: string[]; readonly ends: string[] };

/** A flow as the canvas reads it: each state by itself, and who refers to whom. */
export type FlowIndex = {
  readonly names: readonly string[];
  /** The place of each state in the file. */
  readonly order: ReadonlyMap<string, number>;
  readonly facts: ReadonlyMap<string, StateFacts>;
  /** The states whose `next` leads to a state. */
  readonly leads: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, Uses>;
  /** Of hand-offs too: to a client each is a chat session. */
  readonly chats: ReadonlyMap<string, Uses>;
};

export function indexFlow(flow: FlowJson): FlowIndex {
  const names = stateNames(flow);
  const facts = new Map<string, StateFacts>();
  const order = new Map<string, number>();
  const leads = new Map<string, string[]>();
  const groups = new Map<string, Uses>();
  const chats = new Map<string, Uses>();
  for (const name of names) {
    const read = factsOf(flow[name]!);
    facts.set(name, read);
    order.set(name, order.size);
    if (read.next !== undefined) add(leads, read.next, name);
    if (read.ref === undefined) continue;
    const uses = usesOf(read.is === "question" || read.is === "choice-match" ? groups : chats, read.ref);
    if (read.is === "question" || read.is === "text" || read.is === "hand-off") uses.openers.push(name);
    else if (read.is === "end-text") uses.ends.push(name);
    else uses.matches.push(name);
  }
  return { names, order, facts, leads, groups, chats };
}

/** The index with other facts of some states, of the same kinds and ids. */
export function withFacts(index: FlowIndex, changed: ReadonlyMap<string, StateFacts>): FlowIndex {
  const facts = patched(index.facts, changed);
  let leads: Map<string, readonly string[]> | undefined;
  for (const [name, now] of changed) {
    const old = index.facts.get(name)!.next;
    if (old === now.next) continue;
    leads ??= new Map(index.leads);
    if (old !== undefined) {
      const left = leads.get(old)!.filter((from) => from !== name);
      if (left.length > 0) leads.set(old, left);
      else leads.delete(old);
    }
    if (now.next !== undefined) leads.set(now.next, [...(leads.get(now.next) ?? []), name]);
  }
  return { ...index, facts, leads: leads ?? index.leads };
}

/** The states that take an answer of an item of a question, in the order of the file. */
export function matchesOfItem({ groups, facts }: FlowIndex, group: string, item: string): string[] {
  return groups.get(group)?.matches.filter((name) => facts.get(name)!.item === item) ?? [];
}

function add(lists: Map<string, string[]>, key: string, name: string): void {
  const list = lists.get(key);
  if (list) list.push(name);
  else lists.set(key, [name]);
}

function usesOf(all: Map<string, Uses>, id: string): Uses {
  let uses = all.get(id);
  if (!uses) {
    uses = { openers: [], matches: [], ends: [] };
    all.set(id, uses);
  }
  return uses;
}

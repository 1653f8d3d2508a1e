import { type FlowJson, isObject, stateNames } from "./json.js";
import type { Rename } from "./rename.js";
import { factsOf, type StateFacts } from "./state-facts.js";

/** Where the states of both flows are drawn, as text; undefined where nobody placed one. */
export type Drawn = {
  readonly from: (name: string) => string | undefined;
  readonly to: (name: string) => string | undefined;
};

/**
 * The renames among what changed between two flows, in the order in which they are carried out. Names follow content, so
 * a renamed state is common; what tells it from one deleted and another added is that it says the same, has the same id,
 * is drawn or stands in the same place. Linear but for sorting.
 */
export function findRenames(from: FlowJson, to: FlowJson, drawn?: Drawn): Rename[] {
  const states = renamedStates(from, to, drawn);
  const ids = renamedIds(from, to, states);
  const groups = new Map(ids.flatMap((id) => (id.kind === "renameGroup" ? [[id.from, id.to] as const] : [])));
  const named = [...states].map(([from, to]): Rename => ({ kind: "renameState", from, to }));
  return [...named, ...ids, ...renamedItems(from, to, states, groups)];
}

function renamedStates(from: FlowJson, to: FlowJson, drawn: Drawn | undefined): Map<string, string> {
  const gone = stateNames(from).filter((name) => !Object.hasOwn(to, name));
  const come = stateNames(to).filter((name) => !Object.hasOwn(from, name));
  const renamed = new Map<string, string>();
  if (gone.length === 0 || come.length === 0) return renamed;
  const left = { gone: new Set(gone), come: new Set(come) };
  const pair = (a: string, b: string) => {
    renamed.set(a, b);
    left.gone.delete(a);
    left.come.delete(b);
  };
  const marks: [Mark, Mark][] = [
    [(name) => sayingOf(from, name), (name) => sayingOf(to, name)],
    [(name) => idsOf(from, name), (name) => idsOf(to, name)],
  ];
  if (drawn) marks.push([(name) => drawnAs(from, name, drawn.from), (name) => drawnAs(to, name, drawn.to)]);
  for (const [mark, other] of marks) {
    const a = unique(left.gone, mark);
    const b = unique(left.come, other);
    for (const [key, name] of a) {
      const found = b.get(key);
      if (found !== undefined) pair(name, found);
    }
  }
  pairByPlace(from, to, renamed, left, pair);
  return renamed;
}

type Mark = (name: string) => string | undefined;

/** The names that a mark is of one of. */
function unique(names: Iterable<string>, mark: Mark): Map<string, string> {
  const found = new Map<string, string | undefined>();
  for (const name of names) {
    const key = mark(name);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : name);
  }
  return new Map([...found].flatMap(([key, name]) => (name === undefined ? [] : [[key, name] as const])));
}

/** What a state says, wherever it leads. */
function sayingOf(flow: FlowJson, name: string): string | undefined {
  const state = flow[name]!;
  if (!isObject(state)) return undefined;
  const { next: _, ...part } = state;
  return JSON.stringify(part);
}

function idsOf(flow: FlowJson, name: string): string | undefined {
  const { is, ref, item, expected, outcome } = factsOf(flow[name]!);
  return ref === undefined ? undefined : JSON.stringify([is, ref, item, expected, outcome]);
}

function drawnAs(flow: FlowJson, name: string, drawn: Mark): string | undefined {
  const at = drawn(name);
  return at && JSON.stringify([factsOf(flow[name]!).is, at]);
}

/** Pairs what stands behind the same state. */
function pairByPlace(
  from: FlowJson,
  to: FlowJson,
  renamed: ReadonlyMap<string, string>,
  left: { readonly gone: ReadonlySet<string>; readonly come: ReadonlySet<string> },
  pair: (a: string, b: string) => void,
): void {
  if (left.gone.size === 0 || left.come.size === 0) return;
  const names = stateNames(to);
  const next = new Map(names.map((name, i) => [name, names[i + 1]]));
  let previous: string | undefined;
  for (const name of stateNames(from)) {
    const candidate = previous === undefined ? names[0] : next.get(renamed.get(previous) ?? previous);
    const fits = candidate !== undefined && left.gone.has(name) && left.come.has(candidate);
    if (fits && isAlike(factsOf(from[name]!), factsOf(to[candidate]!))) pair(name, candidate);
    if (renamed.has(name) || Object.hasOwn(to, name)) previous = name;
  }
}

const isAlike = (a: StateFacts, b: StateFacts): boolean =>
  a.is === b.is && a.is !== "unknown" && a.items.length === b.items.length && a.outcome === b.outcome;

/** The states that are in both, by both names. */
function* both(from: FlowJson, to: FlowJson, states: ReadonlyMap<string, string>) {
  for (const name of stateNames(from)) {
    const now = states.get(name) ?? name;
    if (Object.hasOwn(to, now)) yield [factsOf(from[name]!), factsOf(to[now]!)] as const;
  }
}

/** Questions, text questions and hand-offs whose id is another. */
function renamedIds(from: FlowJson, to: FlowJson, states: ReadonlyMap<string, string>): Rename[] {
  const renames = new Map<string, Rename>();
  const used = { from: refsOf(from), to: refsOf(to) };
  for (const [a, b] of both(from, to, states)) {
    if (a.is !== b.is || !(a.is === "question" || a.is === "text" || a.is === "hand-off")) continue;
    if (a.ref === undefined || b.ref === undefined || a.ref === b.ref) continue;
    const room = a.is === "question" ? "question" : "text";
    const key = `${room} ${a.ref}`;
    if (used.to.has(key) || used.from.has(`${room} ${b.ref}`) || renames.has(key)) continue;
    renames.set(key, { kind: a.is === "question" ? "renameGroup" : "renameChat", from: a.ref, to: b.ref });
  }
  return [...renames.values()];
}

function refsOf(flow: FlowJson): Set<string> {
  const refs = new Set<string>();
  for (const name of stateNames(flow)) {
    const { is, ref } = factsOf(flow[name]!);
    const kind = is === "question" || is === "choice-match" ? "question" : "text";
    if (ref !== undefined) refs.add(`${kind} ${ref}`);
  }
  return refs;
}

/** Answers of one question that have the same words, or the same place among as many. */
function renamedItems(
  from: FlowJson,
  to: FlowJson,
  states: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, string>,
): Rename[] {
  const changes: Rename[] = [];
  const done = new Set<string>();
  for (const [a, b] of both(from, to, states)) {
    if (a.is !== "question" || b.is !== "question" || a.ref === undefined) continue;
    const group = groups.get(a.ref) ?? a.ref;
    if (group !== b.ref || done.has(group)) continue;
    done.add(group);
    const old = new Set(a.items.map(({ id }) => id));
    const now = new Set(b.items.map(({ id }) => id));
    const come = b.items.filter(({ id }) => !old.has(id));
    a.items.forEach((item, i) => {
      if (item.id === undefined || now.has(item.id)) return;
      const place = a.items.length === b.items.length ? b.items[i] : undefined;
      const other = come.find(({ content }) => content === item.content) ?? (come.includes(place!) ? place : undefined);
      if (other?.id === undefined) return;
      come.splice(come.indexOf(other), 1);
      changes.push({ kind: "renameItem", group, from: item.id, to: other.id });
    });
  }
  return changes;
}

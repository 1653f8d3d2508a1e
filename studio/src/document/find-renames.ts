import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import { type Draft, type FlowJson, isObject, stateNames } from "./draft.js";
import { factsOf, type StateFacts } from "./state-facts.js";

/**
 * The renames among what changed between two drafts, as changes. Names follow content, so a renamed step is common; what
 * tells it from one deleted and another added is that it says the same, has the same id, or stands in the same place.
 */
export function findRenames(from: Draft, to: Draft): Change[] {
  const states = [...renamedStates(from, to)].map(
    ([from, to]): Change => ({ kind: "renameState", from, to, follows: true }),
  );
  const ids = renamedIds(applyAll(from, states).draft.flow, to.flow);
  const items = renamedItems(applyAll(from, [...states, ...ids]).draft.flow, to.flow);
  return [...states, ...ids, ...items];
}

function renamedStates(from: Draft, to: Draft): Map<string, string> {
  const gone = stateNames(from.flow).filter((name) => !Object.hasOwn(to.flow, name));
  const come = stateNames(to.flow).filter((name) => !Object.hasOwn(from.flow, name));
  const renamed = new Map<string, string>();
  if (gone.length === 0 || come.length === 0) return renamed;
  const left = { gone: new Set(gone), come: new Set(come) };
  const pair = (a: string, b: string) => {
    renamed.set(a, b);
    left.gone.delete(a);
    left.come.delete(b);
  };
  for (const mark of [sayingOf, idsOf, drawnAt]) {
    const a = unique(left.gone, (name) => mark(from, name));
    const b = unique(left.come, (name) => mark(to, name));
    for (const [key, name] of a) {
      const other = b.get(key);
      if (other !== undefined) pair(name, other);
    }
  }
  pairByPlace(from.flow, to.flow, renamed, left, pair);
  return renamed;
}

/** The names that a mark is of one of. */
function unique(names: Iterable<string>, mark: (name: string) => string | undefined): Map<string, string> {
  const found = new Map<string, string | undefined>();
  for (const name of names) {
    const key = mark(name);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : name);
  }
  return new Map([...found].flatMap(([key, name]) => (name === undefined ? [] : [[key, name] as const])));
}

/** What a state says, wherever it leads. */
function sayingOf({ flow }: Draft, name: string): string | undefined {
  const state = flow[name]!;
  if (!isObject(state)) return undefined;
  const { next: _, ...part } = state;
  return JSON.stringify(part);
}

function idsOf({ flow }: Draft, name: string): string | undefined {
  const { is, ref, item, expected } = factsOf(flow[name]!);
  return ref === undefined ? undefined : JSON.stringify([is, ref, item, expected]);
}

function drawnAt({ flow, layout }: Draft, name: string): string | undefined {
  const at = layout.positions && Object.hasOwn(layout.positions, name) ? layout.positions[name] : undefined;
  return at && JSON.stringify([factsOf(flow[name]!).is, at.x, at.y]);
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
  a.is === b.is && a.is !== "unknown" && a.items.length === b.items.length;

/** Questions and text questions whose id is another. Both flows have the same state names where they have the same states. */
function renamedIds(from: FlowJson, to: FlowJson): Change[] {
  const renames = new Map<string, Change>();
  const used = { from: refsOf(from), to: refsOf(to) };
  for (const name of stateNames(from)) {
    if (!Object.hasOwn(to, name)) continue;
    const a = factsOf(from[name]!);
    const b = factsOf(to[name]!);
    if (a.is !== b.is || (a.is !== "question" && a.is !== "text")) continue;
    if (a.ref === undefined || b.ref === undefined || a.ref === b.ref) continue;
    const key = `${a.is} ${a.ref}`;
    if (used.to.has(key) || used.from.has(`${a.is} ${b.ref}`) || renames.has(key)) continue;
    renames.set(key, {
      kind: a.is === "question" ? "renameGroup" : "renameChat",
      from: a.ref,
      to: b.ref,
      follows: true,
    });
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
function renamedItems(from: FlowJson, to: FlowJson): Change[] {
  const changes: Change[] = [];
  const done = new Set<string>();
  for (const name of stateNames(from)) {
    if (!Object.hasOwn(to, name)) continue;
    const a = factsOf(from[name]!);
    const b = factsOf(to[name]!);
    if (a.is !== "question" || b.is !== "question" || a.ref !== b.ref || done.has(a.ref!)) continue;
    done.add(a.ref!);
    const old = new Set(a.items.map(({ id }) => id));
    const now = new Set(b.items.map(({ id }) => id));
    const come = b.items.filter(({ id }) => !old.has(id));
    a.items.forEach((item, i) => {
      if (item.id === undefined || now.has(item.id)) return;
      const place = a.items.length === b.items.length ? b.items[i] : undefined;
      const other = come.find(({ content }) => content === item.content) ?? (come.includes(place!) ? place : undefined);
      if (other?.id === undefined) return;
      come.splice(come.indexOf(other), 1);
      changes.push({ kind: "renameItem", group: a.ref!, from: item.id, to: other.id, follows: true });
    });
  }
  return changes;
}

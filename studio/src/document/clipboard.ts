import type { Group, Note, Point } from "@parley/shared/flow/layout";
import { PLAIN_NAMES } from "@parley/shared/flow/naming";
import { type Renaming, renameReferences } from "@parley/shared/flow/references";
import { factsOf } from "@parley/shared/flow/state-facts";
import type { Change } from "./change.js";
import { type CommandResult, itemKey, itemOf, refuse, type Where } from "./commands/command.js";
import { Plan } from "./commands/plan.js";
import { type Draft, type FlowJson, isObject, type Json, own, SCHEMA_KEY } from "./draft.js";
import { readSteps } from "./steps.js";

/** What is copied, as it stands on the clipboard. */
type Clip = {
  readonly parley: typeof MARK;
  readonly flow: FlowJson;
  readonly positions: { readonly [name: string]: Point };
  readonly notes: readonly PlacedNote[];
  readonly groups: readonly Group[];
};
type PlacedNote = Note & Point;
const MARK = "clip-1";
/** More than a whole flow with its layout; what is longer is nobody's copy. */
const MAX_CLIP_UNITS = 10_000_000;
/** How far beside the original a copy goes, in pixels. */
const BESIDE = 40;

/** The selected steps, notes and groups (with their steps) as text for the clipboard: JSON with states, positions and notes. */
export function copy(draft: Draft, items: readonly string[]): string {
  const { byId } = readSteps(draft);
  const { positions = {}, notes = [], groups = [] } = draft.layout;
  const chosen = { step: new Set<string>(), note: new Set<string>(), group: new Set<string>() };
  for (const key of items) {
    const { kind, id } = itemOf(draft, key);
    chosen[kind].add(id);
  }
  const copied = groups.filter(({ id }) => chosen.group.has(id));
  for (const group of copied) for (const state of group.states) chosen.step.add(state);
  const states = new Set([...chosen.step].flatMap((id) => byId.get(id)?.states ?? [id]));
  const pick = <Value>(from: { readonly [name: string]: Value }): { [name: string]: Value } =>
    Object.fromEntries(Object.entries(from).filter(([name]) => name !== SCHEMA_KEY && states.has(name)));
  const clip: Clip = {
    parley: MARK,
    flow: pick(draft.flow),
    positions: pick(positions),
    notes: notes.filter(({ id }) => chosen.note.has(id)).map((note) => placed(note, positions)),
    groups: copied,
  };
  return JSON.stringify(clip);
}

/** A copy is by no step, so it has a place of its own. */
function placed(note: Note, positions: NonNullable<Draft["layout"]["positions"]>): PlacedNote {
  const { state, resolved: _, ...rest } = note;
  const { x, y } = (state !== undefined && Object.hasOwn(positions, state) && positions[state]) || { x: 0, y: 0 };
  return { ...rest, x: note.x ?? x, y: note.y ?? y };
}

/** Whether a text is something `paste` takes. */
export const isClip = (text: string): boolean => readClip(text) !== undefined;

/**
 * Puts in what `copy` made, here or of another flow: fresh names and ids, links among the copied kept, others dropped.
 * @param args.at where its top left corner goes; absent: beside the original. `args.after` leads to its first step.
 *   `args.ids` makes ids of notes and groups.
 */
export function paste(
  draft: Draft,
  args: { readonly text: string; readonly at?: Point; readonly after?: Where["after"]; readonly ids: () => string },
): CommandResult {
  const clip = readClip(args.text);
  if (!clip) return refuse("There is nothing to paste here.");
  const plan = new Plan(draft);
  const from = args.after && plan.wayOut(args.after);
  const after = args.after && plan.lastStateOf(args.after.step);
  const names = freshNames(plan, clip.flow);
  const before = after === undefined ? undefined : plan.stateAfter(after);
  const renaming = freshReferences(plan, clip.flow, names);
  const changes = Object.entries(clip.flow).map(([name, state]): Change => {
    const pasted = renameReferences(withoutLinks(state, names), renaming);
    return { kind: "addState", name: names.get(name)!, state: pasted, ...(before !== undefined && { before }) };
  });
  const { drawn, keys } = drawing(clip, names, args.at, args.ids);
  plan.do(...changes, ...drawn);
  const { byId, steps } = plan.steps;
  const pasted = new Set(names.values());
  const select = steps.filter(({ id }) => pasted.has(id)).map(({ id }) => id);
  const first = select.find((id) => !["answer", "end-text"].includes(byId.get(id)!.kind));
  if (from !== undefined && first !== undefined) plan.setNext(from, first);
  if (plan.changes.length === 0) return refuse("There is nothing to paste here.");
  return { changes: plan.changes, select: [...select, ...keys] };
}

/** A copy of the selected beside them. */
export function duplicate(
  draft: Draft,
  { items, ids }: { readonly items: readonly string[]; readonly ids: () => string },
): CommandResult {
  return paste(draft, { text: copy(draft, items), ids });
}

function freshNames(plan: Plan, flow: FlowJson): Map<string, string> {
  return new Map(Object.keys(flow).map((name) => [name, plan.names.state(name, PLAIN_NAMES.message)]));
}

/** A link to what was not copied would lead to a step of another flow, or out of the copy. */
function withoutLinks(state: Json, names: ReadonlyMap<string, string>): Json {
  if (!isObject(state)) return state;
  const next = own(state, "next");
  if (typeof next !== "string" || names.has(next)) return state;
  const { next: _, ...rest } = state;
  return rest;
}

/** Ids that are opened within the copy are made anew; others are those of the flow it is put in. */
function freshReferences(plan: Plan, flow: FlowJson, names: ReadonlyMap<string, string>): Renaming {
  const groups = new Map<string, string>();
  const chats = new Map<string, string>();
  for (const state of Object.values(flow)) {
    const { is, ref } = factsOf(state);
    const ids = is === "question" ? groups : is === "text" || is === "hand-off" ? chats : undefined;
    if (ids && ref !== undefined && !ids.has(ref)) ids.set(ref, plan.names.id(ref, PLAIN_NAMES.question));
  }
  return {
    state: (name) => names.get(name) ?? name,
    group: (id) => groups.get(id) ?? id,
    chat: (id) => chats.get(id) ?? id,
    answer: (id) => chats.get(id) ?? groups.get(id) ?? id,
  };
}

function drawing(clip: Clip, names: ReadonlyMap<string, string>, at: Point | undefined, ids: () => string) {
  const points = [...Object.values(clip.positions), ...clip.notes];
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const moved = ({ x, y }: Point): Point =>
    at ? { x: at.x + x - left, y: at.y + y - top } : { x: x + BESIDE, y: y + BESIDE };
  const drawn: Change[] = [];
  const keys: string[] = [];
  for (const [name, point] of Object.entries(clip.positions)) {
    const to = names.get(name);
    if (to !== undefined) drawn.push({ kind: "place", name: to, to: moved(point) });
  }
  for (const note of clip.notes) {
    const id = ids();
    drawn.push({ kind: "note", id, note: { ...knownFields(note), id, ...moved(note) } });
    keys.push(itemKey("note", id));
  }
  for (const group of clip.groups) {
    const id = ids();
    const states = group.states.flatMap((name) => names.get(name) ?? []);
    drawn.push({ kind: "group", id, group: { id, title: group.title, states } });
    keys.push(itemKey("group", id));
  }
  return { drawn, keys };
}

/** What the layout's schema knows, and no more. */
function knownFields({ id, text, x, y, width, height, author, at }: PlacedNote): PlacedNote {
  return {
    id,
    text,
    x,
    y,
    ...(typeof width === "number" && { width }),
    ...(typeof height === "number" && { height }),
    ...(typeof author === "string" && { author }),
    ...(typeof at === "string" && { at }),
  };
}

/** What is on the clipboard may be anybody's: undefined when it is not a copy in full. */
function readClip(text: string): Clip | undefined {
  if (text.length > MAX_CLIP_UNITS || !text.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.parley !== MARK) return undefined;
  const { flow, positions, notes, groups } = value;
  const isWhole =
    isObject(flow) &&
    !Object.hasOwn(flow, SCHEMA_KEY) &&
    isObject(positions) &&
    Object.values(positions).every(isPoint) &&
    isListOf(notes, (note) => isPoint(note) && typeof note.text === "string") &&
    isListOf(groups, ({ title, states }) => typeof title === "string" && isListOfNames(states));
  return isWhole ? (value as unknown as Clip) : undefined;
}

type Fields = { readonly [key: string]: Json };
const isPoint = (value: Json): boolean => isObject(value) && Number.isFinite(value.x) && Number.isFinite(value.y);
const isListOf = (list: Json | undefined, is: (element: Fields) => boolean): boolean =>
  Array.isArray(list) && list.every((element: Json) => isObject(element) && is(element));
const isListOfNames = (list: Json | undefined): boolean =>
  Array.isArray(list) && list.every((name: Json) => typeof name === "string");

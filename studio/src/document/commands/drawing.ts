import type { Group, Note, Point } from "@parley/shared/flow/layout";
import type { Change } from "../change.js";
import type { Draft } from "../draft.js";
import { type CommandResult, itemKey, itemOf, refuse } from "./command.js";

export type Box = {
  readonly step: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom" | "across" | "down";

/** Where steps (and notes, by `itemKey`) are drawn: a drag, tidy up. */
export function move(
  draft: Draft,
  { positions }: { readonly positions: readonly { readonly item: string; readonly to: Point }[] },
): CommandResult {
  const changes = positions.flatMap(({ item, to }): Change[] => {
    const { kind, id } = itemOf(draft, item);
    if (kind === "step") return [{ kind: "place", name: id, to: { x: to.x, y: to.y } }];
    const note = kind === "note" && noteOf(draft, id);
    return note ? [{ kind: "note", id, note: { ...note, x: to.x, y: to.y } }] : [];
  });
  return { changes };
}

/** Lines steps up at an edge or a middle of all of them; `across` and `down` put the same space between them. */
export function align(
  draft: Draft,
  { boxes, to }: { readonly boxes: readonly Box[]; readonly to: Alignment },
): CommandResult {
  if (boxes.length < 2) return refuse("Select two steps or more to align them.");
  const places =
    to === "across" ? spread(boxes, "x", "width") : to === "down" ? spread(boxes, "y", "height") : lineUp(boxes, to);
  return move(draft, { positions: boxes.map((box, i) => ({ item: box.step, to: places[i]! })) });
}

function lineUp(boxes: readonly Box[], to: Exclude<Alignment, "across" | "down">): Point[] {
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const places: { readonly [Edge in typeof to]: (box: Box) => Partial<Point> } = {
    left: () => ({ x: left }),
    centre: ({ width }) => ({ x: (left + right - width) / 2 }),
    right: ({ width }) => ({ x: right - width }),
    top: () => ({ y: top }),
    middle: ({ height }) => ({ y: (top + bottom - height) / 2 }),
    bottom: ({ height }) => ({ y: bottom - height }),
  };
  return boxes.map((box) => ({ x: box.x, y: box.y, ...places[to](box) }));
}

/** The outermost stay; boxes that would not fit between them stand side by side without overlap. */
function spread(boxes: readonly Box[], axis: "x" | "y", size: "width" | "height"): Point[] {
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[a]![axis] - boxes[b]![axis]);
  const first = boxes[order[0]!]!;
  const last = boxes[order.at(-1)!]!;
  const filled = boxes.reduce((sum, box) => sum + box[size], 0);
  const gap = Math.max(MIN_GAP, (last[axis] + last[size] - first[axis] - filled) / (boxes.length - 1));
  const places: Point[] = boxes.map(({ x, y }) => ({ x, y }));
  let at = first[axis];
  for (const i of order) {
    places[i]![axis] = at;
    at += boxes[i]![size] + gap;
  }
  return places;
}
const MIN_GAP = 16;

const noteOf = ({ layout }: Draft, id: string): Note | undefined => layout.notes?.find((note) => note.id === id);
const groupOf = ({ layout }: Draft, id: string): Group | undefined => layout.groups?.find((group) => group.id === id);

export function addNote(
  _draft: Draft,
  args: {
    readonly id: string;
    readonly text?: string;
    readonly at: Point;
    readonly author?: string;
    readonly now: number;
  },
): CommandResult {
  const { id, text = "", at, author, now } = args;
  const note: Note = {
    id,
    text,
    x: at.x,
    y: at.y,
    ...(author !== undefined && { author }),
    at: new Date(now).toISOString(),
  };
  return { changes: [{ kind: "note", id, note }], select: [itemKey("note", id)] };
}

export function setNote(
  draft: Draft,
  { id, ...fields }: { readonly id: string; readonly text?: string; readonly width?: number; readonly height?: number },
): CommandResult {
  const note = noteOf(draft, id);
  if (!note) return refuse("This note is not there any more.");
  return { changes: [{ kind: "note", id, note: { ...note, ...fields } }] };
}

/** Says of notes that what they say was seen to, or was not. */
export function resolveNotes(
  draft: Draft,
  { ids, resolved }: { readonly ids: readonly string[]; readonly resolved: boolean },
): CommandResult {
  const changes = ids.flatMap((id): Change[] => {
    const note = noteOf(draft, id);
    if (!note || (note.resolved ?? false) === resolved) return [];
    const { resolved: _, ...open } = note;
    return [{ kind: "note", id, note: resolved ? { ...open, resolved } : open }];
  });
  return changes.length > 0 ? { changes } : refuse("This note is not there any more.");
}

/** A frame around steps. A step is in one group at most: it leaves the one it was in. */
export function group(
  draft: Draft,
  args: { readonly id: string; readonly title?: string; readonly steps: readonly string[] },
): CommandResult {
  const { id, title = "", steps } = args;
  const states = steps.filter((step) => itemOf(draft, step).kind === "step" && Object.hasOwn(draft.flow, step));
  if (states.length === 0) return refuse("Select the steps of the group first.");
  const group: Group = { id, title, states };
  return {
    changes: [...leaveGroups(draft, states, id), { kind: "group", id, group }],
    select: [itemKey("group", id)],
  };
}

function leaveGroups(draft: Draft, states: readonly string[], but: string): Change[] {
  const leaving = new Set(states);
  return (draft.layout.groups ?? []).flatMap((group): Change[] => {
    const left = group.states.filter((name) => !leaving.has(name));
    if (group.id === but || left.length === group.states.length) return [];
    return [{ kind: "group", id: group.id, ...(left.length > 0 && { group: { ...group, states: left } }) }];
  });
}

/** Takes groups away; their steps stay and are selected. */
export function ungroup(draft: Draft, { ids }: { readonly ids: readonly string[] }): CommandResult {
  const states = ids.flatMap((id) => groupOf(draft, id)?.states ?? []);
  return {
    changes: ids.map((id) => ({ kind: "group", id })),
    select: states.filter((name) => Object.hasOwn(draft.flow, name)),
  };
}

export function setGroup(
  draft: Draft,
  { id, title, steps }: { readonly id: string; readonly title?: string; readonly steps?: readonly string[] },
): CommandResult {
  const group = groupOf(draft, id);
  if (!group) return refuse("This group is not there any more.");
  const changed = { ...group, ...(title !== undefined && { title }), ...(steps && { states: [...steps] }) };
  return { changes: [...leaveGroups(draft, steps ?? [], id), { kind: "group", id, group: changed }] };
}

import type { Layout, Point } from "@parley/shared/flow/layout";
import type { Step, StepGraph } from "../document/steps.js";
import { GAP } from "../theme/theme.js";
import { besides, freePlace } from "./free-place.js";
import { rectOf } from "./project-parts.js";
import { portY, type Rect, sizeOf } from "./size.js";

/** Where steps are drawn that have no place in the layout: found by itself, and not saved until something is moved. */
export type Found = ReadonlyMap<string, Point>;

/**
 * Whether the layout's places are used. In the States view answers are drawn apart and need room: until one of them has
 * a place, that view is laid out by itself.
 */
export function usesLayout(graph: StepGraph, layout: Layout): boolean {
  const positions = layout.positions ?? {};
  if (graph.view === "steps") return true;
  const answers = graph.steps.filter(({ kind }) => kind === "answer");
  return answers.length === 0 || answers.some(({ id }) => Object.hasOwn(positions, id));
}

/** The places that are known: those of the layout, and those found before. */
export function knownPlaces(graph: StepGraph, layout: Layout, found: Found): Map<string, Point> {
  const positions = usesLayout(graph, layout) ? (layout.positions ?? {}) : {};
  return new Map(
    graph.steps.flatMap(({ id }): [string, Point][] => {
      const place = (Object.hasOwn(positions, id) ? positions[id] : undefined) ?? found.get(id);
      return place === undefined ? [] : [[id, place]];
    }),
  );
}

/**
 * Places for the few steps that have none: right of what leads to them, else left of where they lead, else below all.
 * @param known is filled up
 * @returns what was found
 */
export function placeRest(graph: StepGraph, known: Map<string, Point>): Map<string, Point> {
  const found = new Map<string, Point>();
  const rects = new Map<string, Rect>();
  for (const id of known.keys()) {
    const rect = rectOf(id, graph, known);
    if (rect !== undefined) rects.set(id, rect);
  }
  for (const step of graph.steps) {
    if (known.has(step.id)) continue;
    const place = freePlace(wantedPlace(step, graph, rects), sizeOf(step), rects.values());
    known.set(step.id, place);
    found.set(step.id, place);
    rects.set(step.id, { ...place, ...sizeOf(step) });
  }
  return found;
}

function wantedPlace(step: Step, graph: StepGraph, rects: ReadonlyMap<string, Rect>): Point {
  for (const edge of graph.edges) {
    const from = edge.to === step.id ? rects.get(edge.from) : undefined;
    const card = graph.byId.get(edge.from);
    if (from && card) return { x: besides(from).x, y: from.y + portY(card, edge.port) - portY(step, "then") };
  }
  for (const edge of graph.edges) {
    const to = edge.from === step.id ? rects.get(edge.to) : undefined;
    if (to) return { x: to.x - GAP.across - sizeOf(step).width, y: to.y };
  }
  const all = [...rects.values()];
  if (all.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...all.map(({ x }) => x)),
    y: Math.max(...all.map(({ y, height }) => y + height)) + GAP.down,
  };
}

/**
 * Which states have another name now: a name that is new stands where one that is gone stood.
 * @param before names in the order of the file
 */
export function renames(before: readonly string[], now: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (before === now || (before.length === now.length && before.every((name, index) => name === now[index])))
    return found;
  const stays = new Set(now);
  const old = new Set(before);
  const after = new Map(before.map((name, index) => [before[index - 1], name]));
  let last: string | undefined;
  for (const name of now) {
    if (!old.has(name)) {
      const gone = after.get(last);
      if (gone === undefined || stays.has(gone)) continue;
      found.set(gone, name);
      last = gone;
    } else last = name;
  }
  return found;
}

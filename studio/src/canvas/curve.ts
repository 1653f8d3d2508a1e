import type { Point } from "@parley/shared/flow/layout";
import type { Rect } from "./size.js";

/** Where an edge begins and ends, and how far down the cards at its two ends reach from there. */
export type Ends = {
  readonly from: Point;
  readonly to: Point;
  readonly fromDepth: number;
  readonly toDepth: number;
};

/** How far beside and below its cards a line runs that leads back, in pixels. */
export const REACH = 28;
const RADIUS = 14;
const SAMPLES = 14;

/** The line of an edge. Forward it is a curve; back (a loop) it runs below both its cards. */
export function edgePath(ends: Ends): { path: string; middle: Point } {
  return isBack(ends) ? loop(ends) : curve(ends);
}

/** How much deeper a loop has to run so that it crosses none of these cards. */
export function clearance(ends: Ends, cards: readonly Rect[]): number {
  if (!isBack(ends)) return 0;
  const { left, right, lane } = corners(ends);
  const between = cards.filter(({ x, width }) => x < right && x + width > left).sort((a, b) => a.y - b.y);
  let free = lane;
  for (const { y, height } of between) {
    if (y < free + REACH / 2 && y + height > free - REACH / 2) free = y + height + REACH;
  }
  return free - lane;
}

/** Points along an edge, close enough to find what lies on it. */
export function edgePoints(ends: Ends): Point[] {
  const { from, to } = ends;
  if (isBack(ends)) {
    const { right, left, lane } = corners(ends);
    return polyline([
      from,
      { x: right, y: from.y },
      { x: right, y: lane },
      { x: left, y: lane },
      { x: left, y: to.y },
      to,
    ]);
  }
  const bend = bendOf(ends);
  return Array.from({ length: SAMPLES + 1 }, (_, index) => {
    const t = index / SAMPLES;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
    return {
      x: a * from.x + b * (from.x + bend) + c * (to.x - bend) + d * to.x,
      y: (a + b) * from.y + (c + d) * to.y,
    };
  });
}

const isBack = ({ from, to }: Ends): boolean => to.x < from.x + REACH / 2;

function bendOf({ from, to }: Ends): number {
  return Math.max(REACH, (to.x - from.x) / 2);
}

function curve(ends: Ends) {
  const { from, to } = ends;
  const bend = bendOf(ends);
  return {
    path: `M${from.x},${from.y} C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x},${to.y}`,
    middle: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 },
  };
}

function corners({ from, to, fromDepth, toDepth }: Ends) {
  return {
    right: from.x + REACH,
    left: to.x - REACH,
    lane: Math.max(from.y + fromDepth, to.y + toDepth) + REACH,
  };
}

function loop(ends: Ends) {
  const { from, to } = ends;
  const { right, left, lane } = corners(ends);
  const r = RADIUS;
  const path = [
    `M${from.x},${from.y}`,
    `H${right - r} Q${right},${from.y} ${right},${from.y + r}`,
    `V${lane - r} Q${right},${lane} ${right - r},${lane}`,
    `H${left + r} Q${left},${lane} ${left},${lane - r}`,
    `V${to.y + r} Q${left},${to.y} ${left + r},${to.y}`,
    `H${to.x}`,
  ].join(" ");
  return { path, middle: { x: (left + right) / 2, y: lane } };
}

function polyline(points: readonly Point[]): Point[] {
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    if (next === undefined) return [point];
    return Array.from({ length: 6 }, (_, part) => ({
      x: point.x + ((next.x - point.x) * part) / 6,
      y: point.y + ((next.y - point.y) * part) / 6,
    }));
  });
}

import type { Point } from "@parley/shared/flow/layout";
import { GAP, GRID } from "../theme/theme.js";
import { overlap, type Rect, type Size } from "./size.js";

/** The place nearest below `wanted` where a card of this size lies on no other. */
export function freePlace(wanted: Point, size: Size, taken: Iterable<Rect>): Point {
  const place = { x: snap(wanted.x), y: snap(wanted.y) };
  const column = [...taken]
    .filter((rect) => rect.x < place.x + size.width + GRID && place.x < rect.x + rect.width + GRID)
    .sort((a, b) => a.y - b.y);
  for (const rect of column) {
    if (overlap({ ...place, ...size }, rect, GRID)) place.y = snapUp(rect.y + rect.height + GAP.down);
  }
  return place;
}

/** How far down some cards have to go together so that none of them lies on another card, in pixels. */
export function freeShift(cards: readonly Rect[], taken: readonly Rect[]): number {
  let shift = 0;
  // Each turn brings them below what one of them lies on.
  for (let more = true; more; ) {
    more = false;
    for (const card of cards) {
      const here = { ...card, y: card.y + shift };
      const under = taken.find((rect) => overlap(here, rect, GRID));
      if (under === undefined) continue;
      shift = snapUp(under.y + under.height + GAP.down - card.y);
      more = true;
    }
  }
  return shift;
}

/** Right of a card, on the line of the way out. */
export const besides = (card: Rect): Point => ({ x: card.x + card.width + GAP.across, y: card.y });

const snap = (value: number) => Math.round(value / GRID) * GRID;
const snapUp = (value: number) => Math.ceil(value / GRID) * GRID;

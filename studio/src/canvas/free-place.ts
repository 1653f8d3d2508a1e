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

/** Right of a card, on the line of the way out. */
export const besides = (card: Rect): Point => ({ x: card.x + card.width + GAP.across, y: card.y });

const snap = (value: number) => Math.round(value / GRID) * GRID;
const snapUp = (value: number) => Math.ceil(value / GRID) * GRID;

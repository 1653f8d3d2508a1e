import type { Point } from "@parley/shared/flow/layout";
import type { Port, Step } from "../document/steps.js";
import { CARD } from "../theme/theme.js";

export type Size = { readonly width: number; readonly height: number };
export type Rect = Point & Size;

const textHeight = (lines: number) => lines * CARD.lineHeight + CARD.textPadding;

/** Which ways out are rows of the card; a lone `then` is the card's own. */
export const rowsOf = (step: Step): readonly Port[] => step.ports.filter(isRow);
const isRow = ({ kind }: Pick<Port, "kind">) => kind !== "then";

/** What the size of a step depends on. */
export type Shape = { readonly kind: Step["kind"]; readonly ports: readonly Pick<Port, "kind">[] };

/** How large a step is drawn, in pixels at 100 %: by its kind and number of ways out, never measured. */
export function sizeOf(step: Shape): Size {
  if (step.kind === "answer") return { width: CARD.width, height: CARD.pillHeight };
  const lines = step.kind === "end-text" ? 1 : CARD.lines;
  const count = step.ports.filter(isRow).length;
  return {
    width: CARD.width,
    height: CARD.head + textHeight(lines) + (count === 0 ? 0 : count * CARD.port + CARD.foot),
  };
}

/** Where an edge comes in, from the top left corner of the card: straight on from a message's way out. */
export const entryY = (step: Step): number => (step.kind === "answer" ? CARD.pillHeight : CARD.head) / 2;

/** How far below the top of its card a way out is; for one that is no row, on the line of the head. */
export function portY(step: Step, port: string): number {
  const row = rowsOf(step).findIndex(({ id }) => id === port);
  if (row < 0) return entryY(step);
  return CARD.head + textHeight(CARD.lines) + (row + 0.5) * CARD.port;
}

export const overlap = (a: Rect, b: Rect, gap = 0): boolean =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

/** The rectangle around all; undefined of none. */
export function around(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

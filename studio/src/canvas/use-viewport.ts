import { getViewportForBounds, useReactFlow, type Viewport } from "@xyflow/react";
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Desk } from "../app/editor/desk.js";
import type { View } from "../document/steps.js";
import { CARD, GAP, ZOOM } from "../theme/theme.js";
import { START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode, Projection } from "./project.js";
import { around } from "./size.js";

/** Around everything: on the right there is room for "Ends here", below for the controls. */
const AROUND = { top: "40px", left: "48px", right: "150px", bottom: "72px" } as const;
/** The same where there is little room: everything is small then, "Ends here" too. */
const CLOSE_AROUND = { top: "24px", left: "24px", right: "48px", bottom: "64px" } as const;
const LITTLE_ROOM = 760;

/** Below this nobody reads a card. */
const READABLE = 0.5;
/** What one writes is seen with the cards beside it. */
const AROUND_ONE = 0.7;

type Size = { readonly clientWidth: number; readonly clientHeight: number };

/**
 * What of the drawing is seen when a flow is opened, and when the view is another: what was in hand, or in the middle,
 * stays where it is on the screen.
 */
export function useViewport(
  { editor }: Desk,
  projection: Projection,
  view: View | undefined,
  wrapper: RefObject<HTMLElement | null>,
  wantsAll: { current: boolean },
): void {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  // Before that a viewport is not taken.
  const { viewportInitialized } = flow;
  const seen = useRef<{ view: View; projection: Projection }>(undefined);
  useLayoutEffect(() => {
    const before = seen.current;
    if (view === undefined || wrapper.current === null || !viewportInitialized) return;
    seen.current = { view, projection };
    if (before === undefined) {
      const inHand = editor.getState().selection.at(-1);
      const all = wantsAll.current ? wholeViewport(projection.nodes, wrapper.current) : undefined;
      const first = firstViewport(projection, wrapper.current);
      void flow.setViewport(all ?? withInView(first, projection, inHand, wrapper.current));
    }
    if (before !== undefined && before.view !== view) {
      const now = flow.getViewport();
      void flow.setViewport(
        sameViewport(now, before.projection, projection, editor.getState().selection.at(-1), wrapper.current),
      );
    }
  }, [flow, viewportInitialized, projection, view, wrapper, wantsAll, editor]);
}

/** With all of these in it, at 100 % or smaller; undefined when there are none. */
export function wholeViewport(nodes: readonly CanvasNode[], { clientWidth, clientHeight }: Size): Viewport | undefined {
  const all = around(nodes.map(({ position, width = 0, height = 0 }) => ({ ...position, width, height })));
  const padding = clientWidth < LITTLE_ROOM ? CLOSE_AROUND : AROUND;
  return all && getViewportForBounds(all, clientWidth, clientHeight, ZOOM.min, 1, padding);
}

/** The same, as long as the cards can be read; else `one` in the middle, or from the first of them on, as a flow opens. */
export function readableViewport(nodes: readonly CanvasNode[], size: Size, one?: CanvasNode): Viewport | undefined {
  const whole = wholeViewport(nodes, size);
  if (whole === undefined || whole.zoom >= READABLE) return whole;
  if (one === undefined) return firstViewport({ nodes }, size);
  const { position, width = 0, height = 0 } = one;
  const x = size.clientWidth / 2 - (position.x + width / 2) * AROUND_ONE;
  const y = size.clientHeight / 2 - (position.y + height / 2) * AROUND_ONE;
  return { x, y, zoom: AROUND_ONE };
}

/** At 100 %, the start at the left and a third down; on a phone its card just fits. */
export function firstViewport({ nodes }: Pick<Projection, "nodes">, { clientWidth, clientHeight }: Size): Viewport {
  const { x, y } = startOf(nodes)?.position ?? { x: 0, y: 0 };
  const spare = (clientWidth - CARD.flagWidth - GAP.down - CARD.width) / 2;
  const left = Math.max(4, Math.min(GAP.down, spare));
  return { x: left - x, y: Math.round(clientHeight / 3) - y, zoom: 1 };
}

/** The same, or with what is in hand in the middle, when it would not be seen. */
function withInView(viewport: Viewport, { nodes }: Projection, item: string | undefined, size: Size): Viewport {
  const node = nodes.find(({ data }) => data.item === item);
  if (node === undefined) return viewport;
  const { position, width = 0, height = 0 } = node;
  const x = position.x + viewport.x;
  const y = position.y + viewport.y;
  if (x >= 0 && y >= 0 && x + width <= size.clientWidth && y + height <= size.clientHeight) return viewport;
  return {
    x: size.clientWidth / 2 - position.x - width / 2,
    y: size.clientHeight / 2 - position.y - height / 2,
    zoom: 1,
  };
}

/** With one card of both drawings where it was. */
export function sameViewport(
  viewport: Viewport,
  before: Projection,
  now: Projection,
  inHand: string | undefined,
  size: Size,
): Viewport {
  const { x, y, zoom } = viewport;
  const places = new Map(now.nodes.map(({ data, position }) => [data.item, position]));
  const middle = { x: (size.clientWidth / 2 - x) / zoom, y: (size.clientHeight / 2 - y) / zoom };
  let anchor: { item: string; distance: number; x: number; y: number } | undefined;
  for (const { data, position, width = 0, height = 0 } of before.nodes) {
    if (!places.has(data.item) || !("marks" in data)) continue;
    const away = Math.hypot(position.x + width / 2 - middle.x, position.y + height / 2 - middle.y);
    const distance = data.item === inHand ? -1 : away;
    if (distance < (anchor?.distance ?? Number.POSITIVE_INFINITY)) anchor = { item: data.item, distance, ...position };
  }
  const place = anchor && places.get(anchor.item);
  if (anchor === undefined || place === undefined) return firstViewport(now, size);
  return { x: x + (anchor.x - place.x) * zoom, y: y + (anchor.y - place.y) * zoom, zoom };
}

const startOf = (nodes: readonly CanvasNode[]) => nodes.find(({ data }) => data.item === START) ?? nodes[0];

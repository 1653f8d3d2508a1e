import type { Point } from "@parley/shared/flow/layout";
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect } from "react";
import type { CanvasHandle, Desk } from "../app/editor/desk.js";
import type { Change } from "../document/change.js";
import type { CommandResult } from "../document/commands/command.js";
import { move } from "../document/commands/drawing.js";
import type { StepGraph } from "../document/steps.js";
import { GAP, ZOOM } from "../theme/theme.js";
import { freePlace, freeShift } from "./free-place.js";
import { layoutTask } from "./layout-graph.js";
import { makeRoom } from "./make-room.js";
import { START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { around, portY, type Rect, sizeOf } from "./size.js";
import type { Places } from "./use-places.js";
import { readableViewport, wholeViewport } from "./use-viewport.js";

type HandleOptions = {
  desk: Desk;
  wrapper: RefObject<HTMLDivElement | null>;
  places: Places;
  drawn: () => { nodes: readonly CanvasNode[] };
  /** Set when all is to be seen as soon as it is drawn. */
  wantsAll: { current: boolean };
};

/** A new step has the size that most of them begin with. */
const NEW_ROWS = { message: 0, question: 1, text: 1, "hand-off": 3 } as const;
const MARGIN = 24;
/** On the right of a step that ends, in pixels of the canvas: "Ends here" and its plus. */
const ENDS = 128;
/** Below a step in hand: the overview and the controls lie there. */
const BELOW = 144;
const QUICK = { duration: 160 };

/** Lets others ask something of this canvas. */
export function useHandle({ desk, wrapper, places, drawn, wantsAll }: HandleOptions): void {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  useEffect(() => {
    const nodeOf = (item: string) => drawn().nodes.find(({ data }) => data.item === item);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const animation = still ? {} : QUICK;
    let pointer: { x: number; y: number } | undefined;

    const handle: CanvasHandle = {
      focus: () => wrapper.current?.focus({ preventScroll: true }),
      reveal: (item, center = false) => {
        const node = nodeOf(item);
        if (node === undefined || wrapper.current === null) return;
        const { x, y, zoom } = flow.getViewport();
        const { clientWidth, clientHeight } = wrapper.current;
        const { position, width = 0, height = 0 } = node;
        const top = position.y * zoom + y;
        const tall = Math.max(height * zoom, writtenTo(wrapper.current, node.id) - top);
        const seen = { x: position.x * zoom + x, y: top, width: width * zoom, height: tall };
        const ends = "marks" in node.data && node.data.step.ports.some(({ to }) => to === undefined);
        if (center) {
          const at = { x: position.x + width / 2, y: position.y + height / 2 };
          void flow.setCenter(at.x, at.y, { zoom: Math.max(zoom, 0.6), ...animation });
          return;
        }
        const shift = {
          x: shiftInto(seen.x, seen.width + (ends ? ENDS * zoom : 0), clientWidth - MARGIN),
          y: shiftInto(seen.y, seen.height, clientHeight - BELOW),
        };
        if (shift.x !== 0 || shift.y !== 0) void flow.setViewport({ x: x + shift.x, y: y + shift.y, zoom }, animation);
      },
      fit: (items) => {
        // React Flow knows only what is near: what everything is, the drawing says.
        const nodes = items?.flatMap((item) => nodeOf(item) ?? []) ?? drawn().nodes;
        const viewport = wrapper.current && wholeViewport(nodes, wrapper.current);
        if (viewport) void flow.setViewport(viewport, animation);
        // Nothing is laid out yet: as soon as it is.
        else if (items === undefined) wantsAll.current = true;
      },
      show: (items, one) => {
        const nodes = items.flatMap((item) => nodeOf(item) ?? []);
        if (nodes.length === 0) return handle.fit();
        const isStart = nodes.some(({ data }) => "marks" in data && data.step.start);
        const start = isStart ? nodeOf(START) : undefined;
        const viewport =
          wrapper.current && readableViewport(start ? [start, ...nodes] : nodes, wrapper.current, nodeOf(one ?? ""));
        if (viewport) void flow.setViewport(viewport, animation);
      },
      zoom: (to) => {
        const { zoom } = flow.getViewport();
        const next = to === "in" ? zoom * ZOOM.step : to === "out" ? zoom / ZOOM.step : to;
        void flow.zoomTo(Math.min(ZOOM.max, Math.max(ZOOM.min, next)), animation);
      },
      place: (kind, after) => {
        const { steps } = desk.editor.getState();
        const size = sizeOf({ kind, ports: Array.from({ length: NEW_ROWS[kind] }, () => ({ kind: "answer" })) });
        const from = after && nodeOf(after.step);
        const step = after && steps.byId.get(after.step);
        const taken = rects(drawn().nodes);
        if (from !== undefined && step !== undefined && after !== undefined) {
          const y = from.position.y + portY(step, after.port) - portY(step, "then");
          return freePlace({ x: from.position.x + (from.width ?? 0) + GAP.across, y }, size, taken);
        }
        const box = wrapper.current?.getBoundingClientRect();
        const middle = flow.screenToFlowPosition({
          x: (box?.x ?? 0) + (box?.width ?? 0) / 2,
          y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
        });
        return freePlace({ x: middle.x - size.width / 2, y: middle.y - size.height / 2 }, size, taken);
      },
      between: (result, edge, step) => {
        const { steps, draft } = desk.editor.getState();
        const name = step ?? result.select?.[0];
        const kind = name === undefined ? undefined : steps.byId.get(name);
        const room = makeRoom(steps, places.places, edge, sizeOf(kind ?? { kind: "message", ports: [] }));
        if (room === undefined || name === undefined) return handle.settled(result);
        const positions = [[name, room.at] as const, ...room.moved].map(([item, to]) => ({ item, to }));
        return handle.settled({ ...result, changes: [...result.changes, ...move(draft, { positions }).changes] });
      },
      anchor: (item, port) => {
        const node = nodeOf(item);
        if (node === undefined) return undefined;
        const { position, width = 0, height = 0, data } = node;
        const y = "marks" in data && port !== undefined ? portY(data.step, port) : Math.min(height, 36);
        return flow.flowToScreenPosition({ x: position.x + width + 8, y: position.y + y });
      },
      toCanvas: (screen) => flow.screenToFlowPosition(screen),
      pointer: () => pointer && flow.screenToFlowPosition(pointer),
      boxes: (items) =>
        items.flatMap((item) => {
          const node = nodeOf(item);
          if (node === undefined || "members" in node.data) return [];
          return [{ step: item, ...node.position, width: node.width ?? 0, height: node.height ?? 0 }];
        }),
      settled: (result) => settle(result, desk, places),
      tidy: async (only) => {
        const { layOut } = await import("./lay-out.js");
        const { steps } = desk.editor.getState();
        const some = only === undefined ? undefined : new Set(only);
        const before = around(handle.boxes(only ?? [])) ?? { x: 0, y: 0 };
        const laidOut = await layOut(layoutTask(steps, some));
        const { draft, run, steps: now } = desk.editor.getState();
        // Somebody went on editing meanwhile: the layout is of another flow.
        if (now !== steps) return;
        const corner = around([...laidOut].map(([, place]) => ({ ...place, width: 0, height: 0 }))) ?? { x: 0, y: 0 };
        const shift = some === undefined ? { x: 0, y: 0 } : { x: before.x - corner.x, y: before.y - corner.y };
        const placed = [...laidOut].map(([item, { x, y }]) => ({ item, to: { x: x + shift.x, y: y + shift.y } }));
        const down = some === undefined ? 0 : freeShift(rectsOf(now, placed), rects(drawn().nodes, some));
        const positions = placed.map(({ item, to }) => ({ item, to: { x: to.x, y: to.y + down } }));
        const moved = move(draft, { positions });
        // What only the other view draws finds its own place again.
        const elsewhere =
          some === undefined ? Object.keys(draft.layout.positions ?? {}).filter((state) => !steps.byId.has(state)) : [];
        const changes: Change[] = [...moved.changes, ...elsewhere.map((name): Change => ({ kind: "place", name }))];
        run(handle.settled({ ...moved, changes }), "Tidy up");
        if (some === undefined) requestAnimationFrame(() => handle.fit());
      },
    };
    desk.canvas.current = handle;
    const element = wrapper.current;
    const onMove = (event: PointerEvent) => {
      pointer = { x: event.clientX, y: event.clientY };
    };
    const onLeave = () => {
      pointer = undefined;
    };
    element?.addEventListener("pointermove", onMove);
    element?.addEventListener("pointerleave", onLeave);
    return () => {
      if (desk.canvas.current === handle) desk.canvas.current = undefined;
      element?.removeEventListener("pointermove", onMove);
      element?.removeEventListener("pointerleave", onLeave);
    };
  }, [desk, wrapper, places, drawn, wantsAll, flow]);
}

/** Where a text that is edited on its card ends, in pixels from the top of the canvas: it may reach out below the card. */
function writtenTo(canvas: HTMLElement, node: string): number {
  const written = canvas.querySelector(`[data-id="${CSS.escape(node)}"] [data-writing]`);
  return written === null ? 0 : written.getBoundingClientRect().bottom - canvas.getBoundingClientRect().top;
}

/** How far something must be moved to be seen whole, or from its beginning. */
function shiftInto(at: number, size: number, space: number): number {
  if (at < MARGIN) return MARGIN - at;
  const over = at + size - space;
  return over > 0 ? -Math.min(over, at - MARGIN) : 0;
}

/** Where there is something; `but` these steps. */
const rects = (nodes: readonly CanvasNode[], but?: ReadonlySet<string>): Rect[] =>
  nodes.flatMap(({ type, data, position, width = 0, height = 0 }) =>
    type === "group" || data.item === START || but?.has(data.item) ? [] : [{ ...position, width, height }],
  );

const rectsOf = ({ byId }: StepGraph, placed: readonly { item: string; to: Point }[]): Rect[] =>
  placed.flatMap(({ item, to }) => {
    const step = byId.get(item);
    return step === undefined ? [] : [{ ...to, ...sizeOf(step) }];
  });

/** With the first thing that is placed, everything that was only laid out by itself is placed where it is. */
function settle(result: CommandResult, { editor }: Desk, { places, found }: Places): CommandResult {
  const placed = new Set(
    result.changes.flatMap((change) => (change.kind === "place" && change.to ? [change.name] : [])),
  );
  if (placed.size === 0) return result;
  const { draft } = editor.getState();
  const rest = [...found().keys()].flatMap((name): Change[] => {
    const to = places.get(name);
    return to === undefined || placed.has(name) || !Object.hasOwn(draft.flow, name)
      ? []
      : [{ kind: "place", name, to }];
  });
  return { ...result, changes: [...rest, ...result.changes] };
}

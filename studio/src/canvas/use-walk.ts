import { type KeyboardEvent, useCallback, useRef } from "react";
import type { Desk } from "../app/editor/desk.js";
import { START } from "./node-ids.js";
import type { CanvasNode } from "./project.js";
import type { Rect } from "./size.js";
import { type Direction, walk } from "./walk.js";

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/**
 * Arrow keys on the canvas, which is one tab stop: the focus stays on it, and what is in hand is the selected step. With
 * Shift the selection grows. Shift+F10 opens the menu there.
 */
export function useWalk(desk: Desk, drawn: () => { nodes: readonly CanvasNode[] }) {
  const cameFrom = useRef<string>(undefined);
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget) return;
      const { bench, canvas, editor } = desk;
      const { selection, select, steps } = editor.getState();
      if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
        event.preventDefault();
        const { edge, port } = bench.getState();
        const item = edge?.step ?? selection.at(-1);
        const anchor = item === undefined ? undefined : canvas.current?.anchor(item, edge?.port ?? port?.port);
        const about = edge !== undefined ? { edge } : item === undefined ? ("canvas" as const) : ("steps" as const);
        bench.setState({ menu: { anchor: anchor ?? middleOf(event.currentTarget), about } });
        return;
      }
      const direction = DIRECTIONS[event.key];
      if (direction === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const here = selection.at(-1);
      if (here === undefined) {
        const first = steps.start ?? steps.steps[0]?.id;
        if (first !== undefined) select([first]);
        if (first !== undefined) canvas.current?.reveal(first);
        return;
      }
      const { port } = bench.getState();
      const from = { item: here, port: port?.step === here ? port.port : undefined };
      const spot = walk(steps, rectsOf(drawn().nodes), from, direction, cameFrom.current);
      if (spot === undefined) return;
      if (spot.item !== here) {
        cameFrom.current = here;
        select(event.shiftKey ? [...selection.filter((item) => item !== spot.item), spot.item] : [spot.item]);
      }
      bench.setState({
        edge: undefined,
        port: spot.port === undefined ? undefined : { step: spot.item, port: spot.port },
      });
      canvas.current?.reveal(spot.item);
    },
    [desk, drawn],
  );
}

function rectsOf(nodes: readonly CanvasNode[]): Map<string, Rect> {
  return new Map(
    nodes.flatMap(({ type, data, position, width = 0, height = 0 }): [string, Rect][] =>
      data.item === START || type === "group" ? [] : [[data.item, { ...position, width, height }]],
    ),
  );
}

function middleOf(element: HTMLElement): { x: number; y: number } {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

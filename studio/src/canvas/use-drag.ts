import type { Point } from "@parley/shared/flow/layout";
import type { OnNodeDrag } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import type { CommandResult } from "../document/commands/command.js";
import { setStart, splice, spliceStart } from "../document/commands/connect.js";
import { move } from "../document/commands/drawing.js";
import type { Draft } from "../document/draft.js";
import { GRID } from "../theme/theme.js";
import { byNodeId, cardUnder, edgeUnder } from "./edge-at.js";
import { START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { overlap } from "./size.js";

const NOTHING: ReadonlyMap<string, Point> = new Map();

export type Drag = {
  readonly dragged: ReadonlyMap<string, Point>;
  /** The edge that takes the card if it is let go now, or the card that takes the flag. */
  readonly target: string | undefined;
  readonly start: OnNodeDrag<CanvasNode>;
  readonly drag: OnNodeDrag<CanvasNode>;
  readonly stop: OnNodeDrag<CanvasNode>;
};

/**
 * Cards in the hand. Let go they stay there; one alone that is let go on an edge is put into it; the start flag let go on
 * a card makes it the first.
 */
export function useDrag(desk: Desk, drawn: () => { nodes: readonly CanvasNode[]; edges: readonly CanvasEdge[] }): Drag {
  const [dragged, setDragged] = useState(NOTHING);
  const [target, setTarget] = useState<string>();
  const targetNow = useRef<string | undefined>(undefined);

  const start = useCallback<OnNodeDrag<CanvasNode>>(() => setTarget(undefined), []);
  const drag = useCallback<OnNodeDrag<CanvasNode>>(
    (_event, node, nodes) => {
      setDragged(new Map(nodes.map(({ id, position }) => [id, position])));
      const found = targetOf(node, nodes, drawn());
      targetNow.current = found;
      setTarget(found);
    },
    [drawn],
  );
  const stop = useCallback<OnNodeDrag<CanvasNode>>(
    (_event, node, nodes) => {
      setDragged(NOTHING);
      setTarget(undefined);
      const on = targetNow.current;
      targetNow.current = undefined;
      if (isReadOnly(desk)) return;
      const { draft, run } = desk.editor.getState();
      const { canvas } = desk;
      if (node.data.item === START) {
        const card = drawn().nodes.find(({ id }) => id === on);
        if (card) run(setStart(draft, { step: card.data.item }), "Start here");
        return;
      }
      const moved = moveNodes(draft, nodes, desk);
      const settled = canvas.current?.settled ?? ((result: CommandResult) => result);
      const joined = on === undefined ? undefined : drawn().edges.find(({ id }) => id === on);
      if (joined === undefined) return run(settled(moved), nodes.length > 1 ? "Move steps" : "Move");
      const step = node.data.item;
      const edge = joined.data?.edge;
      if (edge === undefined) {
        const put = spliceStart(draft, { step });
        return run(settled({ ...put, changes: [...moved.changes, ...put.changes] }), "Put in between");
      }
      const from = { step: edge.from, port: edge.port };
      const put = splice(draft, { step, edge: from });
      // Let go where it lies on its neighbours, it is given room between them.
      const placed = isCramped(node, [joined.source, joined.target], drawn().nodes)
        ? canvas.current?.between(put, from, step)
        : settled({ ...put, changes: [...moved.changes, ...put.changes] });
      run(placed ?? put, "Put in between");
    },
    [desk, drawn],
  );
  return { dragged, target, start, drag, stop };
}

function isCramped(node: CanvasNode, neighbours: readonly string[], nodes: readonly CanvasNode[]): boolean {
  const here = { ...node.position, width: node.width ?? 0, height: node.height ?? 0 };
  return nodes.some(
    ({ id, position, width = 0, height = 0 }) =>
      neighbours.includes(id) && overlap(here, { ...position, width, height }, 2 * GRID),
  );
}

function targetOf(
  node: CanvasNode,
  nodes: readonly CanvasNode[],
  { nodes: all, edges }: { nodes: readonly CanvasNode[]; edges: readonly CanvasEdge[] },
): string | undefined {
  const { position, width = 0, height = 0 } = node;
  const held = new Set(nodes.map(({ id }) => id));
  if (node.data.item === START) return cardUnder(position.x + width / 2, position.y + height / 2, all, held)?.id;
  if (nodes.length > 1 || !("marks" in node.data)) return undefined;
  return edgeUnder({ ...position, width, height }, byNodeId(all), edges, held)?.id;
}

/** The places of what was dragged; answers that are drawn apart in the States view move along with their question. */
function moveNodes(draft: Draft, nodes: readonly CanvasNode[], { editor }: Desk): CommandResult {
  const { steps } = editor.getState();
  const positions = draft.layout.positions ?? {};
  const moves = nodes.flatMap(({ data, position }) => {
    if ("members" in data || data.item === START) return [];
    const to = { x: Math.round(position.x), y: Math.round(position.y) };
    const before = positions[data.item];
    const others = steps.byId.get(data.item)?.states ?? [];
    const along =
      before === undefined
        ? []
        : others.flatMap((state) => {
            const place = state === data.item ? undefined : positions[state];
            return place === undefined
              ? []
              : [{ item: state, to: { x: place.x + to.x - before.x, y: place.y + to.y - before.y } }];
          });
    return [{ item: data.item, to }, ...along];
  });
  return move(draft, { positions: moves });
}

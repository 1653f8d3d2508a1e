import { type Edge, type FinalConnectionState, type OnReconnect, useReactFlow } from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useMemo, useRef, useState } from "react";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { connect, setStart } from "../document/commands/connect.js";
import { START } from "./node-ids.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { entryY } from "./size.js";

/** So near to where an edge ends, in pixels of the screen, its end can be taken hold of. */
const NEAR = 28;

/**
 * The end of an edge in the hand: let go on another card it leads there, and the start flag's makes that card the first.
 * On the empty canvas one picks what comes next, as with an edge that is new.
 */
export function useReconnecting(desk: Desk, drawn: () => { nodes: readonly CanvasNode[] }) {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  /** The edge whose end the pointer is at: only that one can be taken, so that the others cost nothing. */
  const [near, setNear] = useState<string>();
  const held = useRef(false);
  const handlers = useMemo(() => {
    const find = (node: string) => drawn().nodes.find(({ id }) => id === node);
    const isAtEnd = ({ clientX, clientY }: ReactMouseEvent, edge: CanvasEdge): boolean => {
      const target = find(edge.target);
      if (isReadOnly(desk) || edge.data?.edge?.kind === "open" || target === undefined) return false;
      if (!("marks" in target.data)) return false;
      const { x, y } = target.position;
      const end = flow.flowToScreenPosition({ x, y: y + entryY(target.data.step) });
      return Math.hypot(clientX - end.x, clientY - end.y) < NEAR;
    };
    const onReconnect: OnReconnect<CanvasEdge> = ({ source, data }, { target }) => {
      const to = find(target)?.data.item;
      if (to === undefined || isReadOnly(desk)) return;
      const { draft, run } = desk.editor.getState();
      if (find(source)?.data.item === START) return run(setStart(draft, { step: to }), "Start here");
      if (data?.edge === undefined) return;
      run(connect(draft, { from: { step: data.edge.from, port: data.edge.port }, to }), "Connect");
    };
    return {
      onEdgeMouseMove: (event: ReactMouseEvent, edge: CanvasEdge) => {
        if (!held.current) setNear(isAtEnd(event, edge) ? edge.id : undefined);
      },
      onEdgeMouseLeave: () => {
        if (!held.current) setNear(undefined);
      },
      onReconnectStart: () => {
        held.current = true;
      },
      onReconnect,
      onReconnectEnd: (_event: MouseEvent | TouchEvent, _edge: Edge, _end: unknown, _state: FinalConnectionState) => {
        held.current = false;
        setNear(undefined);
      },
    };
  }, [desk, drawn, flow]);
  return { near, handlers };
}

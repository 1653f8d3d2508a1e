import type { Connection, FinalConnectionState, IsValidConnection } from "@xyflow/react";
import { useCallback, useState } from "react";
import type { Desk } from "../app/editor/desk.js";
import type { PortRef } from "../document/commands/command.js";
import { connect as connectSteps } from "../document/commands/connect.js";
import { handleId } from "./node-ids.js";
import type { CanvasEdge, CanvasNode } from "./project.js";

/** Edges drawn by hand: on a card they lead there; on the empty canvas one picks what comes next. */
export function useConnecting(desk: Desk, drawn: () => { nodes: readonly CanvasNode[] }) {
  const [active, setActive] = useState(false);

  const portOf = useCallback(
    (node: string | null | undefined, handle: string | null | undefined): PortRef | undefined => {
      const source = drawn().nodes.find(({ id }) => id === node);
      if (source === undefined || !("marks" in source.data)) return undefined;
      const port = source.data.step.ports.find(({ id }) => handleId(id) === handle);
      return port && { step: source.data.item, port: port.id };
    },
    [drawn],
  );
  const start = useCallback(() => setActive(true), []);
  const connect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      const from = portOf(source, sourceHandle);
      const to = drawn().nodes.find(({ id }) => id === target)?.data.item;
      if (from === undefined || to === undefined) return;
      const { draft, run } = desk.editor.getState();
      run(connectSteps(draft, { from, to }), "Connect");
    },
    [desk, drawn, portOf],
  );
  const end = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      setActive(false);
      if (state.isValid || state.toNode !== null) return;
      const { x, y } = pointOf(event);
      // Let go outside of the canvas, or on its own card: nothing was meant.
      if (!(event.target instanceof Element) || overCard(x, y)) return;
      const from = portOf(state.fromNode?.id, state.fromHandle?.id);
      const at = desk.canvas.current?.toCanvas({ x, y });
      if (from === undefined || at === undefined) return;
      desk.bench.setState({ picker: { purpose: "add", from, at: { x: at.x, y: at.y - 18 }, anchor: { x, y } } });
    },
    [desk, portOf],
  );
  return { active, start, isValid: leadsElsewhere, connect, end };
}

/** That a step leads to itself is seldom meant and easily drawn: it is chosen from a list. */
const leadsElsewhere: IsValidConnection<CanvasEdge> = ({ source, target }) => source !== target;

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0]! : event;
  return { x: clientX, y: clientY };
}

const overCard = (x: number, y: number): boolean => {
  const found = document.elementFromPoint(x, y);
  return found?.closest(".react-flow") == null || found.closest(".react-flow__node, .react-flow__panel") !== null;
};

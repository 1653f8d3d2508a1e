import type { Point } from "@parley/shared/flow/layout";
import { useMemo, useRef } from "react";
import type { CanvasNode, Projection } from "./project.js";

/** What is true of nodes only while one looks at them. */
export type Live = {
  readonly selection: readonly string[];
  /** Nodes in the hand, by node id. */
  readonly dragged: ReadonlyMap<string, Point>;
  /** The node that takes what is held over it. */
  readonly target: string | undefined;
};
type Drawn = { readonly base: CanvasNode; readonly node: CanvasNode };

/** The projection's nodes with selection and drags on them. A node of which neither changed is the same object again. */
export function useLiveNodes(projection: Projection, { selection, dragged, target }: Live): CanvasNode[] {
  const drawn = useRef<ReadonlyMap<string, Drawn>>(new Map());
  return useMemo(() => {
    const selected = new Set(selection);
    const next = new Map<string, Drawn>();
    const nodes = projection.nodes.map((base) => {
      const before = drawn.current.get(base.id);
      const position = dragged.get(base.id) ?? base.position;
      const isSelected = selected.has(base.data.item);
      const dragging = dragged.has(base.id);
      const className = base.id === target ? "parley-target" : undefined;
      const same =
        before?.base === base &&
        before.node.selected === isSelected &&
        (before.node.dragging ?? false) === dragging &&
        before.node.className === className &&
        before.node.position.x === position.x &&
        before.node.position.y === position.y;
      const live = { position, selected: isSelected, dragging, ...(className !== undefined && { className }) };
      const entry = same ? before : { base, node: { ...base, ...live } };
      next.set(base.id, entry);
      return entry.node;
    });
    drawn.current = next;
    return nodes;
  }, [projection, selection, dragged, target]);
}

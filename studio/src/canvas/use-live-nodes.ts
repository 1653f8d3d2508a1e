import type { Point } from "@parley/shared/flow/layout";
import { useMemo, useRef } from "react";
import type { CanvasNode } from "./project.js";

/** What is true of nodes only while one looks at them. */
export type Live = {
  readonly selection: readonly string[];
  /** Nodes in the hand, by node id. */
  readonly dragged: ReadonlyMap<string, Point>;
  /** The node that takes what is held over it. */
  readonly target: string | undefined;
};
/** What was drawn: the drawing's nodes, and each as it looks now, at the same place. */
type Drawn = { readonly bases: readonly CanvasNode[]; readonly nodes: readonly CanvasNode[]; readonly live?: Live };

/** Nodes of the drawing with selection and drags on them. A node of which neither changed is the same object again. */
export function useLiveNodes(drawing: readonly CanvasNode[], { selection, dragged, target }: Live): CanvasNode[] {
  const drawn = useRef<Drawn>({ bases: [], nodes: [] });
  return useMemo(() => {
    const selected = new Set(selection);
    const { bases, nodes: before, live } = drawn.current;
    // While somebody types, nothing is selected or dragged: only what is drawn anew is looked at.
    const isStill = live?.selection === selection && live.dragged === dragged && live.target === target;
    let byBase: Map<CanvasNode, CanvasNode> | undefined;
    const lookOf = (base: CanvasNode, index: number): CanvasNode | undefined => {
      if (bases[index] === base) return before[index];
      byBase ??= new Map(bases.map((base, index) => [base, before[index]!]));
      return byBase.get(base);
    };
    const nodes = drawing.map((base, index) => {
      if (isStill && bases[index] === base) return before[index]!;
      const old = lookOf(base, index);
      const position = dragged.get(base.id) ?? base.position;
      const isSelected = selected.has(base.data.item);
      const dragging = dragged.has(base.id);
      const className = base.id === target ? "parley-target" : undefined;
      const same =
        old !== undefined &&
        old.selected === isSelected &&
        (old.dragging ?? false) === dragging &&
        old.className === className &&
        old.position.x === position.x &&
        old.position.y === position.y;
      if (same) return old;
      return { ...base, position, selected: isSelected, dragging, ...(className !== undefined && { className }) };
    });
    drawn.current = { bases: drawing, nodes, live: { selection, dragged, target } };
    return nodes;
  }, [drawing, selection, dragged, target]);
}

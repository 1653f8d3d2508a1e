import { type ReactFlowState, useStore } from "@xyflow/react";
import { useMemo } from "react";
import { type Area, areaAround, nearTo, sameArea } from "./nearby.js";
import { nodeId } from "./node-ids.js";
import type { CanvasEdge, CanvasNode, Projection } from "./project.js";

/** So many are handed on whole. React Flow goes through all that it has in each frame: of a few that is nothing. */
const FEW = 300;
const EVERYWHERE: Area = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

const areaOf = ({ transform, width, height }: ReactFlowState): Area => areaAround(transform, width, height);
const everywhere = (): Area => EVERYWHERE;
/** The node that an edge is being drawn from. */
const connecting = ({ connection }: ReactFlowState) => (connection.inProgress ? connection.fromNode.id : undefined);

type Kept = {
  /** Items in hand. */
  readonly selection: readonly string[];
  /** The edge whose end is in the hand. */
  readonly edge: string | undefined;
};

/**
 * What of a large drawing React Flow is given: what is seen, what lies around it, and what is in hand. A small one is given
 * whole. The lists are the same for as long as the same is in them.
 */
export function useNearby(
  projection: Projection,
  { selection, edge }: Kept,
): { nodes: readonly CanvasNode[]; edges: readonly CanvasEdge[] } {
  const { nodes, edges, boxes } = projection;
  const few = boxes.length <= FEW;
  const area = useStore(few ? everywhere : areaOf, sameArea);
  const from = useStore(connecting);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where things are is the same for as long as these are
  const near = useMemo(() => {
    if (few) return undefined;
    const held = edge === undefined ? undefined : edges.find(({ id }) => id === edge);
    const kept = [...selection.map(nodeId), from, held?.source, held?.target];
    return nearTo(
      projection,
      area,
      kept.filter((id) => id !== undefined),
    );
  }, [few, boxes, edges, area, selection, from, edge]);
  return {
    nodes: useMemo(() => (near === undefined ? nodes : near.nodes.map((index) => nodes[index]!)), [near, nodes]),
    edges: useMemo(() => (near === undefined ? edges : near.edges.map((index) => edges[index]!)), [near, edges]),
  };
}

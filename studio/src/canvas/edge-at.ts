import { type Ends, edgePoints, REACH } from "./curve.js";
import type { CanvasEdge, CanvasNode } from "./project.js";
import { entryY, portY, type Rect } from "./size.js";

/**
 * The edge that runs under a rectangle, for a card held over it: the one whose line comes nearest to the middle.
 * @param rect where the card is held
 * @param held nodes that are in the hand: their own edges don't count
 */
export function edgeUnder(
  rect: Rect,
  nodes: ReadonlyMap<string, CanvasNode>,
  edges: readonly CanvasEdge[],
  held: ReadonlySet<string>,
): CanvasEdge | undefined {
  const middle = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  let best: { edge: CanvasEdge; distance: number } | undefined;
  for (const { edge, ends, left, right, top, bottom } of roomsOf(edges, nodes)) {
    // Most run nowhere near, and where exactly is then of no interest.
    if (right < rect.x || left > rect.x + rect.width || bottom < rect.y || top > rect.y + rect.height) continue;
    if (held.has(edge.source) || held.has(edge.target)) continue;
    for (const point of edgePoints(ends)) {
      const inside =
        point.x > rect.x && point.x < rect.x + rect.width && point.y > rect.y && point.y < rect.y + rect.height;
      const distance = Math.hypot(point.x - middle.x, point.y - middle.y);
      if (inside && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { edge, distance };
    }
  }
  return best?.edge;
}

const indexed = new WeakMap<readonly CanvasNode[], ReadonlyMap<string, CanvasNode>>();

/** Nodes of a drawing by their ids: the drawing stays the same while a card is in the hand. */
export function byNodeId(nodes: readonly CanvasNode[]): ReadonlyMap<string, CanvasNode> {
  let byId = indexed.get(nodes);
  if (byId === undefined) {
    byId = new Map(nodes.map((node) => [node.id, node]));
    indexed.set(nodes, byId);
  }
  return byId;
}
/** The card at a point, those in the hand left out. */
export function cardUnder(
  x: number,
  y: number,
  nodes: Iterable<CanvasNode>,
  held: ReadonlySet<string>,
): CanvasNode | undefined {
  for (const node of nodes) {
    if (held.has(node.id) || (node.type !== "card" && node.type !== "pill")) continue;
    const { position, width = 0, height = 0 } = node;
    if (x >= position.x && x <= position.x + width && y >= position.y && y <= position.y + height) return node;
  }
  return undefined;
}

/** An edge that takes a card, and a box that it does not leave. */
type Room = {
  readonly edge: CanvasEdge;
  readonly ends: Ends;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};
const rooms = new WeakMap<readonly CanvasEdge[], { of: ReadonlyMap<string, CanvasNode>; list: readonly Room[] }>();

/** The rooms of a drawing's edges: read once, since it stays the same while a card is in the hand. */
function roomsOf(edges: readonly CanvasEdge[], nodes: ReadonlyMap<string, CanvasNode>): readonly Room[] {
  const there = rooms.get(edges);
  if (there?.of === nodes) return there.list;
  const list = edges.flatMap((edge): Room[] => {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (edge.data?.edge?.kind === "open" || source === undefined || target === undefined) return [];
    const ends = endsOf(edge, source, target);
    return ends === undefined ? [] : [roomOf(edge, ends)];
  });
  rooms.set(edges, { of: nodes, list });
  return list;
}

/** A line leaves and comes in beside its cards, and one that leads back runs below both. */
function roomOf(edge: CanvasEdge, ends: Ends): Room {
  const { from, to, fromDepth, toDepth } = ends;
  return {
    edge,
    ends,
    left: Math.min(from.x, to.x) - REACH,
    right: Math.max(from.x, to.x) + REACH,
    top: Math.min(from.y, to.y),
    bottom: Math.max(from.y + fromDepth, to.y + toDepth) + REACH,
  };
}

function endsOf(edge: CanvasEdge, source: CanvasNode, target: CanvasNode): Ends | undefined {
  if (!("marks" in target.data)) return undefined;
  const from =
    "marks" in source.data ? portY(source.data.step, edge.data?.edge?.port ?? "then") : (source.height ?? 0) / 2;
  return {
    from: { x: source.position.x + (source.width ?? 0), y: source.position.y + from },
    to: { x: target.position.x, y: target.position.y + entryY(target.data.step) },
    fromDepth: edge.data?.fromDepth ?? 0,
    toDepth: edge.data?.toDepth ?? 0,
  };
}

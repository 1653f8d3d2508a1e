import { edgePoints } from "./curve.js";
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
  for (const edge of edges) {
    if (edge.data?.edge?.kind === "open" || held.has(edge.source) || held.has(edge.target)) continue;
    const ends = endsOf(edge, nodes);
    if (ends === undefined) continue;
    if (Math.max(ends.from.x, ends.to.x) < rect.x || Math.min(ends.from.x, ends.to.x) > rect.x + rect.width) continue;
    for (const point of edgePoints(ends)) {
      const inside =
        point.x > rect.x && point.x < rect.x + rect.width && point.y > rect.y && point.y < rect.y + rect.height;
      const distance = Math.hypot(point.x - middle.x, point.y - middle.y);
      if (inside && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { edge, distance };
    }
  }
  return best?.edge;
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

function endsOf(edge: CanvasEdge, nodes: ReadonlyMap<string, CanvasNode>) {
  const source = nodes.get(edge.source);
  const target = nodes.get(edge.target);
  if (source === undefined || target === undefined || !("marks" in target.data)) return undefined;
  const from =
    "marks" in source.data ? portY(source.data.step, edge.data?.edge?.port ?? "then") : (source.height ?? 0) / 2;
  return {
    from: { x: source.position.x + (source.width ?? 0), y: source.position.y + from },
    to: { x: target.position.x, y: target.position.y + entryY(target.data.step) },
    fromDepth: edge.data?.fromDepth ?? 0,
    toDepth: edge.data?.toDepth ?? 0,
  };
}

import type { CanvasEdge, CanvasNode, Projection } from "./project.js";

/** A part of the canvas, by its borders in pixels at 100 %. */
export type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** Which nodes and edges of a drawing, by their places in its lists. */
export type Near = { readonly nodes: readonly number[]; readonly edges: readonly number[] };

/** Where everything of a drawing lies: four numbers a box, and for each edge the places of its two nodes. */
type Boxes = {
  readonly nodes: Float64Array;
  readonly edges: Float64Array;
  readonly ends: Int32Array;
  readonly at: ReadonlyMap<string, number>;
};

/**
 * The part of the canvas that holds what is seen and half as much around it. It lies on a grid as large as what is seen, so
 * that it is another one only now and then while somebody moves about.
 * @param transform how the drawing is moved, in pixels of the screen, and zoomed
 */
export function areaAround([x, y, zoom]: readonly [number, number, number], width: number, height: number): Area {
  const grid = 2 ** Math.ceil(Math.log2(Math.max(width, height, 1) / zoom));
  const margin = grid / 2;
  const down = (value: number) => Math.floor((value - margin) / grid) * grid;
  const up = (value: number) => Math.ceil((value + margin) / grid) * grid;
  return {
    left: down(-x / zoom),
    top: down(-y / zoom),
    right: up((width - x) / zoom),
    bottom: up((height - y) / zoom),
  };
}

export const sameArea = (a: Area, b: Area): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;

/**
 * What of a drawing has to do with a part of the canvas: the nodes in it, the edges that may run through it with the nodes
 * at their ends, and what is kept wherever it is, with its edges.
 * @param kept ids of nodes
 */
export function nearTo({ boxes, edges }: Projection, area: Area, kept: Iterable<string>): Near {
  const known = boxesOf(boxes, edges);
  const held = new Uint8Array(boxes.length);
  for (const id of kept) {
    const index = known.at.get(id);
    if (index !== undefined) held[index] = 1;
  }
  const chosen = new Uint8Array(held);
  for (let index = 0; index < boxes.length; index++) if (meets(known.nodes, index, area)) chosen[index] = 1;
  const ways: number[] = [];
  for (let index = 0; index < edges.length; index++) {
    const from = known.ends[2 * index]!;
    const to = known.ends[2 * index + 1]!;
    if (from < 0 || to < 0 || !(held[from] || held[to] || meets(known.edges, index, area))) continue;
    ways.push(index);
    chosen[from] = 1;
    chosen[to] = 1;
  }
  const nodes: number[] = [];
  for (let index = 0; index < chosen.length; index++) if (chosen[index]) nodes.push(index);
  return { nodes, edges: ways };
}

function meets(boxes: Float64Array, index: number, { left, top, right, bottom }: Area): boolean {
  const at = 4 * index;
  return boxes[at]! <= right && boxes[at + 1]! <= bottom && boxes[at + 2]! >= left && boxes[at + 3]! >= top;
}

const read = new WeakMap<readonly CanvasEdge[], { of: readonly CanvasNode[]; boxes: Boxes }>();

/** Read once for as long as nothing but words changes. */
function boxesOf(nodes: readonly CanvasNode[], edges: readonly CanvasEdge[]): Boxes {
  const there = read.get(edges);
  if (there?.of === nodes) return there.boxes;
  const at = new Map(nodes.map(({ id }, index) => [id, index]));
  const nodeBoxes = new Float64Array(4 * nodes.length);
  for (const [index, { position, width = 0, height = 0 }] of nodes.entries()) {
    nodeBoxes.set([position.x, position.y, position.x + width, position.y + height], 4 * index);
  }
  const edgeBoxes = new Float64Array(4 * edges.length);
  const ends = new Int32Array(2 * edges.length);
  for (const [index, { source, target }] of edges.entries()) {
    const from = at.get(source) ?? -1;
    const to = at.get(target) ?? -1;
    ends.set([from, to], 2 * index);
    // React Flow draws an edge when the box around its two nodes is seen.
    if (from >= 0 && to >= 0) edgeBoxes.set(boxAround(nodeBoxes, 4 * from, 4 * to), 4 * index);
  }
  const boxes = { nodes: nodeBoxes, edges: edgeBoxes, ends, at };
  read.set(edges, { of: nodes, boxes });
  return boxes;
}

function boxAround(boxes: Float64Array, a: number, b: number): [number, number, number, number] {
  return [
    Math.min(boxes[a]!, boxes[b]!),
    Math.min(boxes[a + 1]!, boxes[b + 1]!),
    Math.max(boxes[a + 2]!, boxes[b + 2]!),
    Math.max(boxes[a + 3]!, boxes[b + 3]!),
  ];
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { areaAround, nearTo } from "./nearby.js";
import type { CanvasEdge, CanvasNode, Projection } from "./project.js";

type Box = { x: number; y: number; width: number; height: number };
const anyBox = fc.record({
  x: fc.integer({ min: -6000, max: 6000 }),
  y: fc.integer({ min: -6000, max: 6000 }),
  width: fc.integer({ min: 1, max: 400 }),
  height: fc.integer({ min: 1, max: 400 }),
});
/** Now and then an edge leads to a node that is not drawn. */
const anyDrawing = fc.array(anyBox, { minLength: 2, maxLength: 30, size: "max" }).chain((boxes) =>
  fc.record({
    boxes: fc.constant(boxes),
    links: fc.array(fc.tuple(fc.nat(boxes.length - 1), fc.nat(boxes.length)), { maxLength: 40, size: "max" }),
    kept: fc.array(fc.nat(boxes.length - 1), { maxLength: 3 }),
  }),
);

function drawn(boxes: readonly Box[], links: readonly (readonly [number, number])[]): Projection {
  const nodes = boxes.map(({ x, y, width, height }, i) => ({ id: `n${i}`, position: { x, y }, width, height }));
  const edges = links.map(([from, to], i) => ({ id: `e${i}`, source: `n${from}`, target: `n${to}` }));
  return { nodes: nodes as CanvasNode[], edges: edges as CanvasEdge[], boxes: nodes as CanvasNode[] };
}

const meet = (a: Box, b: Box) =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

function around(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

it("has all that is seen, the edges that may run through it, and what is kept, each with both its ends", () => {
  const view = { x: 0, y: 0, width: 800, height: 600 };
  fc.assert(
    fc.property(anyDrawing, ({ boxes, links, kept }) => {
      const projection = drawn(boxes, links);
      const near = nearTo(
        projection,
        areaAround([0, 0, 1], view.width, view.height),
        kept.map((i) => `n${i}`),
      );
      const nodes = new Set(near.nodes);
      const edges = new Set(near.edges);
      for (const [i, box] of boxes.entries()) if (meet(box, view) || kept.includes(i)) expect(nodes).toContain(i);
      for (const [i, [from, to]] of links.entries()) {
        const [a, b] = [boxes[from], boxes[to]];
        if (a === undefined || b === undefined) {
          expect(edges).not.toContain(i);
          continue;
        }
        if (meet(around(a, b), view) || kept.includes(from) || kept.includes(to)) expect(edges).toContain(i);
        if (edges.has(i)) expect([nodes.has(from), nodes.has(to)]).toEqual([true, true]);
      }
      expect(near.nodes).toEqual(near.nodes.toSorted((a, b) => a - b));
    }),
  );
});

it("of a large drawing it has a part", () => {
  const boxes = Array.from({ length: 5000 }, (_, i) => ({
    x: (i % 100) * 300,
    y: Math.floor(i / 100) * 300,
    width: 260,
    height: 200,
  }));
  const projection = drawn(
    boxes,
    boxes.slice(1).map((_, i) => [i, i + 1] as const),
  );
  const near = nearTo(projection, areaAround([-9000, -6000, 1], 800, 600), []);
  expect(near.nodes.length).toBeGreaterThan(10);
  expect(near.nodes.length).toBeLessThan(400);
});

it("is the same part for small moves, at every zoom, and always holds what is seen", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      fc.double({ min: 0.05, max: 2, noNaN: true }),
      (x, zoom) => {
        const area = areaAround([x, x, zoom], 800, 600);
        expect(area.left).toBeLessThanOrEqual(-x / zoom);
        expect(area.right).toBeGreaterThanOrEqual((800 - x) / zoom);
        expect(area.bottom).toBeGreaterThanOrEqual((600 - x) / zoom);
        // No more than a few times of what is seen.
        expect(area.right - area.left).toBeLessThanOrEqual((8 * 800) / zoom);
      },
    ),
  );
  const parts = new Set(Array.from({ length: 100 }, (_, i) => JSON.stringify(areaAround([-10 * i, 0, 1], 800, 600))));
  expect(parts.size).toBeLessThan(5);
});

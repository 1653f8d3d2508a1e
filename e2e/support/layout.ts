import { expect, type Page } from "@playwright/test";
import { drawing } from "./drawing.js";

type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
/** What is drawn, in pixels of the canvas: cards by id, and edges between them, those of the start flag left out. */
export type Drawn = {
  readonly cards: ReadonlyMap<string, Rect>;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly start: string | undefined;
};

/** Reads the drawing; all of it has to be in view. */
export async function readDrawing(page: Page): Promise<Drawn> {
  const { cards, edges, flag } = await drawing(page).evaluate((canvas) => {
    const nodes = [...canvas.querySelectorAll<HTMLElement>(".react-flow__node-card, .react-flow__node-pill")];
    const cards = nodes.map((node): [string, { x: number; y: number; width: number; height: number }] => {
      const { m41, m42 } = new DOMMatrix(getComputedStyle(node).transform);
      return [node.dataset.id ?? "", { x: m41, y: m42, width: node.offsetWidth, height: node.offsetHeight }];
    });
    const edges = [...canvas.querySelectorAll(".react-flow__edge")].map((edge) => {
      const [, from = "", to = ""] = /^Edge from (\S+) to (\S+)$/.exec(edge.getAttribute("aria-label") ?? "") ?? [];
      return { from, to };
    });
    return { cards, edges, flag: canvas.querySelector<HTMLElement>(".react-flow__node-start")?.dataset.id };
  });
  return {
    cards: new Map(cards),
    edges: edges.filter(({ from }) => from !== flag),
    start: edges.find(({ from }) => from === flag)?.to,
  };
}

/** No two cards overlap, the start is at the left, and every edge that closes no loop goes forward. */
export function expectGoodLayout({ cards, edges, start }: Drawn): void {
  const all = [...cards];
  const overlaps = all.flatMap(([id, a], index) =>
    all.slice(index + 1).flatMap(([other, b]) => (overlap(a, b) ? [`${id} and ${other}`] : [])),
  );
  expect(overlaps).toEqual([]);
  expect(cards.get(start ?? "")?.x).toBe(Math.min(...all.map(([, { x }]) => x)));
  const back = edges.filter(({ from, to }) => cards.get(to)!.x < cards.get(from)!.x + cards.get(from)!.width);
  expect(back.filter(({ from, to }) => !leadsTo(edges, to, from))).toEqual([]);
}

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether one comes from a card to another along edges. */
function leadsTo(edges: Drawn["edges"], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) for (const edge of edges) if (edge.from === id) seen.add(edge.to);
  return seen.has(to);
}

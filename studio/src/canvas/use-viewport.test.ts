import { describe, expect, it } from "vitest";
import { readSteps } from "../document/steps.js";
import { type Projection, project } from "./project.js";
import { firstViewport, readableViewport, sameViewport } from "./use-viewport.js";

const say = (next?: string) => ({ sendRequest: { kind: "BotText", content: "Hi" }, ...(next && { next }) });
const graph = readSteps({ flow: { a: say("b"), b: say("c"), c: say() }, layout: {}, settings: {} });
const draw = (...places: [string, number, number][]): Projection =>
  project({ graph, layout: {}, places: new Map(places.map(([id, x, y]) => [id, { x, y }])), marks: new Map() });
const SCREEN = { clientWidth: 1000, clientHeight: 600 };
const before = draw(["a", 0, 0], ["b", 400, 0], ["c", 800, 0]);

describe("what is seen", () => {
  it("a flow opens at 100 %, the start at the left", () => {
    const { x, y, zoom } = firstViewport(draw(["a", 5000, -300], ["b", 0, 0], ["c", 0, 0]), SCREEN);
    expect(zoom).toBe(1);
    expect(x + 5000).toBeGreaterThan(76);
    expect(x + 5000).toBeLessThan(SCREEN.clientWidth / 3);
    expect(y - 300).toBeGreaterThan(0);
  });

  it("on a phone the whole card of the start is seen", () => {
    const { x } = firstViewport(before, { clientWidth: 390, clientHeight: 700 });
    expect(x + 260).toBeLessThanOrEqual(390);
  });

  it("what is put in is seen whole as long as it can be read, else from its beginning", () => {
    const few = draw(["a", 0, 0], ["b", 400, 0], ["c", 800, 0]);
    expect(readableViewport(few.nodes, SCREEN)!.zoom).toBeGreaterThanOrEqual(0.5);
    expect(readableViewport(few.nodes, SCREEN)!.zoom).toBeLessThan(1);
    const many = draw(["a", 5000, -300], ["b", 0, 0], ["c", 9000, 0]);
    expect(readableViewport(many.nodes, SCREEN)).toEqual(firstViewport(many, SCREEN));
    const one = many.nodes.find(({ data }) => data.item === "c")!;
    const { x, y, zoom } = readableViewport(many.nodes, SCREEN, one)!;
    expect(zoom).toBeGreaterThanOrEqual(0.5);
    expect([x + 9130 * zoom, y + (one.height! / 2) * zoom]).toEqual([500, 300]);
    expect(readableViewport(few.nodes, SCREEN, one)).toEqual(readableViewport(few.nodes, SCREEN));
    expect(readableViewport([], SCREEN)).toBeUndefined();
  });

  it("without steps too", () => {
    expect(firstViewport({ nodes: [] }, SCREEN).zoom).toBe(1);
  });

  it("in the other view the step in hand stays where it was", () => {
    const now = draw(["a", 0, 0], ["b", 900, 200], ["c", 2000, 0]);
    const viewport = { x: 10, y: 20, zoom: 0.5 };
    const { x, y, zoom } = sameViewport(viewport, before, now, "b", SCREEN);
    expect([900 * zoom + x, 200 * zoom + y]).toEqual([400 * 0.5 + 10, 20]);
  });

  it("without one that which was in the middle does", () => {
    const now = draw(["a", 0, 0], ["b", 900, 200], ["c", 2000, 70]);
    const { x, y } = sameViewport({ x: -600, y: 100, zoom: 1 }, before, now, undefined, SCREEN);
    expect([2000 + x, 70 + y]).toEqual([200, 100]);
  });
});

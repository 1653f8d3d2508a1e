import { describe, expect, it } from "vitest";
import { readSteps } from "../document/steps.js";
import { CARD, GAP } from "../theme/theme.js";
import { makeRoom } from "./make-room.js";
import { sizeOf } from "./size.js";

const say = (next?: string) => ({ sendRequest: { kind: "BotText", content: "Hi" }, ...(next && { next }) });
const graph = readSteps({
  flow: { a: say("b"), b: say("c"), c: say("b"), aside: say() },
  layout: {},
  settings: {},
});
const size = sizeOf(graph.byId.get("a")!);
const step = CARD.width + GAP.across;
const at = (places: Record<string, number>) => new Map(Object.entries(places).map(([id, x]) => [id, { x, y: 0 }]));
const then = (step: string) => ({ step, port: "then" });

describe("room on an edge", () => {
  it("what follows and stands further right moves aside, what stands elsewhere stays", () => {
    const room = makeRoom(graph, at({ a: 0, b: step, c: 2 * step, aside: 3 * step }), then("a"), size)!;
    expect(room.at).toEqual({ x: step, y: 0 });
    expect([...room.moved]).toEqual([
      ["b", { x: 2 * step, y: 0 }],
      ["c", { x: 3 * step, y: 0 }],
    ]);
  });

  it("what follows and stands further left stays: it has its place", () => {
    const room = makeRoom(graph, at({ a: 0, b: step, c: -500, aside: 0 }), then("a"), size)!;
    expect([...room.moved.keys()]).toEqual(["b"]);
  });

  it("where there is room nothing moves, and the card stands in the middle", () => {
    const room = makeRoom(graph, at({ a: 0, b: 1000, c: 1400, aside: 0 }), then("a"), size)!;
    expect(room.at.x).toBe(CARD.width + (1000 - CARD.width - CARD.width) / 2);
    expect(room.moved.size).toBe(0);
  });

  it("on a way back the card stands behind where it comes from", () => {
    const room = makeRoom(graph, at({ a: 0, b: step, c: 2 * step, aside: 0 }), then("c"), size)!;
    expect(room).toEqual({ at: { x: 3 * step, y: 0 }, moved: new Map() });
  });

  it("there is none where nothing leads", () => {
    expect(makeRoom(graph, at({ a: 0, b: 1, c: 2, aside: 3 }), then("aside"), size)).toBeUndefined();
  });
});

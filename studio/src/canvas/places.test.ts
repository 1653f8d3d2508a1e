import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Draft } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { freePlace, freeShift } from "./free-place.js";
import { knownPlaces, placeRest, renames, usesLayout } from "./places.js";
import { rectOf } from "./project-parts.js";
import { overlap } from "./size.js";

const flow = JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8"));
const draft = (positions: Draft["layout"]["positions"]): Draft => ({
  flow,
  layout: positions ? { positions } : {},
  settings: {},
});

describe("places of steps", () => {
  it("the layout's come before those found, and a name like an object's own key is no place", () => {
    const graph = readSteps({ ...draft(undefined), flow: { ...flow, toString: flow.done } });
    const places = knownPlaces(graph, { positions: { done: { x: 5, y: 6 } } }, new Map([["done", { x: 0, y: 0 }]]));
    expect([...places]).toEqual([["done", { x: 5, y: 6 }]]);
  });

  it("a few that have none stand right of what leads to them, and on nothing", () => {
    const graph = readSteps(draft(undefined));
    const known = new Map([
      ["greetings", { x: 0, y: 0 }],
      ["langChoices", { x: 440, y: 0 }],
      ["anyOtherChoices", { x: 880, y: 100 }],
    ]);
    const found = placeRest(graph, known);
    expect([...found.keys()].sort()).toEqual(["done", "startLangPrefSession"]);
    expect(found.get("done")!.x).toBeGreaterThan(880 + 260);
    const rects = graph.steps.map(({ id }) => rectOf(id, graph, known)!);
    for (const [index, rect] of rects.entries()) {
      expect(rects.slice(index + 1).some((other) => overlap(rect, other))).toBe(false);
    }
  });

  it("the States view is laid out by itself until an answer has a place", () => {
    const cards = { positions: { greetings: { x: 1, y: 1 } } };
    const graph = readStates(draft(undefined));
    expect(usesLayout(graph, cards)).toBe(false);
    expect(knownPlaces(graph, cards, new Map()).size).toBe(0);
    const withAnswer = { positions: { ...cards.positions, langChoiceGo: { x: 2, y: 2 } } };
    expect(usesLayout(graph, withAnswer)).toBe(true);
    expect(knownPlaces(graph, withAnswer, new Map()).size).toBe(2);
    expect(usesLayout(readSteps(draft(undefined)), cards)).toBe(true);
  });

  it("a free place is below what is in the way", () => {
    const size = { width: 260, height: 100 };
    const taken = [
      { x: 0, y: 0, width: 260, height: 100 },
      { x: 100, y: 150, width: 260, height: 100 },
      { x: 900, y: 0, width: 260, height: 900 },
    ];
    const place = freePlace({ x: 7, y: 9 }, size, taken);
    expect(place.x).toBe(0);
    expect(taken.some((rect) => overlap({ ...place, ...size }, rect))).toBe(false);
    expect(freePlace({ x: 500, y: 40 }, size, taken)).toEqual({ x: 500, y: 40 });
  });
});

describe("renames", () => {
  it.each([
    ["one", ["a", "b", "c"], ["a", "x", "c"], [["b", "x"]]],
    [
      "the first and the one behind it",
      ["a", "b", "c"],
      ["x", "y", "c"],
      [
        ["a", "x"],
        ["b", "y"],
      ],
    ],
    ["none: one came", ["a", "c"], ["a", "b", "c"], []],
    ["none: one went", ["a", "b", "c"], ["a", "c"], []],
    ["one, and one came behind it", ["a", "b"], ["a", "x", "y"], [["b", "x"]]],
    ["none: the order changed", ["a", "b", "c"], ["c", "a", "b"], []],
  ] as const)("%s", (_what, before, now, wanted) => {
    expect([...renames(before, now)]).toEqual(wanted);
  });
});

it("several cards go down together, no further than they have to, until none lies on another", () => {
  const card = (x: number, y: number) => ({ x, y, width: 260, height: 100 });
  const taken = [card(0, 0), card(0, 260), card(900, 0)];
  expect(freeShift([card(0, 120), card(300, 120)], taken)).toBe(0);
  const shift = freeShift([card(20, 20), card(300, 400)], taken);
  const moved = card(20, 20 + shift);
  expect(shift).toBeGreaterThan(0);
  expect(taken.filter((other) => overlap(moved, other))).toEqual([]);
  // Between the two there is no room for one with its gap.
  expect(moved.y).toBeGreaterThanOrEqual(360);
});

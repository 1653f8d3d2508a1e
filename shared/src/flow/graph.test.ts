import { describe, expect, it } from "vitest";
import { ask, openChat, picked, say, typed } from "../testing/states.js";
import { reachable, readGraph, stepsOf } from "./graph.js";
import { readModel } from "./model.js";

/** The names of the states that may follow each state, by `next` or by an answer. */
function ways(flow: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const model = readModel(flow);
  const { offsets, edges } = readGraph(model);
  const out = (node: number) => [...edges.slice(offsets[node], offsets[node + 1])];
  const names = (node: number): string[] =>
    node < model.states.length ? [model.states[node]!.name] : out(node).flatMap(names);
  return Object.fromEntries(model.states.map((state) => [state.name, out(state.index).flatMap(names)]));
}

describe("readGraph", () => {
  it("leads to next and to every match of what a state opens", () => {
    const flow = {
      a: ask("q", ["x", "y", "x", "none"], "b"),
      b: openChat("s", "nowhere"),
      x: picked("q", "x", "x"),
      y: picked("q", "y"),
      y2: picked("q", "y"),
      t: typed("s", "a"),
      u: typed("s", "a", "yes"),
      c: say("c"),
    };
    expect(ways(flow)).toEqual({
      a: ["b", "x", "y", "y2"],
      b: ["t", "u"],
      x: ["x"],
      y: [],
      y2: [],
      t: ["a"],
      u: ["a"],
      c: [],
    });
  });

  it("is as large as the flow, however many requests and matches share an answer", () => {
    const flow: Record<string, unknown> = {};
    for (let i = 0; i < 500; i++) Object.assign(flow, { [`a${i}`]: ask("q", ["x"]), [`m${i}`]: picked("q", "x") });
    const { size, edges } = readGraph(readModel(flow));
    expect(size).toBe(1_001);
    expect(edges).toHaveLength(1_000);
  });
});

describe("reachable", () => {
  it("follows every way from the roots, once", () => {
    const model = readModel({
      a: say("a", "b"),
      b: ask("q", ["x"]),
      x: picked("q", "x", "a"),
      c: say("c", "d"),
      d: say("d", "c"),
    });
    const from = (root: number) =>
      model.states.filter((_, i) => reachable(readGraph(model), [root])[i]).map((state) => state.name);
    expect(from(0)).toEqual(["a", "b", "x"]);
    expect(from(4)).toEqual(["c", "d"]);
  });
});

describe("stepsOf", () => {
  it("is one for a state, and one more for every eight ways out; an answer is only its ways", () => {
    const items = Array.from({ length: 16 }, (_, i) => `i${i}`);
    const flow = {
      eight: ask("q", items.slice(0, 8)),
      seven: ask("q", items.slice(0, 7)),
      sixteen: ask("q", items),
      ...Object.fromEntries(items.map((id) => [id, picked("q", id)])),
      ...Object.fromEntries(items.map((id) => [`again ${id}`, picked("q", "i0")])),
    };
    const model = readModel(flow);
    const graph = readGraph(model);
    const steps = (node: number) => stepsOf(graph, node, model.states.length);
    expect([0, 1, 2, 3].map(steps)).toEqual([2, 1, 3, 1]);
    const [first, second] = model.answers.map((answer) => steps(model.states.length + answer.index));
    expect([first, second]).toEqual([2, 0]);
  });
});

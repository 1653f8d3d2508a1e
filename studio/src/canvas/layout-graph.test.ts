import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Point } from "@parley/shared/flow/layout";
import type { ELK } from "elkjs/lib/elk-api.js";
import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../document/draft.js";
import { readStates, readSteps, type StepGraph } from "../document/steps.js";
import { layOutColumns, weightOf } from "./layout-columns.js";
import { elkGraph, type LayoutTask, layoutTask, loopEdges, positionsOf } from "./layout-graph.js";
import { overlap, type Rect, sizeOf } from "./size.js";

const FLOWS = new URL("../../../flows/", import.meta.url);
const files = readdirSync(FLOWS).filter((file) => /^[^.]+\.json$/.test(file));
const Elk: new () => ELK = createRequire(import.meta.url)("elkjs/lib/elk.bundled.js");
const elk = new Elk();

const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const read = (file: string): Draft => draftOf(JSON.parse(readFileSync(new URL(file, FLOWS), "utf8")));

const byElk = async (task: LayoutTask) => positionsOf(task, await elk.layout(elkGraph(task)));
const inColumns = (task: LayoutTask) => layOutColumns(task);

async function laidOut(
  graph: StepGraph,
  layOut: (task: LayoutTask) => Map<string, Point> | Promise<Map<string, Point>> = byElk,
): Promise<Map<string, Rect>> {
  const places = await layOut(layoutTask(graph));
  return new Map(graph.steps.map((step) => [step.id, { ...places.get(step.id)!, ...sizeOf(step) }]));
}

describe.each(files)("the layout of %s", (file) => {
  it.each([
    ["steps", "layers", readSteps, byElk],
    ["states", "layers", readStates, byElk],
    ["steps", "columns", readSteps, inColumns],
    ["states", "columns", readStates, inColumns],
  ] as const)("of %s in %s: nothing overlaps, the start is at the left, only loops go back", async (...given) => {
    const [, , readView, layOut] = given;
    const graph = readView(read(file));
    expectGood(graph, await laidOut(graph, layOut));
  });
});

function expectGood(graph: StepGraph, rects: ReadonlyMap<string, Rect>): void {
  const cards = [...rects.values()];
  const overlaps = cards.filter((card, index) => cards.slice(index + 1).some((other) => overlap(card, other)));
  expect(overlaps).toEqual([]);
  expect(rects.get(graph.start!)).toMatchObject({ x: 0, y: 0 });
  expect([...rects.values()].every(({ x }) => x >= 0)).toBe(true);
  const closing = loopEdges(graph.steps, graph.edges, graph.start);
  const back = graph.edges.filter((edge) => {
    const [from, to] = [rects.get(edge.from)!, rects.get(edge.to)!];
    return !closing.has(edge) && to.x < from.x + from.width;
  });
  expect(back).toEqual([]);
}

it("a flow of 5,000 states with long ways and loops is too heavy for layers, and good in columns", async () => {
  const flow: Record<string, FlowJson[string]> = {};
  for (let i = 0; i < 1000; i++) {
    const answer = (item: string, to: number) => {
      const next = to >= 0 && to < 1000 ? { next: `m${to}` } : {};
      flow[`a${i}${item}`] = { matchResponse: { kind: "ChoiceResponse", groupId: `g${i}`, itemId: item }, ...next };
    };
    const choices = ["a", "b", "c"].map((itemId) => ({ itemId, content: itemId }));
    flow[`m${i}`] = { sendRequest: { kind: "BotText", content: "Hi" }, next: `q${i}` };
    flow[`q${i}`] = { sendRequest: { kind: "ChoiceRequest", groupId: `g${i}`, question: "?", choices } };
    answer("a", i + 1);
    answer("b", 2 * i + 1);
    answer("c", i - 3);
  }
  const graph = readSteps(draftOf(flow));
  expect(graph.steps).toHaveLength(2000);
  expect(weightOf(layoutTask(graph))).toBeGreaterThan(20_000);
  expectGood(graph, await laidOut(graph, inColumns));
});

describe("loops", () => {
  const say = (content: string, next: string) => ({ sendRequest: { kind: "BotText", content }, next });

  it("one edge of a circle closes it: the one that leads back to the start", () => {
    const graph = readSteps(draftOf({ a: say("a", "b"), b: say("b", "c"), c: say("c", "a") }));
    const closing = loopEdges(graph.steps, graph.edges, "a");
    expect([...closing].map(({ from, to }) => [from, to])).toEqual([["c", "a"]]);
  });

  it("two ways to one step are no loop", () => {
    const graph = readSteps(draftOf({ a: say("a", "c"), b: say("b", "c"), c: say("c", "d"), d: say("d", "nowhere") }));
    expect(loopEdges(graph.steps, graph.edges, "a").size).toBe(0);
  });

  it("a step that leads to itself is laid out", async () => {
    const graph = readSteps(draftOf({ a: say("a", "a"), b: say("b", "a") }));
    const rects = await laidOut(graph);
    expect(overlap(rects.get("a")!, rects.get("b")!)).toBe(false);
  });

  it("does not run out of stack on a long way", () => {
    const flow = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`s${i}`, say("x", `s${i + 1}`)]));
    const graph = readSteps(draftOf(flow));
    expect(loopEdges(graph.steps, graph.edges, "s0").size).toBe(0);
  });
});

it("some steps are laid out among themselves", async () => {
  const graph = readSteps(read("bot-assistant.json"));
  const task = layoutTask(graph, new Set(["langChoices", "anyOtherChoices"]));
  expect(task.steps.map(({ id }) => id)).toEqual(["langChoices", "anyOtherChoices"]);
  expect(task.first).toBeUndefined();
  const places = positionsOf(task, await elk.layout(elkGraph(task)));
  expect([...places.keys()]).toEqual(["langChoices", "anyOtherChoices"]);
});

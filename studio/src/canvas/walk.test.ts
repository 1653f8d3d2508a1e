import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readStates, readSteps } from "../document/steps.js";
import { type Rect, sizeOf } from "./size.js";
import { type Direction, nearest, type Spot, walk } from "./walk.js";

const flow = JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8"));
const graph = readSteps({ flow, layout: {}, settings: {} });
const at = (places: Record<string, [number, number]>) =>
  new Map(
    graph.steps.map((step): [string, Rect] => {
      const [x, y] = places[step.id]!;
      return [step.id, { x, y, ...sizeOf(step) }];
    }),
  );
const rects = at({
  greetings: [0, 0],
  langChoices: [400, 0],
  startLangPrefSession: [800, 200],
  anyOtherChoices: [1200, 0],
  done: [1600, 0],
});
const go = (from: Spot, direction: Direction, cameFrom?: string) => walk(graph, rects, from, direction, cameFrom);

describe("walking with arrow keys", () => {
  it("right of a message is what follows it", () => {
    expect(go({ item: "greetings" }, "right")).toEqual({ item: "langChoices" });
  });

  it("right of a question are its answers, right of an answer is where it leads, and left is the way back", () => {
    const first = go({ item: "langChoices" }, "right")!;
    expect(first).toEqual({ item: "langChoices", port: "answer:rust" });
    const second = go(first, "down")!;
    expect(second.port).toBe("answer:go");
    const third = go(second, "down")!;
    expect(go(third, "right")).toEqual({ item: "startLangPrefSession" });
    expect(go({ item: "startLangPrefSession" }, "left", "langChoices")).toEqual(third);
    expect(go(third, "left")).toEqual({ item: "langChoices" });
    expect(go(first, "up")).toEqual({ item: "langChoices" });
  });

  it("left goes back to where one came from, where several lead here", () => {
    expect(go({ item: "langChoices" }, "left", "anyOtherChoices")).toEqual({
      item: "anyOtherChoices",
      port: "answer:yes",
    });
    expect(go({ item: "langChoices" }, "left", "greetings")).toEqual({ item: "greetings" });
  });

  it("down is the next of those that follow the same step and stand in the same column", () => {
    const column = at({
      greetings: [0, 0],
      langChoices: [400, 0],
      startLangPrefSession: [800, 400],
      anyOtherChoices: [800, 0],
      done: [1200, 0],
    });
    expect(walk(graph, column, { item: "anyOtherChoices" }, "down")).toEqual({ item: "startLangPrefSession" });
    expect(walk(graph, column, { item: "startLangPrefSession" }, "up")).toEqual({ item: "anyOtherChoices" });
  });

  it("where no edge leads it goes to what lies nearest that way, and stays where there is nothing", () => {
    expect(go({ item: "done" }, "right")).toBeUndefined();
    expect(nearest(rects, "startLangPrefSession", "right")).toEqual({ item: "anyOtherChoices" });
    expect(go({ item: "no such note" }, "left")).toBeUndefined();
  });

  it("a way out that leads nowhere is stayed on", () => {
    const cut = readSteps({
      flow: { ...flow, anyOtherNo: { matchResponse: flow.anyOtherNo.matchResponse } },
      layout: {},
      settings: {},
    });
    expect(walk(cut, rects, { item: "anyOtherChoices", port: "answer:no" }, "right")).toBeUndefined();
  });

  it("in the States view a question's answers follow it", () => {
    const states = readStates({ flow, layout: {}, settings: {} });
    const all = new Map(
      states.steps.map((step, i): [string, Rect] => [step.id, { x: i * 300, y: 0, ...sizeOf(step) }]),
    );
    const answer = { item: "langChoices", port: "answer:rust" };
    expect(walk(states, all, { item: "langChoices" }, "right")).toEqual(answer);
    expect(walk(states, all, answer, "right")).toEqual({ item: "langChoiceRust" });
    expect(walk(states, all, { item: "langChoiceRust" }, "left")).toEqual(answer);
  });
});

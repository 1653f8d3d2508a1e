import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../document/draft.js";
import { readStates, readSteps, type StepGraph } from "../document/steps.js";
import type { Overlay } from "./overlay.js";
import { countWords, NO_PAINT, paint, paintWords } from "./overlay-paint.js";

const flow: FlowJson = {
  hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "ask" },
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "Well?",
      choices: [
        { itemId: "a", content: "A" },
        { itemId: "b", content: "B" },
      ],
    },
  },
  askA: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "a" }, next: "name" },
  askB: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "b" }, next: "name" },
  name: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  nameAny: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "nameEnd" },
  nameEnd: { sendRequest: { kind: "EndChatSession", sessionId: "s" }, next: "bye" },
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
};
const draft: Draft = { flow, layout: {}, settings: {} };
const path = ["hi", "ask", "askB", "name", "nameAny", "nameEnd", "bye"];
const edges = (graph: StepGraph, overlay: Overlay) =>
  [...paint(overlay, graph).edges].map((id) => id.replaceAll("\n", " "));

describe("the paint over the drawing", () => {
  it("of a way, in the Steps view: the cards, the answers taken, and the edges of these and no others", () => {
    const graph = readSteps(draft);
    const { steps } = paint({ path, waiting: new Set(["name"]) }, graph);
    expect([...steps].filter(([, one]) => one.onPath).map(([id]) => id)).toEqual(["hi", "ask", "name", "bye"]);
    expect([...steps.get("ask")!.ports].map(([id, { taken }]) => [id, taken])).toEqual([
      ["answer:a", false],
      ["answer:b", true],
    ]);
    expect([...steps].filter(([, one]) => one.waiting).map(([id]) => id)).toEqual(["name"]);
    expect(edges(graph, { path })).toEqual(["hi then", "ask answer:b", "name other-text"]);
  });

  it("of a way, in the States view: also from what asked to what took the answer", () => {
    const graph = readStates(draft);
    const { steps } = paint({ path }, graph);
    expect([...steps].filter(([, one]) => one.onPath).map(([id]) => id)).toEqual(path);
    expect(edges(graph, { path })).toEqual([
      "hi then",
      "ask answer:b",
      "askB then",
      "name other-text",
      "nameAny then",
      "nameEnd then",
    ]);
  });

  it("draws no edge where the way jumps: to another start, or to where a question was left open", () => {
    expect(edges(readSteps(draft), { path: ["hi", "bye"] })).toEqual([]);
    const late = { ...flow, ask: { ...(flow.ask as object), next: "bye" } } as FlowJson;
    const states = readStates({ ...draft, flow: late });
    expect(edges(states, { path: ["hi", "ask", "bye", "askA", "name"] })).toEqual([
      "hi then",
      "ask then",
      "ask answer:a",
      "askA then",
    ]);
  });

  it("of tests and counts: every step, what they do not come by included", () => {
    const counts = new Map([
      ["hi", { came: 4, stopped: 0 }],
      ["ask", { came: 4, stopped: 1 }],
      ["askB", { came: 3, stopped: 0 }],
    ]);
    const { steps } = paint({ counts, tested: new Set(["hi", "ask", "askA"]) }, readSteps(draft));
    expect(steps.size).toBe(4);
    expect(steps.get("ask")).toMatchObject({ tested: true, count: { came: 4, stopped: 1 } });
    expect(steps.get("bye")).toMatchObject({ tested: false, count: { came: 0, stopped: 0 } });
    const ports = [...steps.get("ask")!.ports].map(([id, { tested, came }]) => [id, tested, came]);
    expect(ports).toEqual([
      ["answer:a", true, 0],
      ["answer:b", false, 3],
    ]);
    expect(paintWords(steps.get("ask")!)).toEqual(["tested", "4 conversations, 1 stopped here (25 %)"]);
    expect(countWords({ came: 1, stopped: 0 })).toBe("1 conversation");
  });

  it("is the same object where it is the same, and nothing at all without an overlay", () => {
    const graph = readSteps(draft);
    const before = paint({ path }, graph);
    const now = paint({ path: [...path], waiting: new Set(["bye"]) }, graph, before);
    expect(now.steps.get("ask")).toBe(before.steps.get("ask"));
    expect(now.edges).toBe(before.edges);
    expect(now.steps.get("bye")).not.toBe(before.steps.get("bye"));
    expect(paint({}, graph, before)).toBe(NO_PAINT);
    expect(paint({ path: [], waiting: new Set() }, graph)).toBe(NO_PAINT);
  });
});

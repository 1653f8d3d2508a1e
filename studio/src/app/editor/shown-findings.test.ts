import type { Finding } from "@parley/shared/flow/finding";
import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../../document/draft.js";
import { readSteps } from "../../document/steps.js";
import { findingKey, freshSteps, type InHand, knownFindings, marksOf, shownFindings } from "./shown-findings.js";

const flow: FlowJson = {
  hi: { sendRequest: { kind: "BotText", content: "Hi" } },
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "Well?",
      choices: [{ itemId: "a", content: "A" }],
    },
  },
  askA: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "a" } },
};
const graph = readSteps({ flow, layout: {}, settings: {} } satisfies Draft);
const finding = (code: Finding["code"], severity: Finding["severity"], state?: string): Finding => ({
  code,
  severity,
  ...(state !== undefined && { state }),
  pointer: state === undefined ? "" : `/${state}`,
  message: "",
  plain: `${code} of ${state}`,
});
const hint = finding("unreachable", "warning", "ask");
const problem = finding("too-large", "error", "hi");
const whole = finding("not-a-flow", "error");
const NOTHING: InHand = { fresh: new Set(), selection: [], known: new Set() };
const shown = (findings: Finding[], inHand: Partial<InHand> = {}) =>
  shownFindings(graph, findings, { ...NOTHING, ...inHand }).map(({ finding }) => finding);

describe("which findings are shown", () => {
  it("none of a step that was made just now, and all of the others", () => {
    expect(shown([hint, problem, whole], { fresh: new Set(["ask", "hi"]) })).toEqual([whole]);
    expect(shown([hint, problem, whole])).toEqual([hint, problem, whole]);
  });

  it("a step is fresh that came to be written, until it is left; one that an undo brings back is not", () => {
    const graphs = { before: readSteps({ flow: { hi: flow.hi! }, layout: {}, settings: {} }), now: graph };
    const fresh = freshSteps(new Set(), graphs, ["ask"], "ask");
    expect([...fresh]).toEqual(["ask"]);
    expect([...freshSteps(fresh, { before: graph, now: graph }, ["ask"], undefined)]).toEqual(["ask"]);
    expect([...freshSteps(fresh, { before: graph, now: graph }, ["hi"], undefined)]).toEqual([]);
    expect([...freshSteps(new Set(), graphs, ["ask"], undefined)]).toEqual([]);
  });

  it("of a step in hand: its problems, and the hints it had when it was taken in hand", () => {
    const dead = finding("dead-end", "warning", "askA");
    const known = knownFindings(graph, [hint, problem], ["ask"]);
    expect([...known]).toEqual([findingKey(hint)]);
    expect(shown([hint, dead, problem], { selection: ["ask"], known })).toEqual([hint, problem]);
    expect(shown([hint, dead, problem], { selection: ["hi"] })).toEqual([hint, dead, problem]);
    expect(shown([problem], { selection: ["hi"] })).toEqual([problem]);
  });

  it("that a question is never reached is said once, not for its answers again", () => {
    const answer = finding("unreachable", "warning", "askA");
    expect(shown([hint, answer])).toEqual([hint]);
    expect(shown([answer])).toEqual([answer]);
  });

  it("the badge of a step counts them, with its ways out; where nothing changed it is the same one", () => {
    const placed = shownFindings(graph, [finding("dead-end", "warning", "askA"), problem, whole], NOTHING);
    const marks = marksOf(placed);
    expect(marks.get("hi")).toMatchObject({ problems: 1, hints: 0 });
    expect([...marks.get("ask")!.ports]).toEqual([["answer:a", "warning"]]);
    expect(marks.size).toBe(2);
    const again = marksOf(shownFindings(graph, [finding("dead-end", "warning", "askA")], NOTHING), marks);
    expect(again.get("ask")).toBe(marks.get("ask"));
    expect(again.has("hi")).toBe(false);
  });
});

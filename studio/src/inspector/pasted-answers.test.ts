import { describe, expect, it } from "vitest";
import { applyAll } from "../document/apply.js";
import { addQuestion, addText } from "../document/commands/add.js";
import type { Draft } from "../document/draft.js";
import { readSteps } from "../document/steps.js";
import { linesOf, pastedAnswers } from "./pasted-answers.js";

const EMPTY: Draft = { flow: {}, layout: {}, settings: {} };
const question = applyAll(EMPTY, addQuestion(EMPTY, { text: "Q", answers: ["one", "two"] }).changes).draft;

function paste(draft: Draft, port: string, lines: string[], before = "", after = "") {
  const [step] = readSteps(draft).steps;
  const result = pastedAnswers(draft, { step: step!.id, port, lines, before, after });
  const now = applyAll(draft, result.changes);
  const ports = readSteps(now.draft).steps[0]!.ports;
  return { ...result, now, ports, labels: ports.map(({ label }) => label) };
}

describe("several lines pasted into an answer", () => {
  it("go below it, the first where the caret is, and the keyboard goes to the last", () => {
    const { labels, ports, focus } = paste(question, "answer:one", ["A", "B", "C"], "on", "!");
    expect(labels).toEqual(["onA", "B", "C!", "two"]);
    expect(focus).toMatchObject({ field: "port", port: ports[2]!.id });
  });

  it("each have a state of their own, and are one undo", () => {
    const { ports, now } = paste(question, "answer:two", ["A", "B"]);
    expect(new Set(ports.map(({ state }) => state)).size).toBe(3);
    expect(ports.every(({ state }) => state !== undefined)).toBe(true);
    expect(JSON.stringify(applyAll(now.draft, now.inverse).draft)).toBe(JSON.stringify(question));
  });

  it("are expected texts of a text question, none twice", () => {
    const text = applyAll(EMPTY, addText(EMPTY, { text: "T", expected: ["yes"] }).changes).draft;
    const [port] = readSteps(text).steps[0]!.ports;
    expect(paste(text, port!.id, ["yes", "no", "NO"]).labels).toEqual(["yes", "no", ""]);
  });

  it("are refused where the answer is gone", () => {
    expect(paste(question, "answer:three", ["A", "B"]).refused).toBeDefined();
  });
});

describe("the lines of what is pasted", () => {
  it("are without bullets, numbers and empty lines", () => {
    expect(linesOf("- Red\r\n\n* Green\n  3. Blue \n4) 2.5 litres")).toEqual(["Red", "Green", "Blue", "2.5 litres"]);
    expect(linesOf("-5 °C\n-10 °C")).toEqual(["-5 °C", "-10 °C"]);
  });

  it("are none where there is one line: that is pasted as it is", () => {
    expect(linesOf("- Red\n")).toBeUndefined();
    expect(linesOf("")).toBeUndefined();
  });
});

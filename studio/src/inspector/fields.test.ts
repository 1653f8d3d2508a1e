import { check } from "@parley/shared/flow/check";
import type { FindingCode } from "@parley/shared/flow/finding";
import { describe, expect, it } from "vitest";
import type { TextRef } from "../document/commands/command.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { aboutWords, fieldAt, fieldOfFinding } from "./fields.js";

const FLOW: FlowJson = {
  hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "ask" },
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "Well?",
      choices: [
        { itemId: "a", content: "A" },
        { itemId: "b", content: "" },
      ],
    },
  },
  askA: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "a" }, next: "say" },
  say: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: "Type", chatText: "Say" } },
  sayYes: { matchResponse: { kind: "UserText", sessionId: "s", content: "yes" }, next: "sayEnd" },
  sayEnd: { sendRequest: { kind: "EndChatSession", sessionId: "s" }, next: "gone" },
  "7": { sendRequest: { kind: "BotText", content: "Never" } },
  odd: 5,
};
const draft: Draft = { flow: FLOW, layout: {}, settings: {} };
const steps = readSteps(draft);
const found = (code: FindingCode) => {
  const findings = check(FLOW).filter((finding) => finding.code === code);
  expect(findings, code).not.toEqual([]);
  return findings;
};

describe("the field that edits a place of the flow", () => {
  it.each([
    [["hi", "sendRequest", "content"], { step: "hi", field: "text" }],
    [["hi", "next"], { step: "hi", field: "lead", port: "then" }],
    [["ask", "sendRequest", "question"], { step: "ask", field: "text" }],
    [["ask", "sendRequest", "choices", { item: "b" }, "content"], { step: "ask", field: "port", port: "answer:b" }],
    [["askA", "next"], { step: "ask", field: "lead", port: "answer:a" }],
    [["say", "sendRequest", "chatText"], { step: "say", field: "text" }],
    [["say", "sendRequest", "chatPrompt"], { step: "say", field: "prompt" }],
    [["sayYes", "matchResponse", "content"], { step: "say", field: "port", port: "text:sayYes" }],
    // Behind an expected text stands its end, and that leads on.
    [["sayEnd", "next"], { step: "say", field: "lead", port: "text:sayYes" }],
  ])("of %j is %j", (place, field) => {
    expect(fieldAt(steps, place)).toEqual(field);
  });

  it.each([
    [["hi"]],
    [["nobody", "next"]],
    [["hi", "sendRequest", "kind"]],
    [["ask", "sendRequest", "groupId"]],
    [["ask", "sendRequest", "choices", { item: "z" }, "content"]],
    [["askA", "matchResponse", "itemId"]],
  ])("of %j there is none", (place) => {
    expect(fieldAt(steps, place)).toBeUndefined();
  });

  it("in the States view is that of the state itself", () => {
    const states = readStates(draft);
    expect(fieldAt(states, ["askA", "next"])).toEqual({ step: "askA", field: "lead", port: "then" });
    expect(fieldAt(states, ["sayYes", "matchResponse", "content"])).toEqual({ step: "sayYes", field: "text" });
  });
});

describe("the field that mends a finding", () => {
  it.each<[FindingCode, unknown]>([
    ["next-missing", { step: "say", field: "lead", port: "text:sayYes" }],
    ["choice-without-match", { step: "ask", field: "lead", port: "answer:b" }],
    ["empty-text", { step: "ask", field: "port", port: "answer:b" }],
    ["no-other-text", { step: "say", field: "lead", port: "other-text" }],
    ["bad-name", { step: "7", field: "name" }],
    ["bad-shape", { step: "odd", field: "text" }],
  ])("%s", (code, field) => {
    expect(found(code).map((finding) => fieldOfFinding(steps, finding))).toEqual([field]);
  });

  it("of a finding about the flow as a whole there is none", () => {
    const finding = { code: "not-a-flow", severity: "error", pointer: "", message: "", plain: "" } as const;
    expect(fieldOfFinding(steps, finding)).toBeUndefined();
  });
});

describe("whether a finding is about the words being typed", () => {
  it("is so for that text and for no other", () => {
    const about = (code: FindingCode, text: TextRef) => found(code).map(aboutWords(draft, text));
    expect(about("empty-text", { step: "ask", field: "port", port: "answer:b" })).toEqual([true]);
    expect(about("empty-text", { step: "ask", field: "port", port: "answer:a" })).toEqual([false]);
    expect(about("empty-text", { step: "ask", field: "text" })).toEqual([false]);
    expect(about("empty-text", { step: "gone", field: "text" })).toEqual([false]);
    expect(about("next-missing", { step: "say", field: "text" })).toEqual([false]);
  });
});

import { describe, expect, it } from "vitest";
import type { FlowJson } from "../document/draft.js";
import { diffSteps } from "./step-diff.js";

const say = (content: string, next?: string) => ({
  sendRequest: { kind: "BotText", content },
  ...(next !== undefined && { next }),
});
const ask = (question: string, items: Record<string, string>) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId: "go",
    question,
    choices: Object.entries(items).map(([itemId, content]) => ({ itemId, content })),
  },
});
const take = (itemId: string, next?: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId: "go", itemId },
  ...(next !== undefined && { next }),
});
const FLOW: FlowJson = {
  hello: say("Hello <b>you</b>", "ask"),
  ask: ask("Shall we?", { yes: "Yes", no: "No" }),
  yes: take("yes", "bye"),
  no: take("no", "bye"),
  bye: say("Bye", "name"),
  name: { sendRequest: { kind: "StartChatSession", sessionId: "name", chatPrompt: "Your name" } },
  red: { matchResponse: { kind: "UserText", sessionId: "name", content: "red" }, next: "end" },
  any: { matchResponse: { kind: "UserText", sessionId: "name" }, next: "end" },
  end: { sendRequest: { kind: "EndChatSession", sessionId: "name" } },
};
const told = (to: FlowJson, from = FLOW) => {
  const diff = diffSteps(from, to);
  return diff.steps.map(({ is, kind, title, lines }) => ({ [`${is} ${kind}`]: title, lines }));
};

describe("what differs, step by step", () => {
  it("nothing in the same flow", () => {
    expect(diffSteps(FLOW, structuredClone(FLOW))).toMatchObject({ steps: [], newEnds: [], start: undefined });
  });

  it("texts are told as they are read, and ways by the titles of steps", () => {
    const to = { ...FLOW, hello: say("Hi <b>you</b>", "ask"), yes: take("yes", "name"), no: take("no") };
    expect(told(to)).toEqual([
      { "changed message": "Hi you", lines: [{ words: "Text", from: "Hello you", to: "Hi you" }] },
      {
        "changed question": "Shall we?",
        lines: [
          { words: "After “Yes”: then “Your name” instead of “Bye”" },
          { words: "After “No”: ends here, led to “Bye”" },
        ],
      },
    ]);
    expect(diffSteps(FLOW, to).newEnds).toEqual(["“No” of “Shall we?”"]);
  });

  it("an answer is a part of its question, added and removed", () => {
    const { no: _, ...rest } = FLOW;
    const items = { yes: "Yes", later: "<i>Later</i>", never: "Never" };
    const to = { ...rest, ask: ask("Shall we?", items), later: take("later", "bye"), never: take("never", "bye") };
    expect(told(to)).toEqual([
      {
        "changed question": "Shall we?",
        lines: [{ words: "Answer “No” removed" }, { words: "Answer “Later” added" }, { words: "Answer “Never” added" }],
      },
    ]);
    const renamed = { ...rest, ask: ask("Shall we?", { yes: "Yes", never: "Never" }), never: take("never", "bye") };
    expect(told(renamed)).toEqual([
      {
        "changed question": "Shall we?",
        lines: [
          { words: "ID of an answer in the file", from: "no", to: "never" },
          { words: "Answer", from: "No", to: "Never" },
        ],
      },
    ]);
  });

  it("a step that came or went is one line, whatever states it has", () => {
    const { ask: _ask, yes: _yes, no: _no, ...rest } = FLOW;
    const to = { ...rest, hello: say("Hello <b>you</b>", "bye") };
    expect(told(to)).toEqual([
      { "changed message": "Hello you", lines: [{ words: "Then “Bye” instead of “Shall we?”" }] },
      { "removed question": "Shall we?", lines: [] },
    ]);
    expect(told(FLOW, to)).toEqual([
      { "changed message": "Hello you", lines: [{ words: "Then “Shall we?” instead of “Bye”" }] },
      { "added question": "Shall we?", lines: [] },
    ]);
  });

  it("expected texts are told at the step that asks", () => {
    const { red: _, ...rest } = FLOW;
    const blue = { matchResponse: { kind: "UserText", sessionId: "name", content: "blue sky" }, next: "end" };
    expect(told(rest as FlowJson)).toEqual([
      { "changed text": "Your name", lines: [{ words: "No longer expects “red”" }] },
    ]);
    expect(told({ ...FLOW, blue })).toEqual([
      { "changed text": "Your name", lines: [{ words: "Expects “blue sky” as well" }] },
    ]);
  });

  it("a new name alone is a rename; another start is said", () => {
    const { bye, ...rest } = FLOW;
    const to = { farewell: bye!, ...rest, yes: take("yes", "farewell"), no: take("no", "farewell") } as FlowJson;
    expect(told(to)).toEqual([{ "renamed message": "Bye", lines: [] }]);
    expect(diffSteps(FLOW, to).start).toBe("Bye");
  });
});

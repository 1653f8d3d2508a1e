import { describe, expect, it } from "vitest";
import type { Marks } from "../app/editor/shown-findings.js";
import type { Draft } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { type Match, matchFrom, search } from "./search.js";

const draft: Draft = {
  flow: {
    hello: { sendRequest: { kind: "BotText", content: "<b>Café</b> &amp; bar" }, next: "lang" },
    lang: {
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "languages",
        question: "Which one?",
        choices: [
          { itemId: "rs", content: "Rust" },
          { itemId: "go", content: "Go" },
        ],
      },
    },
    langRust: { matchResponse: { kind: "ChoiceResponse", groupId: "languages", itemId: "rs" }, next: "hello" },
    langGo: { matchResponse: { kind: "ChoiceResponse", groupId: "languages", itemId: "go" } },
    mail: { sendRequest: { kind: "StartChatSession", sessionId: "m1", chatPrompt: "Your address" } },
  },
  layout: { notes: [{ id: "n", text: "Ask Rust people", x: 0, y: 0, author: "Ada" }] },
  settings: {},
};
const marks = new Map<string, Marks>([
  ["lang", { problems: 0, hints: 2, sentences: [], ports: new Map() }],
  ["mail", { problems: 1, hints: 0, sentences: [], ports: new Map() }],
]);
const found = (words: string, among: "all" | "problems" | "hints" = "all", read = readSteps) =>
  search({ graph: read(draft), layout: draft.layout, marks, words, among }).map(({ item, port }) =>
    port === undefined ? item : `${item} ${port}`,
  );

describe("find", () => {
  it.each([
    ["words as they are read", "café & bar", ["hello"]],
    ["without marks, in any case", "CAFE", ["hello"]],
    ["a question's words", "which", ["lang"]],
    ["an answer's words, and a note", "rust", ["lang answer:rs", "note:n"]],
    ["the name of the state that takes an answer", "langgo", ["lang answer:go"]],
    ["a placeholder", "address", ["mail"]],
    ["an id", "m1", ["mail"]],
    ["an id of a question", "languages", ["lang"]],
    ["who wrote a note", "ada", ["note:n"]],
    ["no tag", "<b>", []],
    ["nothing without words", "  ", []],
  ])("%s", (_what, words, items) => {
    expect(found(words)).toEqual(items);
  });

  it("shows what is wrong, with and without words", () => {
    expect(found("", "problems")).toEqual(["mail"]);
    expect(found("", "hints")).toEqual(["lang"]);
    expect(found("go", "hints")).toEqual(["lang answer:go"]);
    expect(found("rust", "problems")).toEqual([]);
  });

  it("finds states in the States view", () => {
    expect(found("langrust", "all", readStates)).toEqual(["langRust"]);
  });

  it("goes from what is in hand to the next and back, round the end", () => {
    const matches: Match[] = [{ item: "a" }, { item: "c", port: "x" }, { item: "c", port: "y" }];
    const order = new Map(["a", "b", "c", "d"].map((item, index) => [item, index]));
    const from = (here: Match | undefined, by: -1 | 0 | 1) => matchFrom(matches, here, by, order);
    expect(from(undefined, 0)).toBe(0);
    expect(from({ item: "b" }, 0)).toBe(1);
    expect(from({ item: "b" }, 1)).toBe(1);
    expect(from({ item: "b" }, -1)).toBe(0);
    expect(from({ item: "c", port: "x" }, 1)).toBe(2);
    expect(from({ item: "c", port: "y" }, 1)).toBe(0);
    expect(from({ item: "a" }, -1)).toBe(2);
    expect(from({ item: "d" }, 0)).toBe(0);
    expect(matchFrom([], undefined, 1, order)).toBe(-1);
  });
});

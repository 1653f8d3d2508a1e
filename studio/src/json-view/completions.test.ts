import { describe, expect, it } from "vitest";
import { completionsAt } from "./completions.js";
import { placeIn } from "./json-place.js";
import { readKnown } from "./known.js";

const known = readKnown({
  flow: {
    hello: { sendRequest: { kind: "BotText", content: "Hi" }, next: "lang" },
    lang: {
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "lang",
        question: "Which?",
        choices: [
          { itemId: "rust", content: "Rust" },
          { itemId: 2, content: "<b>Go</b>" },
        ],
      },
    },
    ask: { sendRequest: { kind: "StartChatSession", sessionId: "mail", chatPrompt: "Your mail" }, next: "gone" },
  },
  layout: {},
  settings: {},
});

/** What is offered at the `|` of a text. */
const offered = (text: string) => {
  const pos = text.indexOf("|");
  const place = placeIn(text.replace("|", ""), pos);
  return place === undefined ? undefined : completionsAt(place, known).map(({ label, detail }) => detail ?? label);
};

describe("completion of the file's text", () => {
  it.each([
    ["the names that something leads to", "{ | }", ["is led to"]],
    [
      "the start of a state, whole",
      '{ "a": { | } }',
      [
        ...["BotText", "ChoiceRequest", "StartChatSession", "EndChatSession", "HandOff"],
        ...["ChoiceResponse", "UserText", "HandOffResult", "next"],
      ],
    ],
    ["what is not there yet", '{ "a": { "sendRequest": {}, "|" } }', ["next"]],
    ["states after next, by their words", '{ "a": { "next": "|" } }', ["Hi", "Which?", "Your mail"]],
    ["without quotes, too", '{ "a": { "next": la| } }', ["Hi", "Which?", "Your mail"]],
    ["in a text that breaks off", '{ "a": { "next": "|', ["Hi", "Which?", "Your mail"]],
    [
      "the kinds of a request",
      '{ "a": { "sendRequest": { "kind": "|" } } }',
      ["BotText", "ChoiceRequest", "StartChatSession", "EndChatSession", "HandOff"],
    ],
    [
      "the kinds of a match",
      '{ "a": { "matchResponse": { "kind": "Us|" } } }',
      ["ChoiceResponse", "UserText", "HandOffResult"],
    ],
    ["the kind before all fields", '{ "a": { "sendRequest": { | } } }', ["kind"]],
    [
      "the fields of the kind, wherever that stands",
      '{ "a": { "sendRequest": { |, "kind": "StartChatSession" } } }',
      ["sessionId", "if you like", "if you like"],
    ],
    ["questions", '{ "a": { "matchResponse": { "kind": "ChoiceResponse", "groupId": "|" } } }', ["Which?"]],
    [
      "the answers of the question",
      '{ "a": { "matchResponse": { "groupId": "lang", "itemId": "|" } } }',
      ["Rust", "Go"],
    ],
    ["… of no other", '{ "a": { "matchResponse": { "groupId": "x", "itemId": "|" } } }', []],
    ["chat sessions", '{ "a": { "sendRequest": { "kind": "EndChatSession", "sessionId": "|" } } }', ["Your mail"]],
    ["the fields of a choice", '{ "a": { "sendRequest": { "choices": [{ "itemId": "x", "|" }] } } }', ["content"]],
    ["answers within {{", '{ "a": { "sendRequest": { "content": "Hi {{|}}!" } } }', ["Which?", "Your mail"]],
    ["nothing in other words", '{ "a": { "sendRequest": { "content": "Hi |" } } }', []],
  ])("%s", (_what, text, labels) => {
    expect(offered(text)).toEqual(labels);
  });

  it.each(['{ "a": {} | }', '{ "a" | }', "|", '{ "a": "x"| }', '{ "a": [1] |'])("nothing fits %s", (text) => {
    expect(offered(text)).toBeUndefined();
  });

  it("knows the token it stands in", () => {
    expect(placeIn('{"a\\"b": "xy"}', 5)).toMatchObject({ at: "key", from: 1, to: 7, text: 'a\\"' });
    expect(placeIn('{"a": "xy"}', 8)).toMatchObject({ at: "value", path: ["a"], from: 6, to: 10, text: "x" });
    expect(placeIn('{"a": [1, tr', 12)).toMatchObject({ path: ["a", 1], from: 10, to: 12, text: undefined });
  });

  it("takes any beginning of any text", () => {
    const text = JSON.stringify({ "a\n": [{ "\\": '\\"' }, null, 1.5e3, [true]], "": {} }, null, 1);
    for (let i = 0; i <= text.length; i++) {
      expect(() => placeIn(text, i)).not.toThrow();
      expect(() => placeIn(text.slice(0, i), i)).not.toThrow();
    }
  });
});

import { describe, expect, it } from "vitest";
import { ask, codesOf, foundIn, openChat, picked, say, typed } from "../../testing/states.js";
import { MATCH_KINDS, REQUEST_KINDS } from "../schema.js";

const problems = (flow: unknown): [string, string][] =>
  foundIn(flow, "bad-shape").map((finding) => [finding.pointer, finding.message]);

describe("bad-shape", () => {
  it.each([
    ["a state that is no object", { a: "x" }, "/a", "it must be an object, not a string"],
    ["a state that is an array", { a: [] }, "/a", "it must be an object, not an array"],
    ["a state that is null", { a: null }, "/a", "it must be an object, not null"],
    ["neither request nor match", { a: { next: "a" } }, "/a", 'it must have one of "sendRequest", "matchResponse"'],
    ["both", { a: { ...say("x"), ...picked("g", "i") } }, "/a", "it must have only one of"],
    ["an unknown field of a state", { a: { ...say("x"), x: 1 } }, "/a/x", "x is no field of the format"],
    ["no kind", { a: { sendRequest: {} } }, "/a/sendRequest", 'sendRequest lacks "kind", one of "BotText"'],
    ["an unknown kind", { a: { sendRequest: { kind: "Video" } } }, "/a/sendRequest/kind", "must be one of"],
    ["a kind that is no text", { a: { sendRequest: { kind: 1 } } }, "/a/sendRequest/kind", "must be one of"],
    ["a kind of JavaScript", { a: { sendRequest: { kind: "toString" } } }, "/a/sendRequest/kind", "must be one of"],
    ["a match's kind in a request", { a: { sendRequest: { kind: "UserText" } } }, "/a/sendRequest/kind", "must be one"],
    ["a missing field", { a: { sendRequest: { kind: "BotText" } } }, "/a/sendRequest", 'sendRequest lacks "content"'],
    ["a wrong type", { a: say(7) }, "/a/sendRequest/content", "sendRequest.content must be a string, not a number"],
    ["a next that is no name", { a: say("x", 7) }, "/a/next", "next must be a string, not a number"],
    ["a next that is null", { a: say("x", null) }, "/a/next", "next must be a string, not null"],
    ["an empty id", { a: openChat("") }, "/a/sendRequest/sessionId", "sendRequest.sessionId must not be empty"],
    ["an id that is an object", { a: openChat({}) }, "/a/sendRequest/sessionId", "a string or a number, not an object"],
    ["an id beyond numbers", { a: openChat(JSON.parse("1e999")) }, "/a/sendRequest/sessionId", "an infinite number"],
    ["a question without items", { a: ask("g", []) }, "/a/sendRequest/choices", "must have at least one element"],
  ] as const)("%s", (_what, flow, pointer, message) => {
    expect(problems(flow)).toEqual([[pointer, expect.stringContaining(message)]]);
  });

  it("[F11] an unknown kind or field is an error in every kind", () => {
    for (const [part, kinds] of [
      ["sendRequest", REQUEST_KINDS],
      ["matchResponse", MATCH_KINDS],
    ] as const) {
      for (const kind of Object.keys(kinds)) {
        const found = problems({ a: { [part]: { kind, colour: "red" } } });
        expect(found, kind).toContainEqual([`/a/${part}/colour`, expect.stringContaining("is no field of the format")]);
      }
      expect(codesOf({ a: { [part]: { kind: "Payment" } } })).toContain("bad-shape");
    }
  });

  it("says which field could stand in the place of an unknown one", () => {
    const [, unknown] = problems({ a: { sendRequest: { kind: "BotText", text: "Hi" } } });
    expect(unknown).toEqual(["/a/sendRequest/text", expect.stringContaining('("content" could stand here)')]);
  });

  it("names the item of a question, and each of its mistakes", () => {
    const choices = [{ itemId: "x", content: "X" }, { itemId: "y", label: "Y" }, "z"];
    const flow = {
      a: { sendRequest: { kind: "ChoiceRequest", groupId: "g", question: "?", choices } },
      x: picked("g", "x", "a"),
    };
    expect(problems(flow)).toEqual([
      ["/a/sendRequest/choices/1", expect.stringContaining('sendRequest.choices[1] lacks "content"')],
      ["/a/sendRequest/choices/1/label", expect.stringContaining("sendRequest.choices[1].label is no field")],
      ["/a/sendRequest/choices/2", expect.stringContaining("must be an object, not a string")],
    ]);
  });

  it("quotes a field's name that is no word, and cuts a long one", () => {
    const [[, odd] = []] = problems({ a: { ...say("x"), "o dd\n": 1 } });
    expect(odd).toContain('"o dd\\n" is no field');
    const [[pointer, long] = []] = problems({ a: { ...say("x"), ["y".repeat(10_000)]: 1 } });
    expect(long!.length).toBeLessThan(300);
    expect(pointer).toHaveLength(10_003);
  });

  it("reads fields of the object itself only, not of its prototype", () => {
    expect(problems(JSON.parse('{"a":{"__proto__":{"sendRequest":{"kind":"BotText","content":"x"}}}}'))).toEqual([
      ["/a", expect.stringContaining("must have one of")],
      ["/a/__proto__", expect.stringContaining("is no field of the format")],
    ]);
  });

  it("takes a $schema that is a text, and no other", () => {
    expect(problems({ $schema: 7, a: say("x") })).toEqual([["/$schema", expect.stringContaining("must be a string")]]);
    expect(problems({ $schema: "", a: say("x") })).toEqual([]);
  });

  it("of a next that cannot be read it says nothing else", () => {
    const flow = { a: openChat("s"), t: typed("s", 5), done: say("x") };
    expect(codesOf(flow)).toEqual(["bad-shape", "unreachable"]);
  });
});

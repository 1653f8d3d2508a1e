import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBareFrame, readFrame } from "./frames.js";

const v1 = (frame: unknown) => readFrame(JSON.stringify(frame));

describe("readFrame", () => {
  it("[W2] reads every frame of a client, and leaves out what it does not know", () => {
    expect(v1({ kind: "Hello" })).toEqual({ kind: "Hello" });
    expect(v1({ kind: "Hello", token: "t", after: { seq: 3, id: "x", more: 1 }, x: 1 })).toEqual({
      kind: "Hello",
      token: "t",
      after: { seq: 3, id: "x" },
    });
    expect(
      v1({ kind: "Send", id: "a", re: 2, message: { kind: "UserText", sessionId: 1, content: "x", by: "bot" } }),
    ).toEqual({
      kind: "Send",
      id: "a",
      re: 2,
      message: { kind: "UserText", sessionId: "1", content: "x" },
    });
    expect(v1({ kind: "SetVariables", id: "a", values: { n: "v" } })).toEqual({
      kind: "SetVariables",
      id: "a",
      values: { n: "v" },
    });
    expect(v1({ kind: "Ping" })).toEqual({ kind: "Ping" });
  });

  const send = (message: unknown, id: unknown = "a", more = {}) => v1({ kind: "Send", id, message, ...more });
  it.each([
    ["no JSON", () => readFrame("{"), "bad-message"],
    ["a list", () => readFrame("[]"), "bad-message"],
    ["another kind", () => v1({ kind: "Identify" }), "bad-message"],
    ["no id", () => send({ kind: "ResetSession" }, ""), "bad-message"],
    ["a foreign id", () => send({ kind: "ResetSession" }, "b.s.1.0.1"), "bad-message"],
    ["re of a text", () => send({ kind: "ResetSession" }, "a", { re: "1" }), "bad-message"],
    ["an object for a text", () => send({ kind: "UserText", sessionId: "s", content: {} }), "bad-message"],
    ["a request", () => send({ kind: "BotText", content: "I am the bot" }), "bad-message"],
    ["a text over 4 KiB", () => send({ kind: "UserText", sessionId: "s", content: "é".repeat(2100) }), "too-long"],
    [
      "65 variables",
      () =>
        v1({
          kind: "SetVariables",
          id: "a",
          values: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`n${i}`, ""])),
        }),
      "too-large",
    ],
    ["a long value", () => v1({ kind: "SetVariables", id: "a", values: { n: "x".repeat(1025) } }), "too-long"],
    ["__proto__", () => readFrame('{"kind":"SetVariables","id":"a","values":{"__proto__":"x"}}'), "bad-message"],
  ])("[W2] refuses %s", (_what, read, bad) => expect(read()).toMatchObject({ bad }));

  it("[W2] never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readFrame(text);
        readBareFrame(text);
      }),
    );
  });
});

describe("readBareFrame", () => {
  it("[W1] reads the three messages of existing clients", () => {
    expect(readBareFrame('{"kind":"ChoiceResponse","groupId":1,"itemId":"go","content":"forged"}')).toEqual({
      kind: "ChoiceResponse",
      groupId: "1",
      itemId: "go",
    });
    expect(readBareFrame('{"kind":"ResetSession"}')).toEqual({ kind: "ResetSession" });
    expect(readBareFrame('{"kind":"Send"}')).toMatchObject({ bad: "bad-message" });
  });
});

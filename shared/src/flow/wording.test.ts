import { describe, expect, it } from "vitest";
import { ask, closeChat, openChat, picked, say, typed } from "../testing/states.js";
import { readModel } from "./model.js";
import { describe as described, named, quoted } from "./wording.js";

describe("named", () => {
  it.each([
    ["ask", '"ask"'],
    ["", '""'],
    ['a "b"\n\u0007', '"a \\"b\\"\\n\\u0007"'],
    ["x".repeat(80), `"${"x".repeat(80)}"`],
    ["x".repeat(81), `"${"x".repeat(80)}…"`],
    [`${"x".repeat(79)}🦜`, `"${"x".repeat(79)}…"`],
  ])("%j is %s", (name, text) => {
    expect(named(name)).toBe(text);
  });
});

describe("quoted", () => {
  it.each([
    ["ask", "‘ask’"],
    ["  one\n two\t\u00a0three ", "‘one two three’"],
    ["x".repeat(48), `‘${"x".repeat(48)}’`],
    ["x".repeat(49), `‘${"x".repeat(48)}…’`],
    [`${"x".repeat(47)} more`, `‘${"x".repeat(47)}…’`],
  ])("%j is %s", (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it("looks at the beginning only", () => {
    expect(quoted(`${" ".repeat(2_000)}x`)).toBe("‘’");
  });
});

describe("describe", () => {
  const flow = {
    m: say("<b>Hello</b> &amp;\nwelcome"),
    e: say(" "),
    q: ask("lang", ["rust"]),
    r: {
      sendRequest: { kind: "ChoiceRequest", groupId: "other", question: "", choices: [{ itemId: "x", content: " " }] },
    },
    c: openChat("name"),
    d: { sendRequest: { kind: "StartChatSession", sessionId: "mail", chatPrompt: "Your address" } },
    f: { sendRequest: { kind: "StartChatSession", sessionId: "free" } },
    x: closeChat("name"),
    y: closeChat("nothing"),
    rust: picked("lang", "rust"),
    go: picked("lang", "go"),
    rx: picked("other", "x"),
    none: picked("none", "x"),
    any: typed("name"),
    zig: typed("name", undefined, "Zig"),
    t: typed("nothing"),
    broken: 7,
  };
  const { byName } = readModel(flow);

  it.each([
    ["m", "The message ‘Hello & welcome’"],
    ["e", "A message without words"],
    ["q", "The question ‘lang?’"],
    ["r", "A question without words"],
    ["c", "The text question ‘name?’"],
    ["d", "The text question ‘Your address’"],
    ["f", "A text question without words"],
    ["x", "The end of the text question ‘name?’"],
    ["y", "The end of a text question"],
    ["rust", "The answer ‘RUST’ to ‘lang?’"],
    ["go", "An answer without words to ‘lang?’"],
    ["rx", "An answer without words to a question without words"],
    ["none", "An answer without words"],
    ["any", "Any text for the text question ‘name?’"],
    ["zig", "The text ‘Zig’ for the text question ‘name?’"],
    ["t", "Any text for a text question"],
    ["broken", "A step that cannot be read"],
  ])("%s by what a reader sees of it, and never by a name of the file: %s", (name, words) => {
    expect(described(byName.get(name)!)).toBe(words);
  });
});

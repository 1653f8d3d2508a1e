import { describe, expect, it } from "vitest";
import { readText } from "./read-text.js";

const marked = (text: string) =>
  readText(text, undefined).found.map(({ finding, from, to }) => [finding.code, text.slice(from, to)]);

describe("the text of the JSON view", () => {
  it("is the flow when it parses, whatever is wrong in it", () => {
    const text = '{\r\n "a": {"sendRequest": {"kind": "BotText", "content": ""}, "next": "b"}}';
    expect(readText(text, undefined).flow).toEqual(JSON.parse(text));
    expect(marked(text)).toEqual([
      ["next-missing", '"next"'],
      ["empty-text", '"content"'],
    ]);
  });

  it.each([
    ["no JSON", '{"a": ', "not-a-flow"],
    ["a name twice", '{"a": {}, "a": {}}', "duplicate-name"],
    ["no object", "[]", "not-a-flow"],
  ])("is kept as text: %s", (_what, text, code) => {
    const read = readText(text, undefined);
    expect(read.flow).toBeUndefined();
    expect(read.found[0]?.finding.code).toBe(code);
  });

  it("counts from behind a byte-order mark", () => {
    const text = '\ufeff{"a": {"next": "x"}}';
    expect(marked(text).find(([code]) => code === "next-missing")).toEqual(["next-missing", '"next"']);
  });

  it("knows the names a page may set", () => {
    const text = '{"a": {"sendRequest": {"kind": "BotText", "content": "{{name}}"}}}';
    expect(marked(text)).toEqual([["unknown-answer", '"content"']]);
    expect(readText(text, ["name"]).found).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { say } from "../testing/states.js";
import { applyFix } from "./change.js";
import { check } from "./check.js";
import { MAX_FLOW_BYTES, MAX_NESTING } from "./measure.js";
import { readFlow } from "./read.js";

const TEXT = `{
  "a": {
    "sendRequest": { "kind": "ChoiceRequest", "groupId": "q", "question": "?",
      "choices": [
        { "itemId": "x", "content": "X" },
        { "itemId": "y", "content": "" }
      ]
    }
  },
  "x": { "matchResponse": { "kind": "ChoiceResponse", "groupId": "q", "itemId": "x" }, "next": "b" }
}`;

/** "line:column code" of each finding. */
function placed(text: string): string[] {
  const { findings, at } = readFlow(text);
  return findings.map(({ pointer, code }) => {
    const place = at(pointer);
    return `${place?.line}:${place?.column} ${code}`;
  });
}

describe("readFlow", () => {
  it("gives the value, the findings of check, and where they are", () => {
    const { flow, findings } = readFlow(TEXT);
    expect(flow).toEqual(JSON.parse(TEXT));
    expect(findings).toEqual(check(flow));
    expect(placed(TEXT)).toEqual(["6:9 choice-without-match", "6:26 empty-text", "10:88 next-missing"]);
  });

  it("passes over one byte-order mark, and counts lines by LF, CRLF and CR", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = TEXT.replaceAll("\n", end);
      expect(placed(text)).toEqual(placed(TEXT));
      expect(placed(`\ufeff${text}`)).toEqual(placed(TEXT));
    }
    expect(placed(`\ufeff\ufeff${TEXT}`)).toEqual(["1:1 not-a-flow"]);
  });

  it("knows the variables of the settings", () => {
    const text = JSON.stringify({ a: say("{{who}}") });
    expect(readFlow(text).findings.map((finding) => finding.code)).toEqual(["unknown-answer"]);
    expect(readFlow(text, { variables: ["who"] }).findings).toEqual([]);
  });

  it("does not know places that are not there", () => {
    const { at } = readFlow(TEXT);
    for (const pointer of ["/b", "/a/next", "/a/sendRequest/choices/2", "/toString", "/a/sendRequest/choices/01"]) {
      expect(at(pointer), pointer).toBeUndefined();
    }
    expect(at("")).toEqual({ line: 1, column: 1 });
  });

  it.each([
    ["", "1:1", "a value is missing"],
    ["{", "1:2", "the closing } is missing"],
    ['{"a": {}', "1:9", "the closing } is missing"],
    ['{"a": [1, 2', "1:12", "the closing ] is missing"],
    ['{"a": {},}', "1:10", "a name in double quotes is missing"],
    ['{\n  "a": {}\n  "b": {}\n}', "3:3", "a comma is missing"],
    ['{"a" {}}', "1:6", "a colon is missing"],
    ['{"a": }', "1:7", "a value is missing"],
    ['{"a": [1,]}', "1:10", "a value is missing"],
    ["{'a': {}}", "1:2", "names and texts stand in double quotes"],
    ['{"a": {}} {}', "1:11", "the text goes on after its end"],
    ['// flow\n{"a": {}}', "1:1", "JSON has no comments"],
    ['{"a": /* flow */ {}}', "1:7", "JSON has no comments"],
    ['{"a": "x\n"}', "1:7", "the closing quote is missing"],
    ['{"a": "\\x"}', "1:7", "no such escape"],
    ['{"a": "\\u12"}', "1:7", "\\u escape is not complete"],
    ['{"a": "\t"}', "1:7", "a control character must be written as an escape"],
    ['{"a": 1.}', "1:7", "number"],
    ['{"a": 01}', "1:8", ""],
    ['{"a": yes}', "1:7", "this is no JSON"],
    ['{"a": NaN}', "1:7", "this is no JSON"],
    ["hello", "1:1", "this is no JSON"],
    ['{"a":\u00a0{}}', "1:6", ""],
  ])("says where %j stops being JSON", (text, place, problem) => {
    const { flow, findings, at } = readFlow(text);
    expect(flow).toBeUndefined();
    expect(() => JSON.parse(text)).toThrow();
    expect(placed(text)).toEqual([`${place} not-a-flow`]);
    expect(findings[0]?.message).toContain(problem);
    expect(findings[0]?.message).toContain(`line ${place.replace(":", ", column ")}`);
    expect(at("/a")).toBeUndefined();
  });

  it.each(["null", "7", '"flow"', "[]", "{}", ' \t\r\n{"$schema": "x"} '])("%j is JSON, but no flow", (text) => {
    expect(readFlow(text).findings.map((finding) => finding.code)).toEqual(["not-a-flow"]);
    expect(readFlow(text).flow).toEqual(JSON.parse(text));
  });

  it("counts nesting before anything is parsed, and not in strings", () => {
    const flow = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(placed(flow(MAX_NESTING))).toEqual(["1:2 bad-shape"]);
    expect(placed(flow(MAX_NESTING + 1))).toEqual(["1:69 not-a-flow"]);
    expect(placed(flow(100_000))).toEqual(["1:69 not-a-flow"]);
    expect(readFlow(flow(MAX_NESTING + 1)).flow).toBeUndefined();
    expect(readFlow(JSON.stringify({ a: say('"[{'.repeat(100)) })).findings).toEqual([]);
    expect(readFlow(JSON.stringify({ a: say(`\\"${"[".repeat(100)}\\`) })).findings).toEqual([]);
  });

  it("counts bytes before anything is parsed: 5 MB and no more", () => {
    for (const [unit, size] of [
      ["x", 1],
      ["é", 2],
      ["€", 3],
      ["🦜", 4],
    ] as const) {
      const room = MAX_FLOW_BYTES - '{"":""}'.length;
      const largest = `{"":"${unit.repeat(Math.floor(room / size))}"}${" ".repeat(room % size)}`;
      expect(placed(largest)).toEqual(["1:2 bad-shape"]);
      expect(placed(`${largest} `)).toEqual(["1:1 too-large"]);
      expect(readFlow(`${largest} `).findings[0]?.message).toContain("5000001 bytes");
    }
    // Not parsed: it would be a syntax error, or too deep.
    expect(placed("[".repeat(MAX_FLOW_BYTES + 1))).toEqual(["1:1 too-large"]);
  });
});

describe("duplicate-name", () => {
  it("names each key that an object has twice, at its last place, with its lines", () => {
    const text = `{
  "a": { "sendRequest": { "kind": "BotText", "content": "x", "content": "y" } },
  "b": 1,
  "a": { "sendRequest": { "kind": "BotText", "content": "z" }, "next": "b" },
  "b": { "sendRequest": { "kind": "BotText", "content": "y" } },
  "a": { "sendRequest": { "kind": "BotText", "content": "z" }, "next": "b" }
}`;
    expect(placed(text)).toEqual(["6:3 duplicate-name", "5:3 duplicate-name", "6:46 duplicate-name"]);
    const [states, second, field] = readFlow(text).findings;
    expect(states).toMatchObject({ pointer: "/a", severity: "error" });
    expect(states?.message).toBe(
      'The name "a" stands 3 times in one object, in lines 2, 4, 6; only the last would count.',
    );
    expect(second?.message).toContain('"b" stands twice in one object, in lines 3, 5');
    expect(field).toMatchObject({ state: "a", pointer: "/a/sendRequest/content" });
    expect(field?.message).toContain('"content" stands twice in one object, in line 2;');
  });

  it("beside them stand the findings of the value", () => {
    expect(placed('{"a":{},\n"a":{"x":1}}')).toEqual(["2:1 duplicate-name", "2:1 bad-shape", "2:6 bad-shape"]);
  });

  it.each([
    ["an escape that spells the same", '{"a":{},"\\u0061":{}}', "/a"],
    ["__proto__", '{"__proto__":{},"__proto__":{}}', "/__proto__"],
    ["$schema", '{"$schema":"x","$schema":"y","a":{}}', "/$schema"],
    ["a number", '{"12":{},"12":{}}', "/12"],
    ["the empty name", '{"":{},"":{}}', "/"],
    ["in an array", '{"a":[[],{"/":1,"/":2}]}', "/a/1/~1"],
  ])("%s", (_what, text, pointer) => {
    const found = readFlow(text).findings.filter((finding) => finding.code === "duplicate-name");
    expect(found.map((finding) => finding.pointer)).toEqual([pointer]);
  });

  it("the same name in two objects is none, nor is a colon in a text", () => {
    expect(readFlow('{"a":{"sendRequest":{"kind":"BotText","content":"a: b \\":\\" c"}}}').findings).toEqual([]);
  });

  it("a thousand findings in all, the last says that there are more", () => {
    const { findings } = readFlow(`{${Array.from({ length: 1_500 }, (_, i) => `"s${i}":{},"s${i}":{}`).join()}}`);
    expect(findings).toHaveLength(1_000);
    expect(findings.at(-1)?.message).toContain("more findings than the 999 listed");
  });

  it("a fix of another finding keeps what the last of two names says", () => {
    const { flow, findings } = readFlow('{"a":1,"a":{"sendRequest":{"kind":"StartChatSession","sessionId":7}}}');
    const fix = findings.find((finding) => finding.code === "number-id")!.fix!;
    expect(applyFix(flow, fix)).toEqual({ a: { sendRequest: { kind: "StartChatSession", sessionId: "7" } } });
  });
});

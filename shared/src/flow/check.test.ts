import { describe, expect, it } from "vitest";
import { ask, closeChat, codesOf, openChat, picked, say, typed } from "../testing/states.js";
import { check } from "./check.js";
import { FINDING_CODES } from "./finding.js";
import { MAX_NESTING } from "./measure.js";
import { MAX_FINDINGS } from "./report.js";

/** An object or array that holds another, so many in all. */
function nested(depth: number, wrap: (inside: unknown) => unknown): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

describe("check", () => {
  it.each([null, true, 0, Number.NaN, "flow", [], [say("x")], undefined])("%j is no flow", (value) => {
    expect(codesOf(value)).toEqual(["not-a-flow"]);
  });

  it("an object without states is no flow", () => {
    expect(codesOf({})).toEqual(["not-a-flow"]);
    expect(codesOf({ $schema: 5 })).toEqual(["not-a-flow", "bad-shape"]);
  });

  it.each([
    ["objects", (inside: unknown) => ({ a: inside })],
    ["arrays", (inside: unknown) => [inside]],
  ])("what is nested more than 64 deep is no flow: %s", (_what, wrap) => {
    // The flow and its state are two of the levels.
    const flow = (depth: number) => ({ a: { ...say("x"), y: nested(depth - 2, wrap) } });
    expect(codesOf(flow(MAX_NESTING))).toEqual(["bad-shape"]);
    expect(codesOf(flow(MAX_NESTING + 1))).toEqual(["not-a-flow"]);
    expect(codesOf(flow(100_000))).toEqual(["not-a-flow"]);
  });

  it("a value with a cycle is no flow, and ends the check", () => {
    const flow: Record<string, unknown> = { a: say("x") };
    flow.b = flow;
    expect(codesOf(flow)).toEqual(["not-a-flow"]);
  });

  it("an error in one state hides nothing in another, whatever the states are", () => {
    const flow = {
      a: { sendRequest: { kind: "Video" } },
      12: null,
      b: say("", "nowhere"),
      c: { ...ask("q", ["x", "x"]), next: "c" },
      d: { matchResponse: { kind: "ChoiceResponse", groupId: "q" } },
      e: closeChat("s"),
      f: say("{{none}} <blink>"),
    };
    expect(check(flow).map(({ state, code }) => `${state} ${code}`)).toEqual([
      "12 bad-name",
      "12 bad-shape",
      "a bad-shape",
      "b next-missing",
      "b unreachable",
      "b empty-text",
      "c endless-run",
      "c choice-without-match",
      "c duplicate-item",
      "c question-with-next",
      "c unreachable",
      "d bad-shape",
      "e unreachable",
      "e close-without-open",
      "f unknown-answer",
      "f unreachable",
      "f unsafe-html",
    ]);
  });

  it("reads a broken state as far as it goes", () => {
    const choices = [{ itemId: "x", content: "X" }, 7, { itemId: "y" }, { content: "<blink>Z" }];
    const flow = {
      a: { sendRequest: { kind: "ChoiceRequest", groupId: "q", question: 5, choices, colour: "red" } },
      x: picked("q", "x", "a"),
    };
    expect(codesOf(flow)).toContain("choice-without-match");
    expect(check(flow).filter((f) => f.code === "choice-without-match")).toEqual([
      expect.objectContaining({ pointer: "/a/sendRequest/choices/2" }),
    ]);
    expect(check(flow).filter((f) => f.code === "unsafe-html")).toEqual([
      expect.objectContaining({ pointer: "/a/sendRequest/choices/3/content" }),
    ]);
  });

  it("findings stand in the order of the file, what concerns the whole flow first", () => {
    const flow = { b: say("x", "nowhere"), a: say(""), $schema: 5 };
    expect(check(flow).map(({ code, pointer }) => [code, pointer])).toEqual([
      ["bad-name", "/$schema"],
      ["bad-shape", "/$schema"],
      ["next-missing", "/b/next"],
      ["unreachable", "/a"],
      ["empty-text", "/a/sendRequest/content"],
    ]);
  });

  it("gives every finding its severity, two sentences, and a pointer that is escaped", () => {
    const flow = { "a/b~c": say("", "nowhere"), "": openChat(""), "\u0000": { x: 1 } };
    const found = check(flow);
    expect(found.map((finding) => finding.pointer)).toContain("/a~1b~0c/next");
    for (const { code, severity, message, plain } of found) {
      expect(severity).toBe(FINDING_CODES[code]);
      for (const sentence of [message, plain]) expect(sentence).toMatch(/^.+[.?]$/);
    }
  });

  it("changes nothing in the flow", () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
      return Object.freeze(value);
    };
    const flow = { a: ask(1, ["x"], "b"), b: openChat("s"), t: typed("s"), x: picked("1", "x", "nope"), $schema: 1 };
    expect(() => check(freeze(flow))).not.toThrow();
  });

  it(`takes a thousand findings, and lists no more: the last says so`, () => {
    // Half of them lead nowhere, and all but the first are not reached: 999.
    const flow = (first: string) =>
      Object.fromEntries(
        Array.from({ length: MAX_FINDINGS / 2 }, (_, i) => [`s${i}`, say(i === 0 ? first : "x", `s${i}?`)]),
      );
    const thousand = check(flow(""));
    expect(thousand).toHaveLength(MAX_FINDINGS);
    expect(thousand.every((finding) => finding.pointer !== "")).toBe(true);
    const more = check(flow("<blink>"));
    expect(more).toHaveLength(MAX_FINDINGS);
    expect(more.at(-1)).toMatchObject({ code: "unsafe-html", pointer: "", severity: "warning" });
    expect(more.at(-1)?.message).toContain("more findings than the 999 listed");
    expect(more.slice(0, -1).every((finding) => finding.pointer !== "")).toBe(true);
  });

  it("warnings never crowd an error out of the list", () => {
    const flow: Record<string, unknown> = {};
    for (let i = 0; i < 2 * MAX_FINDINGS; i++) flow[`s${i}`] = say(" ");
    flow.last = say("x", "nowhere");
    const found = check(flow);
    expect(found).toHaveLength(MAX_FINDINGS);
    expect(found.map((finding) => finding.code)).toContain("next-missing");
  });
});

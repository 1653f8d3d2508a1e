import { describe, expect, it } from "vitest";
import { ask, closeChat, codesOf, openChat, picked, say, statesOf, typed } from "../../testing/states.js";

describe("unreachable", () => {
  it("[F1] paths begin at the first key, $schema apart", () => {
    expect(statesOf({ b: say("b"), a: say("a", "b") }, "unreachable")).toEqual(["a"]);
    expect(statesOf({ $schema: "x", a: say("a", "b"), b: say("b") }, "unreachable")).toEqual([]);
  });

  it("paths go by next and by answers: of questions, of chat sessions, of what was asked earlier", () => {
    const flow = {
      a: ask("q", ["x"], "b"),
      b: openChat("s"),
      x: picked("q", "x", "c"),
      t: typed("s", "d"),
      u: typed("s", "d", "only this"),
      c: closeChat("s", "d"),
      d: say("d"),
    };
    expect(statesOf(flow, "unreachable")).toEqual([]);
  });

  it("the answer of a question that is not reached is not reached either", () => {
    const flow = { a: say("a"), b: ask("q", ["x"]), x: picked("q", "x", "c"), c: say("c") };
    expect(statesOf(flow, "unreachable")).toEqual(["b", "x", "c"]);
  });

  it("a circle that nothing leads to is not reached", () => {
    expect(statesOf({ a: say("a"), b: ask("q", ["x"]), x: picked("q", "x", "b") }, "unreachable")).toEqual(["b", "x"]);
  });

  it("does not repeat another finding: what is broken, or matches nothing that is opened, counts as reached", () => {
    expect(codesOf({ a: say("a"), b: { sendRequest: { kind: "Video" }, next: "c" }, c: say("c") })).toEqual([
      "bad-shape",
    ]);
    expect(codesOf({ a: say("a"), m: picked("q", "x", "c"), c: say("c") })).toEqual(["match-without-request"]);
  });

  it("a match that never runs is reached with the one before it", () => {
    const flow = { a: ask("q", ["x"]), m: picked("q", "x", "a"), n: picked("q", "x", "c"), c: say("c") };
    expect(codesOf(flow)).toEqual(["duplicate-match"]);
  });
});

describe("dead-end", () => {
  it("every match without next, and no request", () => {
    const flow = {
      a: ask("q", ["x", "y"], "b"),
      b: openChat("s"),
      x: picked("q", "x"),
      y: picked("q", "y", "c"),
      t: typed("s"),
      c: say("c"),
    };
    expect(statesOf(flow, "dead-end")).toEqual(["x", "t"]);
  });

  it("a next that names no state is another finding", () => {
    expect(statesOf({ a: ask("q", ["x"]), x: picked("q", "x", "nowhere") }, "dead-end")).toEqual([]);
  });
});

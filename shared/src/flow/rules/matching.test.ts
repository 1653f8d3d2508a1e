import { describe, expect, it } from "vitest";
import {
  ask,
  closeChat,
  codesOf,
  foundIn,
  item,
  openChat,
  picked,
  say,
  statesOf,
  typed,
} from "../../testing/states.js";
import { applyFix } from "../change.js";

describe("choice-without-match", () => {
  it("names the item, and the fix adds its state behind the others of the question", () => {
    const flow = {
      a: ask("q", ["x", "y", "z"]),
      x: picked("q", "x", "done"),
      y: picked("q", "y", "done"),
      done: say("d"),
    };
    const [finding, ...others] = foundIn(flow, "choice-without-match");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      state: "a",
      pointer: "/a/sendRequest/choices/2",
      plain: "The answer ‘Z’ to ‘q?’ leads nowhere.",
    });
    const fixed = applyFix(flow, finding!.fix!);
    expect(Object.keys(fixed as object)).toEqual(["a", "x", "y", "a-z", "done"]);
    expect(codesOf(fixed)).toEqual([]);
  });

  it("the added state leads where several others agree to, and not where a single one does", () => {
    const flow = { a: ask("q", ["yes", "no"]), yes: picked("q", "yes", "delete"), delete: say("Deleted.") };
    const [fix] = foundIn(flow, "choice-without-match")[0]!.fix!.changes;
    expect(fix).toMatchObject({ kind: "addState", state: { matchResponse: { itemId: "no" } } });
    expect(fix).not.toHaveProperty("state.next");
  });

  it("names an item that several requests offer once, at the first of them", () => {
    const flow = { a: ask("q", ["w", "x"], "b"), b: ask("q", ["x", "y", "w"]), w: picked("q", "w", "a") };
    const pointers = foundIn(flow, "choice-without-match").map((finding) => finding.pointer);
    expect(pointers).toEqual(["/a/sendRequest/choices/1", "/b/sendRequest/choices/1"]);
  });

  it("one fix after the other gives every item a state of its own, whatever names are taken", () => {
    const items = ["x", "x y", "__proto__", "12", "é".repeat(300), ""];
    const flow = { a: ask("q", items.filter(Boolean)), "a-x": say("taken"), "a-12": say("taken") };
    const fixed = foundIn(flow, "choice-without-match").reduce<unknown>((left, { fix }) => applyFix(left, fix!), flow);
    expect(codesOf(fixed)).not.toContain("choice-without-match");
    expect(codesOf(fixed)).not.toContain("bad-name");
  });

  it("reads a number and its text as one id", () => {
    expect(codesOf({ a: ask(1, [2]), m: picked("1", "2", "a") })).toEqual(["number-id", "number-id"]);
  });
});

describe("chat-without-match and no-other-text", () => {
  it("a chat session without any match: the fix adds one, which leads to its only end", () => {
    const flow = { a: openChat("s"), end: closeChat("s") };
    const [finding] = foundIn(flow, "chat-without-match");
    expect(finding).toMatchObject({ state: "a", pointer: "/a/sendRequest" });
    expect(codesOf(applyFix(flow, finding!.fix!))).toEqual([]);
  });

  it("is said once for a session that is opened twice", () => {
    expect(statesOf({ a: openChat("s", "b"), b: openChat("s") }, "chat-without-match")).toEqual(["a"]);
  });

  it("only texts with content: the fix asks again for any other text", () => {
    const flow = { a: openChat("s"), t: typed("s", "end", "delete"), end: closeChat("s") };
    const [finding] = foundIn(flow, "no-other-text");
    expect(finding).toMatchObject({ state: "a", severity: "warning" });
    const fixed = applyFix(flow, finding!.fix!);
    expect(fixed).toHaveProperty("a-other", typed("s", "a"));
    expect(codesOf(fixed)).toEqual([]);
    expect(codesOf({ ...flow, any: typed("s", "end") })).toEqual([]);
  });
});

describe("duplicate-match", () => {
  it("[F4] two states for one item: the second never runs", () => {
    const flow = { a: ask("q", ["x"]), m: picked("q", "x", "a"), n: picked("q", "x", "a"), o: picked("q", "x", "a") };
    expect(statesOf(flow, "duplicate-match")).toEqual(["n", "o"]);
    expect(foundIn(flow, "duplicate-match")[1]?.message).toContain('as state "m", which stands before it');
  });

  it.each([
    ["Zig Lang", "  zig\n\tLANG "],
    ["straße", "STRASSE"],
    ["ﬁn", "FIN"],
    ["ＡＢＣ", "abc"],
    ["é", "e\u0301"],
    ["", " "],
  ])("[F4] compares %j and %j as a visitor's text is compared", (one, other) => {
    const flow = {
      a: openChat("s"),
      m: typed("s", "e", one),
      n: typed("s", "e", other),
      r: typed("s", "e"),
      e: closeChat("s"),
    };
    expect(statesOf(flow, "duplicate-match")).toEqual(["n"]);
  });

  it("a text with content, one without and another text are three answers", () => {
    const flow = {
      a: openChat("s"),
      m: typed("s", "e", "x"),
      n: typed("s", "e"),
      o: typed("s", "e", "y"),
      e: closeChat("s"),
    };
    expect(codesOf(flow)).toEqual([]);
    expect(statesOf({ ...flow, p: typed("s", "e") }, "duplicate-match")).toEqual(["p"]);
  });

  it("the same item of another question is another answer", () => {
    const flow = { a: ask("p", ["x"]), m: picked("p", "x", "b"), b: ask("q", ["x"]), n: picked("q", "x", "a") };
    expect(codesOf(flow)).toEqual([]);
  });

  it("reads a number and its text as one id", () => {
    const flow = { a: ask("1", ["2"]), m: picked("1", "2", "a"), n: picked(1, 2, "a") };
    expect(statesOf(flow, "duplicate-match")).toEqual(["n"]);
  });
});

describe("duplicate-item", () => {
  it("the same item twice in a question, each repeat once, by its own words", () => {
    const flow = { a: ask("q", ["x", "y", "x", "x"]), x: picked("q", "x", "a"), y: picked("q", "y", "a") };
    expect(foundIn(flow, "duplicate-item").map((finding) => finding.pointer)).toEqual([
      "/a/sendRequest/choices/2",
      "/a/sendRequest/choices/3",
    ]);
    const choices = [item("x"), { itemId: "x", content: "Thursday" }];
    const worded = {
      a: { sendRequest: { kind: "ChoiceRequest", groupId: "q", question: "?", choices } },
      x: picked("q", "x", "a"),
    };
    expect(foundIn(worded, "duplicate-item")[0]?.plain).toContain("‘Thursday’");
  });

  it("a number and its text are the same item", () => {
    expect(codesOf({ a: ask("q", ["1", 1]), m: picked("q", "1", "a") })).toEqual(["duplicate-item", "number-id"]);
  });

  it("the same item in two requests, or in two questions, is none", () => {
    const flow = {
      a: ask("q", ["x"], "b"),
      b: ask("q", ["x"], "c"),
      c: ask("r", ["x"]),
      m: picked("q", "x", "a"),
      n: picked("r", "x", "a"),
    };
    expect(statesOf(flow, "duplicate-item")).toEqual([]);
  });
});

describe("match-without-request", () => {
  it.each([
    ["a question", picked("r", "x", "a"), 'no ChoiceRequest asks question "r"'],
    ["an item", picked("q", "y", "a"), 'question "q" has no item "y"'],
    ["a chat session", typed("s", "a"), 'no StartChatSession opens chat session "s"'],
  ])("%s that no request opens", (_what, state, message) => {
    const flow = { a: ask("q", ["x"]), x: picked("q", "x", "a"), m: state };
    expect(codesOf(flow)).toEqual(["match-without-request"]);
    expect(foundIn(flow, "match-without-request")[0]).toMatchObject({ state: "m", pointer: "/m/matchResponse" });
    expect(foundIn(flow, "match-without-request")[0]?.message).toContain(message);
  });

  it("an item that some request of the question offers is opened, whichever it is", () => {
    const flow = { a: ask("q", ["x"], "b"), b: ask("q", ["y"]), x: picked("q", "x", "a"), y: picked("q", "y", "a") };
    expect(statesOf(flow, "match-without-request")).toEqual([]);
  });

  it("a question and a chat session of one id are two things", () => {
    expect(codesOf({ a: ask("s", ["x"]), x: picked("s", "x", "a"), t: typed("s", "a") })).toEqual([
      "match-without-request",
    ]);
  });
});

describe("group-reused", () => {
  it("every request with other items than the first has a finding, in any order of the same there is none", () => {
    const flow = {
      a: ask("q", ["x", "y"], "b"),
      b: ask("q", ["y", "x"], "c"),
      c: ask("q", ["x"], "d"),
      d: ask("q", ["x", "z"]),
      x: picked("q", "x", "a"),
      y: picked("q", "y", "a"),
      z: picked("q", "z", "a"),
    };
    const found = foundIn(flow, "group-reused");
    expect(found.map((finding) => finding.pointer)).toEqual(["/c/sendRequest/groupId", "/d/sendRequest/groupId"]);
    expect(found[0]?.message).toContain('with other items than state "a" does');
  });

  it("compares items by id only", () => {
    const again = {
      kind: "ChoiceRequest",
      groupId: "q",
      question: "Again?",
      choices: [{ itemId: "x", content: "Once more" }],
    };
    const flow = { a: ask("q", ["x"], "b"), b: { sendRequest: again }, x: picked("q", "x", "a") };
    expect(statesOf(flow, "group-reused")).toEqual([]);
  });
});

describe("question-with-next", () => {
  it("what opens something and goes on; what opens nothing may", () => {
    const flow = {
      a: say("x", "b"),
      b: ask("q", ["x"], "c"),
      c: openChat("s", "d"),
      d: say("y"),
      x: picked("q", "x", "e"),
      t: typed("s", "e"),
      e: closeChat("s", "f"),
      f: ask("r", ["z"]),
      z: picked("r", "z", "d"),
    };
    expect(foundIn(flow, "question-with-next").map((finding) => finding.pointer)).toEqual(["/b/next", "/c/next"]);
  });
});

import { describe, expect, it } from "vitest";
import { ask, closeChat, codesOf, foundIn, openChat, picked, say, statesOf, typed } from "../../testing/states.js";

/** Asks for a name, closes, and says `text`. */
const withName = (text: string) => ({
  a: openChat("name"),
  t: typed("name", "e"),
  e: closeChat("name", "say"),
  say: say(text),
});

describe("unknown-answer", () => {
  it("[F12] knows questions, chat sessions and the page's variables", () => {
    expect(codesOf(withName("Hello {{name}}"))).toEqual([]);
    expect(codesOf({ a: ask("q", ["x"]), x: picked("q", "x", "b"), b: say("You chose {{q}}") })).toEqual([]);
    expect(codesOf({ a: say("Hello {{who}}") })).toEqual(["unknown-answer"]);
    expect(codesOf({ a: say("Hello {{who}}") }, { variables: ["who"] })).toEqual([]);
  });

  it("[F12] says the name that the settings may declare, where it is not too long for them", () => {
    const long = "n".repeat(101);
    const found = foundIn({ a: say(`{{who}} {{${long}}}`) }, "unknown-answer");
    expect(found.map(({ variable }) => variable)).toEqual(["who", undefined]);
  });

  it("[F12] a fallback does not make an id known", () => {
    expect(codesOf({ a: say("Hello {{who|there}}") })).toEqual(["unknown-answer"]);
  });

  it("[F12] an id that only a match or an end names is unknown", () => {
    expect(codesOf({ a: say("{{s}}"), t: typed("s", "a") })).toEqual(["unknown-answer", "match-without-request"]);
    expect(codesOf({ a: say("{{q}}"), m: picked("q", "x", "a") })).toEqual(["unknown-answer", "match-without-request"]);
    expect(statesOf({ a: say("{{s}}", "b"), b: closeChat("s") }, "unknown-answer")).toEqual(["a"]);
  });

  it("[F12] reads numbers as ids, and names of JavaScript as names", () => {
    expect(codesOf({ a: ask(1, ["x"]), m: picked("1", "x", "b"), b: say("{{1}}") })).toEqual(["number-id"]);
    for (const name of ["toString", "__proto__", "constructor"]) {
      expect(codesOf({ a: say(`{{${name}}}`) }), name).toEqual(["unknown-answer"]);
    }
  });

  it("names each id once for each text", () => {
    const flow = { a: say("{{x}} {{ x }} {{y}}", "b"), b: say("{{x}}") };
    expect(foundIn(flow, "unknown-answer").map((finding) => finding.message.split(": ")[1])).toEqual([
      "{{x}} names no question, chat session or declared variable.",
      "{{y}} names no question, chat session or declared variable.",
      "{{x}} names no question, chat session or declared variable.",
    ]);
  });

  it("[F12] looks into every text that is filled in, and nowhere else", () => {
    const text = "{{w}}";
    const choices = [{ itemId: "x", content: text }];
    const flow = {
      a: { sendRequest: { kind: "ChoiceRequest", groupId: "q", question: text, choices }, next: "b" },
      b: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: text, chatPrompt: text } },
      x: { matchResponse: { kind: "ChoiceResponse", groupId: "q", itemId: "x", content: text }, next: "c" },
      t: typed("s", "c"),
      u: typed("s", "c", text),
      c: closeChat("s", "d"),
      d: say(`<a href="https://example.org/${text}">there</a>`),
    };
    expect(foundIn(flow, "unknown-answer").map((finding) => finding.pointer)).toEqual([
      "/a/sendRequest/question",
      "/a/sendRequest/choices/0/content",
      "/b/sendRequest/chatText",
      "/b/sendRequest/chatPrompt",
    ]);
  });
});

describe("answer-not-yet", () => {
  it("a path that comes before the answer, where there is no fallback", () => {
    const flow = { a: ask("q", ["x"]), x: picked("q", "x", "b"), b: say("{{q}}") };
    expect(codesOf({ start: say("{{q}}", "a"), ...flow })).toEqual(["answer-not-yet"]);
    expect(codesOf({ start: say("{{q|nothing}}", "a"), ...flow })).toEqual([]);
    expect(codesOf({ start: say("{{q|}}", "a"), ...flow })).toEqual([]);
  });

  it("one place without a fallback is enough", () => {
    expect(codesOf({ ...withName("{{name|you}}"), a: { ...openChat("name"), next: "say" } })).not.toContain(
      "answer-not-yet",
    );
    expect(codesOf({ ...withName("{{name|you}} {{name}}"), a: { ...openChat("name"), next: "say" } })).toContain(
      "answer-not-yet",
    );
  });

  it("the question itself comes before its answer, also when it is asked again", () => {
    const again = { kind: "StartChatSession", sessionId: "s", chatText: "Not {{s}}, please" };
    const flow = { a: openChat("s"), t: typed("s", "b"), b: { sendRequest: again } };
    expect(codesOf(flow)).toEqual([]);
    expect(codesOf({ b: { sendRequest: again }, t: typed("s", "b") })).toEqual(["answer-not-yet"]);
  });

  it("every item of the question answers it; one way around it is enough", () => {
    const flow = {
      a: ask("q", ["x", "y"], "c"),
      c: ask("r", ["z"]),
      x: picked("q", "x", "b"),
      y: picked("q", "y", "b"),
      b: say("{{q}}"),
    };
    expect(statesOf({ ...flow, z: picked("r", "z", "d"), d: say("d") }, "answer-not-yet")).toEqual([]);
    expect(statesOf({ ...flow, z: picked("r", "z", "b") }, "answer-not-yet")).toEqual(["b"]);
  });

  it("a run that begins at a match, or passes one by next, has no answer", () => {
    const flow = { x: picked("q", "x", "b"), b: say("{{q}}", "a"), a: ask("q", ["x"]) };
    expect(statesOf(flow, "answer-not-yet")).toEqual(["b"]);
    expect(statesOf({ start: say("Hi", "x"), ...flow }, "answer-not-yet")).toEqual(["b"]);
    expect(statesOf({ a: flow.a, x: flow.x, b: say("{{q}}") }, "answer-not-yet")).toEqual([]);
  });

  it("a value that the page may set has come before", () => {
    const flow = { start: say("{{q}}", "a"), a: ask("q", ["x"]), x: picked("q", "x", "b"), b: say("b") };
    expect(codesOf(flow, { variables: ["q"] })).toEqual([]);
  });

  it("is not said of a state that no path reaches", () => {
    expect(codesOf({ a: ask("q", ["x"]), x: picked("q", "x", "a"), b: say("{{q}}") })).toEqual(["unreachable"]);
  });

  it("tells more ids apart than a number has bits", () => {
    const flow: Record<string, unknown> = {};
    const n = 70;
    // Question i is asked, then what is said quotes it and the one that comes after.
    for (let i = 0; i < n; i++) {
      flow[`ask${i}`] = ask(`q${i}`, ["x"]);
      flow[`got${i}`] = picked(`q${i}`, "x", `say${i}`);
      flow[`say${i}`] = say(`{{q${i}}} {{q${(i + 1) % n}}}`, i + 1 < n ? `ask${i + 1}` : undefined);
    }
    const found = foundIn(flow, "answer-not-yet");
    expect(found.map((finding) => finding.state)).toEqual(Array.from({ length: n - 1 }, (_, i) => `say${i}`));
    expect(found.every((finding, i) => finding.message.includes(`{{q${i + 1}}}`))).toBe(true);
  });

  it("[20 steps a state] stops in a hostile flow, and says so in one finding of the whole flow", () => {
    const flow: Record<string, unknown> = {};
    const n = 2_000;
    for (let i = 0; i < n; i++) {
      flow[`ask${i}`] = ask(`q${i}`, ["x"]);
      flow[`got${i}`] = picked(`q${i}`, "x", `say${i}`);
      flow[`say${i}`] = say(`{{q${i}}}`, i + 1 < n ? `ask${i + 1}` : undefined);
    }
    const [stopped, ...others] = foundIn(flow, "answer-not-yet").filter((finding) => finding.state === undefined);
    expect(others).toEqual([]);
    expect(stopped).toMatchObject({ pointer: "" });
    const steps = Number(/stopped after (\d+) steps/.exec(stopped!.message)?.[1]);
    const states = Object.keys(flow).length;
    expect(steps).toBeGreaterThanOrEqual(20 * states);
    expect(steps).toBeLessThan(21 * states);
  });
});

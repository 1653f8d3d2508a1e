import { describe, expect, it } from "vitest";
import { ask, closeChat, openChat, picked, say, typed } from "../testing/states.js";
import { compile, type Program } from "./compile.js";

/** What a state sends, with the values given. */
const sent = (program: Program, state: string, values: Readonly<Record<string, string>> = {}) =>
  program.states.get(state)?.send?.((id) => (Object.hasOwn(values, id) ? values[id] : undefined));

describe("compile", () => {
  it("[F1] starts at the first key, $schema apart", () => {
    expect(compile({ $schema: "x", b: say("b"), a: say("a") }).start).toBe("b");
    expect(compile({ $schema: say("no state"), a: say("a") }).start).toBe("a");
    expect(compile({}).start).toBeUndefined();
    for (const value of [null, 7, "flow", [say("x")]]) expect(compile(value).states.size).toBe(0);
  });

  it("[F4] [F10] finds a choice by its ids, the first state in file order", () => {
    const flow = { a: ask("q", ["x", "y"]), m: picked("q", "x", "a"), n: picked("q", "x", "b"), o: picked("r", "x") };
    const { choices } = compile(flow);
    expect(choices.get("q")?.get("x")).toBe("m");
    expect(choices.get("q")?.get("y")).toBeUndefined();
    expect(choices.get("r")?.get("x")).toBe("o");
  });

  it("[F4] [F10] finds a text by its comparable form, before the state without content, the first of each", () => {
    const flow = {
      a: openChat("s"),
      any: typed("s", "a"),
      one: typed("s", "a", " Zig\nLANG"),
      two: typed("s", "a", "zig lang"),
      other: typed("s", "b"),
      r: typed("r"),
    };
    const { texts } = compile(flow);
    expect(texts.get("s")).toEqual({ exact: new Map([["zig lang", "one"]]), other: "any" });
    expect(texts.get("r")).toEqual({ exact: new Map(), other: "r" });
    expect(texts.get("t")).toBeUndefined();
  });

  it("[F10] looks up one entry for a match, however many states there are", () => {
    const flow: Record<string, unknown> = { a: ask("q", ["x"]) };
    for (let i = 0; i < 5_000; i++) flow[`m${i}`] = picked("q", `i${i}`, "a");
    let looks = 0;
    const choices = new Proxy(compile(flow).choices.get("q")!, {
      get(target, key) {
        looks += 1;
        return Reflect.get(target, key).bind(target);
      },
    });
    expect(choices.get("i4999")).toBe("m4999");
    expect(looks).toBe(1);
  });

  it("reads numbers as ids, in requests and matches", () => {
    const flow = { a: ask(1, [2, 1.5]), m: picked("1", 2, "b"), b: openChat(0), t: typed("0", "e"), e: closeChat(-0) };
    const program = compile(flow);
    expect(program.choices.get("1")?.get("2")).toBe("m");
    expect(program.texts.get("0")?.other).toBe("t");
    expect(sent(program, "a")).toMatchObject({ groupId: "1", choices: [{ itemId: "2" }, { itemId: "1.5" }] });
    expect(sent(program, "b")).toMatchObject({ sessionId: "0" });
    expect(sent(program, "e")).toEqual({ kind: "EndChatSession", sessionId: "0" });
  });

  it("ids and names of JavaScript are ids and names", () => {
    const flow = JSON.parse(`{
      "toString": { "sendRequest": { "kind": "ChoiceRequest", "groupId": "__proto__", "question": "?",
        "choices": [{ "itemId": "constructor", "content": "x" }] } },
      "hasOwnProperty": { "matchResponse": { "kind": "ChoiceResponse", "groupId": "__proto__", "itemId": "constructor" } }
    }`) as unknown;
    const program = compile(flow);
    expect(program.start).toBe("toString");
    expect(program.choices.get("__proto__")?.get("constructor")).toBe("hasOwnProperty");
    expect(program.states.get("valueOf")).toBeUndefined();
  });

  it("sends exactly the fields of the message, whatever else stands in the flow", () => {
    const program = compile({
      a: { sendRequest: { kind: "BotText", content: "x", extra: 1 } },
      b: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      c: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: "p", chatText: "t", extra: 1 } },
      d: {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: "q",
          question: "?",
          choices: [{ itemId: "x", content: "X", extra: 1 }],
        },
      },
    });
    expect(sent(program, "a")).toEqual({ kind: "BotText", content: "x" });
    expect(sent(program, "b")).toEqual({ kind: "StartChatSession", sessionId: "s" });
    expect(sent(program, "c")).toEqual({ kind: "StartChatSession", sessionId: "s", chatPrompt: "p", chatText: "t" });
    expect(sent(program, "d")).toEqual({
      kind: "ChoiceRequest",
      groupId: "q",
      question: "?",
      choices: [{ itemId: "x", content: "X" }],
    });
  });

  it("[F12] fills in every text of a message, the prompt as plain text", () => {
    const text = "{{v}}";
    const program = compile({
      a: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: text, chatText: text } },
      b: {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: "q",
          question: text,
          choices: [{ itemId: text, content: text }],
        },
      },
    });
    expect(sent(program, "a", { v: "<" })).toEqual({
      kind: "StartChatSession",
      sessionId: "s",
      chatPrompt: "<",
      chatText: "&lt;",
    });
    // Ids are never filled in.
    expect(sent(program, "b", { v: "<" })).toMatchObject({
      question: "&lt;",
      choices: [{ itemId: text, content: "&lt;" }],
    });
    expect([...program.asked]).toEqual(["v"]);
  });

  it("a message without placeholders is made once", () => {
    const program = compile({ a: say("x"), b: say("{{v}}") });
    expect(sent(program, "a")).toBe(sent(program, "a"));
    expect(sent(program, "b", { v: "1" })).not.toEqual(sent(program, "b", { v: "2" }));
  });

  it("leaves out what is malformed; the rest runs", () => {
    const program = compile({
      a: { sendRequest: { kind: "Video" }, next: "b" },
      b: say("b", 5),
      c: null,
      d: {},
      e: {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: "q",
          question: "?",
          choices: [null, { itemId: "x", content: "X" }],
        },
      },
      f: { matchResponse: { kind: "ChoiceResponse", groupId: "q" }, next: "b" },
      g: { matchResponse: 7, next: "b" },
    });
    expect([...program.states.keys()]).toEqual(["b", "e", "f", "g"]);
    expect(program.start).toBe("b");
    expect(program.states.get("b")?.next).toBeUndefined();
    expect(sent(program, "e")).toMatchObject({ choices: [{ itemId: "x", content: "X" }] });
    expect(program.choices.size).toBe(0);
  });
});

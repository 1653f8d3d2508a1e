import { describe, expect, it } from "vitest";
import { applyAll } from "../document/apply.js";
import type { Draft } from "../document/draft.js";
import { readSteps } from "../document/steps.js";
import { pick, pickerOptions } from "./picker-options.js";

const draft: Draft = {
  flow: {
    hello: { sendRequest: { kind: "BotText", content: "Hello" }, next: "bye" },
    bye: { sendRequest: { kind: "BotText", content: "Good bye" } },
  },
  layout: {},
  settings: {},
};
const graph = readSteps(draft);
const from = { step: "hello", port: "then" };
const labels = (picker: Parameters<typeof pickerOptions>[0], words = "") =>
  pickerOptions(picker, graph, words).map(({ label }) => label);
const after = (result: { changes: Parameters<typeof applyAll>[1] }) => readSteps(applyAll(draft, result.changes).draft);

const NEW = ["Message", "Question", "Ask for text", "Hand over to a person"];

describe("what can come next", () => {
  it("a new step, or one that is there", () => {
    expect(labels({ purpose: "add", from })).toEqual([...NEW, "Hello", "Good bye"]);
    expect(labels({ purpose: "add" })).toEqual(NEW);
    expect(labels({ purpose: "insert", from })).toEqual(NEW);
  });

  it("to lead elsewhere or nowhere, where it leads somewhere", () => {
    expect(labels({ purpose: "connect", from })).toEqual(["Hello", "Good bye", "Nowhere"]);
    expect(labels({ purpose: "connect", from: { step: "bye", port: "then" } })).toEqual(["Hello", "Good bye"]);
  });

  it("is found by its words, however they are written", () => {
    expect(labels({ purpose: "add", from }, "BYE good")).toEqual(["Good bye"]);
    expect(labels({ purpose: "add", from }, "buttons")).toEqual(["Question"]);
    expect(labels({ purpose: "add", from }, "nothing like it")).toEqual([]);
  });

  it("what begins with the words comes before what only has to do with them", () => {
    expect(labels({ purpose: "add", from }, "ask")).toEqual(["Ask for text", "Question"]);
    expect(labels({ purpose: "connect", from }, "g")).toEqual(["Good bye", "Hello"]);
  });
});

describe("choosing", () => {
  const choose = (purpose: "add" | "connect" | "insert", label: string, words = "") => {
    const picker = { purpose, from } as const;
    const option = pickerOptions(picker, graph, words).find((option) => option.label === label)!;
    return pick(draft, picker, option, () => ({ x: 40, y: 60 }))!;
  };

  it("a new step takes the way out, at the place found for it", () => {
    const { result } = choose("add", "Question");
    const id = result.select![0]!;
    expect(after(result).byId.get("hello")!.ports[0]!.to).toBe(id);
    expect(applyAll(draft, result.changes).draft.layout.positions?.[id]).toEqual({ x: 40, y: 60 });
  });

  it("an inserted one leads on to where that led", () => {
    const { result, edge } = choose("insert", "Message");
    expect(edge).toEqual(from);
    expect(after(result).byId.get(result.select![0]!)!.ports[0]!.to).toBe("bye");
  });

  it("one that is there is led to, and nowhere ends", () => {
    const { result } = choose("connect", "Nowhere");
    expect(after(result).byId.get("hello")!.ports[0]!.ends).toBe(true);
    expect(after(choose("connect", "Hello").result).byId.get("hello")!.ports[0]!.to).toBe("hello");
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Draft, FlowJson } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { leadOf, leadOptions } from "./leads.js";

const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const bot = draftOf(
  JSON.parse(readFileSync(new URL("../../../flows/bot-assistant.json", import.meta.url), "utf8")) as FlowJson,
);
const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });

describe("where a way out leads", () => {
  it("is the step behind it, in both views", () => {
    for (const graph of [readSteps(bot), readStates(bot)]) {
      expect(leadOf(graph, { step: "greetings", port: "then" })?.to?.id).toBe("langChoices");
      // In the States view the answer is a step of its own: it is that which leads on.
      expect(leadOf(graph, { step: "langChoices", port: "answer:other" })?.to?.id).toBe("startLangPrefSession");
      expect(leadOf(graph, { step: "done", port: "then" })).toEqual({ ends: true });
    }
  });

  it("says a name that no step has, and nothing of a way out that is not there", () => {
    const graph = readSteps(draftOf({ a: say("Hi", "gone") }));
    expect(leadOf(graph, { step: "a", port: "then" })).toEqual({ missing: "gone", ends: false });
    expect(leadOf(graph, { step: "a", port: "answer:x" })).toBeUndefined();
    expect(leadOf(graph, { step: "b", port: "then" })).toBeUndefined();
  });
});

describe("what a way out can lead to", () => {
  const graph = readSteps(bot);
  const labels = (typed: string) => leadOptions(graph, typed).options.map(({ label }) => label);

  it("is every step in the order of the file, what is new, and the end", () => {
    expect(labels("")).toEqual([
      "Hi, I'm Bot! Nice to meet you.",
      "What programming language do you use in your hobby projects?",
      "I enabled chat editor",
      "Any other?",
      "Great, thanks!",
      "A new message",
      "A new question",
      "A new “Ask for text”",
      "A new “Hand over to a person”",
      "Nowhere",
    ]);
  });

  it("never an answer: that follows its question by itself", () => {
    const kinds = leadOptions(readStates(bot), "").options.map((option) => option.kind === "step" && option.step.kind);
    expect(kinds).toContain("end-text");
    expect(kinds).not.toContain("answer");
  });

  it("puts first what begins with the words, then what holds them, then what has to do with them", () => {
    expect(labels("any o")).toEqual(["Any other?"]);
    // Both questions are of that kind; the new one is called so.
    expect(labels("question")[0]).toBe("A new question");
    expect(labels("question").slice(1, 3)).toContain("Any other?");
    expect(labels("ask")[0]).toBe("A new “Ask for text”");
    expect(labels("thanks great")).toEqual(["Great, thanks!"]);
    expect(labels("ends")).toEqual(["Nowhere"]);
    expect(labels("zzz")).toEqual([]);
  });

  it("lists so many steps, says that there are more, and finds each of them", () => {
    const flow = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`s${i}`, say(`Step number ${i}.`)]));
    const many = readSteps(draftOf(flow));
    const { options, more } = leadOptions(many, "");
    expect(options.filter(({ kind }) => kind === "step")).toHaveLength(40);
    expect(options.at(-1)?.kind).toBe("end");
    expect(more).toBe(true);
    expect(leadOptions(many, "number 299")).toMatchObject({ options: [{ id: "step:s299" }], more: false });
  });
});

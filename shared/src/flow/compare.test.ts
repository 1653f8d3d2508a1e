import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFlow } from "../testing/build-flow.js";
import { plans } from "../testing/plan.js";
import { compareFlows } from "./compare.js";
import { changedSettings, noteOf } from "./compare-words.js";
import { type FlowJson, stateNames } from "./json.js";

const say = (content: string, next?: string) => ({
  sendRequest: { kind: "BotText", content },
  ...(next !== undefined && { next }),
});
const ask = (groupId: string, question: string, items: Record<string, string>) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question,
    choices: Object.entries(items).map(([itemId, content]) => ({ itemId, content })),
  },
});
const take = (groupId: string, itemId: string, next?: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  ...(next !== undefined && { next }),
});

const FLOW: FlowJson = {
  hello: say("Hello", "ask"),
  ask: ask("go", "Shall we?", { yes: "Yes", no: "No" }),
  yes: take("go", "yes", "bye"),
  no: take("go", "no", "bye"),
  bye: say("Bye, {{go}}"),
};
const note = (from: FlowJson, to: FlowJson) => noteOf(compareFlows(from, to), { from, to });

describe("two flows by state", () => {
  it("the same flow differs in nothing", () => {
    expect(compareFlows(FLOW, structuredClone(FLOW))).toEqual({ states: [], renames: [], newEnds: [] });
  });

  it("a renamed state is renamed, not removed and added, and what leads to it is as it was", () => {
    const { bye, ...rest } = FLOW;
    const to = { ...rest, yes: take("go", "yes", "farewell"), no: take("go", "no", "farewell"), farewell: bye! };
    expect(compareFlows(FLOW, to)).toEqual({
      states: [{ kind: "renamed", state: "farewell", was: "bye" }],
      renames: [{ kind: "renameState", from: "bye", to: "farewell" }],
      newEnds: [],
    });
    expect(note(FLOW, to)).toBe("1 step renamed");
  });

  it("renamed and changed is one change that knows its old name", () => {
    const { hello: _, ...rest } = FLOW;
    const { states } = compareFlows(FLOW, { welcome: say("Welcome", "ask"), ...rest });
    expect(states).toEqual([
      {
        kind: "changed",
        state: "welcome",
        was: "hello",
        differences: [{ what: "text", from: "Hello", to: "Welcome" }],
      },
    ]);
  });

  it("a question with another id is one change, and texts that use it are none", () => {
    const to: FlowJson = {
      hello: say("Hello", "ask"),
      ask: ask("start", "Shall we?", { yes: "Yes", never: "No" }),
      yes: take("start", "yes", "bye"),
      no: take("start", "never", "bye"),
      bye: say("Bye, {{start}}"),
    };
    expect(compareFlows(FLOW, to).states).toEqual([
      {
        kind: "changed",
        state: "ask",
        differences: [
          { what: "id", from: "go", to: "start" },
          { what: "answer-id", from: "no", to: "never" },
        ],
      },
    ]);
  });

  it("answers are added, removed, reworded and moved one by one", () => {
    const to = {
      ...FLOW,
      ask: ask("go", "Shall we go?", { perhaps: "Perhaps", yes: "Yes!" }),
      no: take("go", "perhaps"),
    };
    const { states, newEnds } = compareFlows(FLOW, to);
    expect(states).toContainEqual({
      kind: "changed",
      state: "ask",
      differences: [
        { what: "text", from: "Shall we?", to: "Shall we go?" },
        { what: "answer-removed", item: "no", content: "No" },
        { what: "answer-added", item: "perhaps", content: "Perhaps" },
        { what: "answer-text", item: "yes", from: "Yes", to: "Yes!" },
      ],
    });
    expect(newEnds).toEqual(["no"]);
    const moved = { ...FLOW, ask: ask("go", "Shall we?", { no: "No", yes: "Yes" }) };
    expect(compareFlows(FLOW, moved).states).toEqual([
      { kind: "changed", state: "ask", differences: [{ what: "answers-moved" }] },
    ]);
  });

  it("says where a state leads now, whether it ends, and where all begins", () => {
    const to = { bye: FLOW.bye!, ...FLOW, hello: say("Hello"), extra: say("More") };
    const compared = compareFlows(FLOW, to);
    expect(compared.states).toEqual([
      { kind: "changed", state: "hello", differences: [{ what: "next", from: "ask" }] },
      { kind: "added", state: "extra" },
    ]);
    expect(compared.newEnds).toEqual(["hello", "extra"]);
    expect(compared.start).toEqual({ from: "hello", to: "bye" });
    expect(note(FLOW, to)).toBe("1 message added, 1 connection changed, another start");
  });

  it("another kind, and what only the file shows, are told as such", () => {
    const { states } = compareFlows(FLOW, { ...FLOW, bye: { odd: true }, hello: { ...say("Hello", "ask"), more: 1 } });
    expect(states).toEqual([
      { kind: "changed", state: "hello", differences: [{ what: "rest" }] },
      { kind: "changed", state: "bye", differences: [{ what: "kind" }] },
    ]);
  });

  it("any flow against itself is the same, and against another one every name is accounted for", () => {
    fc.assert(
      fc.property(plans, plans, (a, b) => {
        const [from, to] = [buildFlow(a), buildFlow(b)] as unknown as [FlowJson, FlowJson];
        expect(compareFlows(from, from).states).toEqual([]);
        const { states } = compareFlows(from, to);
        const was = new Set(states.map((change) => ("was" in change ? change.was : change.state)));
        const added = states.filter(({ kind }) => kind === "added").map(({ state }) => state);
        const removed = states.filter(({ kind }) => kind === "removed").map(({ state }) => state);
        for (const name of added) expect(Object.hasOwn(to, name)).toBe(true);
        for (const name of removed) expect(Object.hasOwn(from, name)).toBe(true);
        for (const name of stateNames(from)) if (!Object.hasOwn(to, name)) expect(was).toContain(name);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the note of a version", () => {
  it("counts what a designer would count", () => {
    const to: FlowJson = {
      hello: say("Hi", "ask"),
      ask: ask("go", "Shall we?", { yes: "Yes", no: "No", later: "Later" }),
      yes: take("go", "yes", "bye"),
      no: take("go", "no", "bye"),
      later: take("go", "later", "bye"),
      bye: say("Goodbye"),
    };
    expect(note(FLOW, to)).toBe("2 messages changed, 1 answer added");
    expect(note(to, FLOW)).toBe("2 messages changed, 1 answer removed");
    expect(note(FLOW, FLOW)).toBe("");
    expect(noteOf(compareFlows(FLOW, FLOW), { from: FLOW, to: FLOW }, true)).toBe("settings changed");
  });

  it("names the settings that differ", () => {
    const from = { title: "A", appearance: { color: "#112233", greeting: "Hi" }, origins: ["https://a.example"] };
    const to = { title: "A", appearance: { color: "#112234" }, origins: ["https://a.example"], variables: ["name"] };
    expect(changedSettings(from, to)).toEqual(["appearance.color", "appearance.greeting", "variables"]);
    expect(changedSettings(from, { $schema: "x", ...from })).toEqual([]);
  });
});

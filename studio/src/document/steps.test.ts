import { readdirSync, readFileSync } from "node:fs";
import { check } from "@parley/shared/flow/check";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply } from "./apply.js";
import type { Change } from "./change.js";
import { anyChange, anyDraft } from "./draft.arbitrary.js";
import type { Draft, FlowJson } from "./draft.js";
import { stateNames } from "./draft.js";
import { placeOfFinding, readStates, readSteps, type Step, type StepGraph } from "./steps.js";

const FLOWS = new URL("../../../flows/", import.meta.url);
const read = (file: string): FlowJson => JSON.parse(readFileSync(new URL(file, FLOWS), "utf8"));
const flowFiles = readdirSync(FLOWS).filter((file) => /^[^.]+\.json$/.test(file));
const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const links = (graph: StepGraph) => graph.edges.map(({ from, port, to }) => `${from} ${port} ${to}`);

const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });
const ask = (groupId: string, ...items: string[]) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question: "Which one?",
    choices: items.map((itemId) => ({ itemId, content: `The ${itemId}` })),
  },
});
const picked = (groupId: string, itemId: string, next?: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  ...(next && { next }),
});
const start = (sessionId: string) => ({ sendRequest: { kind: "StartChatSession", sessionId, chatText: "Your name?" } });
const typed = (sessionId: string, content?: string, next?: string) => ({
  matchResponse: { kind: "UserText", sessionId, ...(content !== undefined && { content }) },
  ...(next && { next }),
});
const end = (sessionId: string, next?: string) => ({
  sendRequest: { kind: "EndChatSession", sessionId },
  ...(next && { next }),
});

/** What a graph holds, whatever maps it is held in. */
const plain = (graph: StepGraph) => ({ ...graph, byId: new Map(graph.byId), stepOf: new Map(graph.stepOf) });

describe("steps", () => {
  it("bot-assistant.json is 5 steps and 7 edges", () => {
    const graph = readSteps(draftOf(read("bot-assistant.json")));
    expect(graph.steps.map(({ kind, id, states }) => [kind, id, states.length])).toEqual([
      ["message", "greetings", 1],
      ["question", "langChoices", 4],
      ["text", "startLangPrefSession", 3],
      ["question", "anyOtherChoices", 3],
      ["message", "done", 1],
    ]);
    expect(links(graph)).toEqual([
      "greetings then langChoices",
      "langChoices answer:rust anyOtherChoices",
      "langChoices answer:go anyOtherChoices",
      "langChoices answer:other startLangPrefSession",
      "startLangPrefSession other-text anyOtherChoices",
      "anyOtherChoices answer:yes langChoices",
      "anyOtherChoices answer:no done",
    ]);
    expect(graph.start).toBe("greetings");
    expect(graph.byId.get("done")?.ports).toEqual([{ id: "then", kind: "then", label: "", ends: true }]);
  });

  it("the States view of bot-assistant.json is 12 states, with what is asked connected to its answers", () => {
    const graph = readStates(draftOf(read("bot-assistant.json")));
    expect(graph.steps).toHaveLength(12);
    expect(graph.edges.filter((edge) => edge.kind === "open").map(({ from, to }) => `${from} ${to}`)).toEqual([
      "langChoices langChoiceRust",
      "langChoices langChoiceGo",
      "langChoices langChoiceOther",
      "startLangPrefSession getLangPrefResponse",
      "anyOtherChoices anyOtherYes",
      "anyOtherChoices anyOtherNo",
    ]);
    expect(graph.edges.filter((edge) => edge.kind === "next")).toHaveLength(8);
    expect(graph.byId.get("langChoiceGo")).toMatchObject({ kind: "answer", takes: "answer", title: "Go" });
  });

  it.each(flowFiles)("every question and text question of %s that has an ID of its own is one step", (file) => {
    const { steps } = readSteps(draftOf(read(file)));
    const asked = steps.filter(({ kind }) => kind === "question" || kind === "text");
    const uses = (step: Step) => asked.filter(({ kind, ref }) => kind === step.kind && ref === step.ref).length;
    expect(asked.filter((step) => uses(step) === 1).length).toBeGreaterThan(1);
    for (const step of asked) {
      expect(step.folded).toBe(uses(step) === 1);
      if (!step.folded) expect(step.why).toMatch(/same ID/);
      else expect(step.ports.every((port) => port.kind === "other-text" || port.state)).toBe(true);
    }
    const shared = new Set(asked.filter((step) => !step.folded).map((step) => step.ref));
    for (const step of steps) if (step.kind === "answer") expect(shared).toContain(step.ref);
  });

  it("shows every state exactly once, whatever the draft holds, and never throws", () => {
    fc.assert(
      fc.property(anyDraft, (draft) => {
        for (const graph of [readSteps(draft), readStates(draft)]) {
          const shown = graph.steps.flatMap((step) => step.states);
          expect(shown.toSorted()).toEqual(stateNames(draft.flow).toSorted());
          expect([...graph.stepOf.keys()].toSorted()).toEqual(shown.toSorted());
          const ports = new Set(
            graph.steps.flatMap((step) => step.ports.map((port) => JSON.stringify([step.id, port.id]))),
          );
          expect(ports.size).toBe(graph.steps.reduce((count, step) => count + step.ports.length, 0));
          for (const edge of graph.edges) {
            expect(graph.byId.has(edge.to)).toBe(true);
            expect(ports).toContain(JSON.stringify([edge.from, edge.port]));
          }
          expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
          expect(graph.steps.filter((step) => step.start).length).toBe(shown.length > 0 ? 1 : 0);
          for (const finding of check(draft.flow)) {
            const place = placeOfFinding(graph, finding);
            if (finding.state !== undefined) expect(graph.byId.get(place!.step)?.states).toContain(finding.state);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("no way on is hidden: each `next` of the file is an edge, or inside one step", () => {
    fc.assert(
      fc.property(anyDraft, ({ flow, layout, settings }) => {
        const graph = readSteps({ flow, layout, settings });
        const shown = new Set(graph.edges.map((edge) => JSON.stringify([edge.from, edge.to])));
        for (const [name, state] of Object.entries(flow)) {
          const next = state && typeof state === "object" && "next" in state ? state.next : undefined;
          if (name === "$schema" || typeof next !== "string" || !graph.stepOf.has(next)) continue;
          const from = graph.stepOf.get(name)!;
          const to = graph.stepOf.get(next)!;
          const inside = from === to && graph.byId.get(from)!.folded;
          expect(inside || shown.has(JSON.stringify([from, to]))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("a read with the graph before gives the same graph as one without, and the same objects where nothing changed", () => {
    fc.assert(
      fc.property(anyDraft, anyChange, (draft, change) => {
        for (const read of [readSteps, readStates]) {
          const before = read(draft);
          const { draft: now } = apply(draft, change);
          const again = read(now, before);
          const fresh = read(structuredClone(now));
          expect(plain(again)).toEqual(plain(fresh));
          for (const step of again.steps) {
            const old = before.byId.get(step.id);
            if (old && JSON.stringify(old) === JSON.stringify(step)) expect(step).toBe(old);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("typing and connecting, read onto the graph before, give the graph of a whole reading", () => {
    const flow = read("faq.json");
    const names = Object.keys(flow);
    const name = fc.constantFrom(...names, "gone");
    const word = fc.constantFrom("parking", "repairs", " Parking", "", "Hello");
    const change = fc.oneof(
      fc
        .tuple(name, fc.option(name))
        .map(([name, to]): Change => ({ kind: "set", at: [name, "next"], ...(to && { value: to }) })),
      fc
        .tuple(name, word)
        .map(([name, value]): Change => ({ kind: "set", at: [name, "sendRequest", "content"], value })),
      fc
        .tuple(name, word)
        .map(([name, value]): Change => ({ kind: "set", at: [name, "matchResponse", "content"], value })),
      fc.tuple(name, word).map(([name, value]): Change => {
        return { kind: "set", at: [name, "sendRequest", "choices", { item: "yes" }, "content"], value };
      }),
      name.map((name): Change => ({ kind: "set", at: [name, "sendRequest", "colour"], value: "red" })),
      name.map((name): Change => ({ kind: "set", at: [name, "matchResponse", "itemId"], value: "no" })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        for (const view of [readSteps, readStates]) {
          let draft = draftOf(flow);
          let graph = view(draft);
          for (const change of changes) {
            draft = apply(draft, change).draft;
            graph = view(draft, graph);
            expect(plain(graph)).toEqual(plain(view(structuredClone(draft))));
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("a field within what is no state changes no step", () => {
    const draft = draftOf({ $schema: { next: "a" }, a: say("A") } as unknown as FlowJson);
    const graph = readSteps(draft);
    const now = apply(draft, { kind: "set", at: ["$schema", "next"] }).draft;
    expect(now.flow).not.toBe(draft.flow);
    expect(plain(readSteps(now, graph))).toEqual(plain(readSteps(structuredClone(now))));
  });

  it("moving a card changes no step: the graph is the same object", () => {
    const draft = draftOf(read("faq.json"));
    const graph = readSteps(draft);
    const moved = apply(draft, { kind: "place", name: "hello", to: { x: 1, y: 2 } }).draft;
    expect(readSteps(moved, graph)).toBe(graph);
    expect(readStates(draft, graph).view).toBe("states");
  });
});

describe("what is not folded", () => {
  const cases: [string, FlowJson, RegExp][] = [
    ["two questions with one id", { a: ask("g", "x"), b: ask("g", "x"), ax: picked("g", "x") }, /same ID/],
    ["an item twice", { a: ask("g", "x", "x"), ax: picked("g", "x") }, /same ID/],
    ["an answer taken twice", { a: ask("g", "x"), ax: picked("g", "x"), ay: picked("g", "x") }, /same answer/],
    ["a question that leads on", { a: { ...ask("g", "x"), next: "b" }, ax: picked("g", "x"), b: say("B") }, /waiting/],
    ["a step that leads to an answer", { m: say("M", "ax"), a: ask("g", "x"), ax: picked("g", "x") }, /straight/],
    ["an answer at the start", { ax: picked("g", "x"), a: ask("g", "x") }, /begins/],
    ["an unknown field", { a: { ...ask("g", "x"), colour: "red" }, ax: picked("g", "x") }, /unusual/],
    ["an unknown field of an answer", { a: ask("g", "x"), ax: { ...picked("g", "x"), colour: "red" } }, /unusual/],
    ["two text questions with one id", { a: start("s"), b: start("s"), t: typed("s") }, /same ID/],
    ["a text taken twice", { a: start("s"), t: typed("s", "Yes"), u: typed("s", " yes") }, /same answer/],
  ];
  it.each(cases)("%s stays as it is in the file, with the reason", (_, flow, why) => {
    const graph = readSteps(draftOf(flow));
    expect(graph.steps.map((step) => step.states)).toEqual(Object.keys(flow).map((name) => [name]));
    const hinted = graph.steps.filter((step) => step.why);
    expect(hinted.length).toBeGreaterThan(0);
    for (const step of hinted) expect(step.why).toMatch(why);
  });

  it("an end that something else leads to stays a step of its own", () => {
    const flow = {
      a: start("s"),
      none: typed("s", "none", "m"),
      given: typed("s", undefined, "e"),
      m: say("M", "e"),
      e: end("s"),
    };
    const graph = readSteps(draftOf(flow));
    expect(graph.steps.map(({ kind, states }) => [kind, ...states])).toEqual([
      ["text", "a", "none", "given"],
      ["message", "m"],
      ["end-text", "e"],
    ]);
    expect(links(graph)).toEqual(["a text:none m", "a other-text e", "m then e"]);
    expect(graph.byId.get("e")?.title).toBe("Your name?");
  });

  it("a text question has a port for each expected text, with or without an end of its own", () => {
    const flow = {
      a: start("s"),
      yes: typed("s", "Yes", "e1"),
      e1: end("s", "m"),
      no: typed("s", "No"),
      m: say("M"),
    };
    const [step] = readSteps(draftOf(flow)).steps;
    expect(step?.states).toEqual(["a", "yes", "e1", "no"]);
    expect(step?.ports).toEqual([
      { id: "text:yes", kind: "text", label: "Yes", state: "yes", end: "e1", to: "m", ends: false },
      { id: "text:no", kind: "text", label: "No", state: "no", ends: true },
      { id: "other-text", kind: "other-text", label: "", ends: false },
    ]);
  });

  it("a finding of an answer is at its port", () => {
    const flow = { a: ask("g", "x", "y"), ax: picked("g", "x"), ay: picked("g", "y", "gone") };
    const graph = readSteps(draftOf(flow));
    const places = check(flow).map((finding) => [finding.code, placeOfFinding(graph, finding)]);
    expect(places).toContainEqual(["dead-end", { step: "a", port: "answer:x" }]);
    expect(places).toContainEqual(["next-missing", { step: "a", port: "answer:y" }]);
    const { ay: _, ...less } = flow;
    const missing = check(less).find((finding) => finding.code === "choice-without-match")!;
    expect(placeOfFinding(readSteps(draftOf(less)), missing)).toEqual({ step: "a", port: "answer:y" });
  });
});

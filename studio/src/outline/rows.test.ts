import { describe, expect, it } from "vitest";
import type { Draft, FlowJson, Json } from "../document/draft.js";
import { readStates, readSteps } from "../document/steps.js";
import { type Order, openRows, outlineRows, type Row } from "./rows.js";

const say = (next?: string): Json => ({ sendRequest: { kind: "BotText", content: "" }, ...(next && { next }) });
const ask = (groupId: string, ...items: string[]): Json => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question: groupId,
    choices: items.map((item) => ({ itemId: item, content: item })),
  },
});
const take = (groupId: string, itemId: string, next?: string): Json => ({
  matchResponse: { kind: "ChoiceResponse", groupId, itemId },
  ...(next && { next }),
});

const draft = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const shape = (rows: readonly Row[]) =>
  rows.map(({ level, step, port }) => `${"  ".repeat(level - 1)}${port === undefined ? step : port.slice(7)}`);
const drawn = (flow: FlowJson, order: Order = "conversation") => shape(outlineRows(readSteps(draft(flow)), order));

const BRANCHES: FlowJson = {
  bye: say(),
  hello: say("lang"),
  lang: ask("lang", "rust", "go", "other"),
  rust: take("lang", "rust", "more"),
  go: take("lang", "go", "more"),
  other: take("lang", "other", "which"),
  which: say("more"),
  more: ask("more", "yes", "no"),
  yes: take("more", "yes", "lang"),
  no: take("more", "no", "bye"),
};
/** The start is the first of the file. */
const started = (start: string, flow: FlowJson): FlowJson => {
  const { [start]: first, ...rest } = flow;
  return { [start]: first!, ...rest };
};

describe("the outline in the order of the conversation", () => {
  it("stands what only one answer leads to below it, and what follows several behind the question", () => {
    expect(drawn(started("hello", BRANCHES))).toEqual([
      "hello",
      "lang",
      "  rust",
      "  go",
      "  other",
      "    which",
      "more",
      "  yes",
      "  no",
      "bye",
    ]);
  });

  it("goes on at the same level where one answer leads on", () => {
    const flow = { a: ask("a", "go", "stop"), go: take("a", "go", "b"), stop: take("a", "stop"), b: say() };
    expect(drawn(flow)).toEqual(["a", "  go", "  stop", "b"]);
  });

  it("goes on at the same level where the other answers lead back", () => {
    const flow = {
      a: ask("a", "on", "again"),
      on: take("a", "on", "b"),
      again: take("a", "again", "a"),
      b: ask("b", "on", "back", "stop"),
      onB: take("b", "on", "c"),
      back: take("b", "back", "a"),
      stop: take("b", "stop"),
      c: say(),
    };
    expect(drawn(flow)).toEqual(["a", "  on", "  again", "b", "  on", "  back", "  stop", "c"]);
    expect(shape(outlineRows(readStates(draft(flow)), "conversation"))).toEqual([
      "a",
      "  on",
      "  again",
      "b",
      "  onB",
      "  back",
      "  stop",
      "c",
    ]);
  });

  it("keeps below an answer what the others pass by", () => {
    const flow = {
      a: ask("a", "x", "y"),
      x: take("a", "x", "aside"),
      y: take("a", "y", "b"),
      aside: say("b"),
      b: say(),
    };
    expect(drawn(flow)).toEqual(["a", "  x", "    aside", "  y", "b"]);
  });

  it("has what nothing leads to at the end, without moving what it leads to", () => {
    const flow = { a: say("b"), b: say("c"), lost: say("c"), c: say(), round: say("trip"), trip: say("round") };
    expect(drawn(flow)).toEqual(["a", "b", "c", "lost", "round", "trip"]);
  });

  it("has every state once in the States view, answers below what they answer", () => {
    const graph = readStates(draft(started("hello", BRANCHES)));
    expect(shape(outlineRows(graph, "conversation"))).toEqual([
      "hello",
      "lang",
      "  rust",
      "  go",
      "  other",
      "  which",
      "more",
      "  yes",
      "  no",
      "bye",
    ]);
  });

  it("goes on at the same level behind the only answer of the States view", () => {
    const flow: FlowJson = {
      open: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      typed: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "close" },
      close: { sendRequest: { kind: "EndChatSession", sessionId: "s" }, next: "b" },
      b: say(),
    };
    expect(shape(outlineRows(readStates(draft(flow)), "conversation"))).toEqual(["open", "  typed", "close", "b"]);
  });

  it("numbers the rows of each parent", () => {
    const rows = outlineRows(readSteps(draft(started("hello", BRANCHES))), "conversation");
    const at = (key: string) => rows.find((row) => row.key === key);
    expect(at("more")).toMatchObject({ place: 3, count: 4, level: 1, opens: true });
    expect(at("lang\nanswer:go")).toMatchObject({ place: 2, count: 3, level: 2, parent: "lang", opens: false });
    expect(at("which")).toMatchObject({ place: 1, count: 1, level: 3, parent: "lang\nanswer:other" });
  });

  it("hides what follows a closed row, and not what follows it", () => {
    const rows = outlineRows(readSteps(draft(started("hello", BRANCHES))), "conversation");
    expect(shape(openRows(rows, new Set(["lang"])))).toEqual(["hello", "lang", "more", "  yes", "  no", "bye"]);
    expect(shape(openRows(rows, new Set(["lang\nanswer:other", "more"])))).toEqual([
      "hello",
      "lang",
      "  rust",
      "  go",
      "  other",
      "more",
      "bye",
    ]);
  });
});

describe("the outline in the order of the file", () => {
  it("has the steps as they stand, each with its ways out", () => {
    expect(drawn(BRANCHES, "file")).toEqual([
      "bye",
      "hello",
      "lang",
      "  rust",
      "  go",
      "  other",
      "which",
      "more",
      "  yes",
      "  no",
    ]);
  });
});

/** 5,000 steps in one line, and as many that all lead back. */
it("takes a long conversation", () => {
  const count = 5_000;
  const line = Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, say(`s${i + 1}`)]));
  const rows = outlineRows(readSteps(draft(line)), "conversation");
  expect(rows).toHaveLength(count);
  expect(rows.every(({ level }) => level === 1)).toBe(true);
  const loops: { [name: string]: Json } = {};
  for (let i = 0; i < count / 4; i++) {
    loops[`q${i}`] = ask(`q${i}`, "on", "back", "again");
    loops[`q${i}on`] = take(`q${i}`, "on", `q${i + 1}`);
    loops[`q${i}back`] = take(`q${i}`, "back", "q0");
    loops[`q${i}again`] = take(`q${i}`, "again", `q${i}`);
  }
  const deep = outlineRows(readSteps(draft(loops)), "conversation");
  expect(deep).toHaveLength(count);
  expect(Math.max(...deep.map(({ level }) => level))).toBe(2);
});

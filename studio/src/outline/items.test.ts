import { describe, expect, it } from "vitest";
import { marksOf } from "../app/editor/shown-findings.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { placeOfFinding, readSteps, type StepGraph } from "../document/steps.js";
import { CHUNK, chunksOf, type Item, itemWords } from "./items.js";
import { outlineRows, type Row } from "./rows.js";

const FLOW: FlowJson = {
  hello: { sendRequest: { kind: "BotText", content: "Hi" }, next: "lang" },
  lang: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "lang",
      question: "Which?",
      choices: [
        { itemId: "rust", content: "Rust" },
        { itemId: "go", content: "" },
      ],
    },
  },
  langRust: { matchResponse: { kind: "ChoiceResponse", groupId: "lang", itemId: "rust" }, next: "gone" },
  langGo: { matchResponse: { kind: "ChoiceResponse", groupId: "lang", itemId: "go" }, next: "hello" },
  note: { sendRequest: { kind: "BotText", content: "" } },
};
const draft = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const NONE: ReadonlySet<string> = new Set();
const FINDINGS = [
  {
    code: "next-missing",
    severity: "error",
    state: "langRust",
    pointer: "/langRust",
    message: "",
    plain: "It is gone.",
  },
  {
    code: "unreachable",
    severity: "warning",
    state: "note",
    pointer: "/note",
    message: "",
    plain: "Nothing leads here.",
  },
] as const;

function items(graph: StepGraph, rows: readonly Row[], before: (readonly Item[])[] = [], found?: ReadonlySet<string>) {
  const marks = marksOf(FINDINGS.map((finding) => ({ finding, place: placeOfFinding(graph, finding) })));
  return chunksOf(rows, { graph, marks, found, closed: NONE }, before);
}

describe("a row of the outline", () => {
  const graph = readSteps(draft(FLOW));
  const words = items(graph, outlineRows(graph, "file")).flat().map(itemWords);

  it("says kind, text, where it leads and what is wrong", () => {
    expect(words).toEqual([
      "Message: Hi, the conversation starts here, then Which?",
      "Question: Which?, 2 answers, 1 problem, It is gone.",
      "Answer: Rust, nowhere: that step is not there, a problem",
      "Answer: without words, then Hi",
      "Message: Nothing written yet, ends here, 1 hint, Nothing leads here.",
    ]);
  });

  it("knows whether a search found it", () => {
    const found = items(graph, outlineRows(graph, "file"), [], new Set(["lang"])).flat();
    expect(found.map(({ found }) => found)).toEqual([false, true, true, true, false]);
  });
});

describe("chunks of rows", () => {
  const many = (first: string): FlowJson =>
    Object.fromEntries(
      Array.from({ length: 3 * CHUNK }, (_, i) => [
        `s${i}`,
        { sendRequest: { kind: "BotText", content: i === 0 ? first : `Text ${i}` }, next: `s${(i + 1) % (3 * CHUNK)}` },
      ]),
    );

  it("are the same arrays where nothing of them changed", () => {
    const before = readSteps(draft(many("a")));
    const rows = outlineRows(before, "file");
    const first = chunksOf(rows, { graph: before, marks: new Map(), found: undefined, closed: NONE }, []);
    const after = readSteps(draft(many("b")), before);
    const next = chunksOf(rows, { graph: after, marks: new Map(), found: undefined, closed: NONE }, first);
    // The last row leads to the first, whose words changed.
    expect(next.map((chunk, i) => chunk === first[i])).toEqual([false, true, false]);
    expect(next[0]!.filter((item, i) => item !== first[0]![i])).toHaveLength(1);
    expect(next[2]!.at(-1)!.leads).toBe("b");
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyFix } from "./change.js";
import { check } from "./check.js";
import { FINDING_CODES, type FindingCode } from "./finding.js";
import { fromPointer } from "./pointer.js";
import { readFlow } from "./read.js";
import type { Settings } from "./settings.js";

const flows = new URL("../../../flows/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, flows), "utf8");
const names = (folder: string): string[] =>
  readdirSync(new URL(folder, flows))
    .filter((name) => /^[^.]+\.json$/.test(name))
    .map((name) => name.slice(0, -".json".length))
    .sort();

/** The state and the pointer of the one finding that each file shows. */
const PLACES: Readonly<Record<FindingCode, readonly [state: string | undefined, pointer: string]>> = {
  "not-a-flow": [undefined, ""],
  "bad-name": ["constructor", "/constructor"],
  "duplicate-name": [undefined, "/times"],
  "bad-shape": ["hello", "/hello/sendRequest/delay"],
  "next-missing": ["cards", "/cards/next"],
  "endless-run": ["offers", "/offers/next"],
  "choice-without-match": ["size", "/size/sendRequest/choices/2"],
  "chat-without-match": ["askProblem", "/askProblem/sendRequest"],
  "outcome-without-match": ["fetch", "/fetch/sendRequest"],
  "duplicate-match": ["codeSpringUpper", "/codeSpringUpper/matchResponse"],
  "duplicate-item": ["day", "/day/sendRequest/choices/2"],
  "match-without-request": ["newsLater", "/newsLater/matchResponse"],
  "hand-off-with-next": ["fetch", "/fetch/next"],
  "hand-off-id-taken": ["fetch", "/fetch/sendRequest/handOffId"],
  "endless-hand-off": ["fetch", "/fetch"],
  "too-large": ["terms", "/terms/sendRequest"],
  "question-with-next": ["rating", "/rating/next"],
  "group-reused": ["food", "/food/sendRequest/groupId"],
  "number-id": ["seatsOne", "/seatsOne/matchResponse/itemId"],
  "no-other-text": ["sure", "/sure/sendRequest"],
  "unknown-answer": ["greet", "/greet/sendRequest/content"],
  "answer-not-yet": ["done", "/done/sendRequest/content"],
  unreachable: ["sale", "/sale"],
  "dead-end": ["memberNo", "/memberNo"],
  "silent-hand-off": ["fetch", "/fetch"],
  "chat-never-closed": ["askIdea", "/askIdea"],
  "close-without-open": ["closeAnyway", "/closeAnyway/sendRequest"],
  "empty-text": ["askNote", "/askNote/sendRequest/chatText"],
  "unsafe-html": ["offer", "/offer/sendRequest/content"],
  "picture-without-alt": ["hello", "/hello/sendRequest/content"],
};
/** Words of the format, which the sentence for the studio does without. */
const FORMAT_WORDS =
  /sendRequest|matchResponse|groupId|itemId|sessionId|handOffId|ChatSession|ChoiceRe|UserText|BotText|HandOff|\bJSON\b|\bstate/;

describe("flows/invalid", () => {
  it("has one flow for each finding", () => {
    expect(names("invalid/")).toEqual(Object.keys(FINDING_CODES).sort());
  });

  it.each(Object.keys(FINDING_CODES) as FindingCode[])("%s.json gives that finding and no other", (code) => {
    const text = read(`invalid/${code}.json`);
    const { flow, findings, at } = readFlow(text);
    expect(findings.map((found) => found.code)).toEqual([code]);
    const [finding] = findings;
    const [state, pointer] = PLACES[code];
    expect(finding).toMatchObject({ severity: FINDING_CODES[code], pointer });
    expect(finding?.state).toBe(state);

    // The sentence for the command line names the state and its culprit; the one for the studio speaks of content.
    for (const sentence of [finding!.message, finding!.plain]) expect(sentence).toMatch(/^[A-Z].{10,298}[.?]$/);
    if (state !== undefined) expect(finding!.message).toContain(`State "${state}": `);
    expect(finding!.plain).not.toMatch(FORMAT_WORDS);

    // Its place in the file is where the pointer leads.
    const { line, column } = at(pointer)!;
    const there = text.split("\n")[line - 1]!.slice(column - 1);
    const last = fromPointer(pointer).at(-1);
    if (last !== undefined && !/^\d+$/.test(last)) expect(there).toMatch(new RegExp(`^"${last}": `));
    if (code === "not-a-flow") expect(there).toBe('"next": "menu"');

    if (finding!.fix) {
      expect(finding!.fix.label).toMatch(/^[A-Z]/);
      const left = check(applyFix(flow, finding!.fix));
      expect(left.map((found) => found.code)).not.toContain(code);
      expect(left.filter((found) => found.severity === "error")).toEqual([]);
    }
  });

  it("has a fix where a machine can know what is meant", () => {
    const fixable = names("invalid/").filter((code) => readFlow(read(`invalid/${code}.json`)).findings[0]?.fix);
    expect(fixable).toEqual([
      "bad-name",
      "chat-without-match",
      "choice-without-match",
      "empty-text",
      "hand-off-id-taken",
      "hand-off-with-next",
      "next-missing",
      "no-other-text",
      "number-id",
      "outcome-without-match",
    ]);
  });
});

describe("flows", () => {
  it.each(names(""))("%s.json has no finding", (name) => {
    const settings = `${name}.settings.json`;
    const { variables = [] } = (existsSync(new URL(settings, flows)) ? JSON.parse(read(settings)) : {}) as Settings;
    expect(readFlow(read(`${name}.json`), { variables }).findings).toEqual([]);
  });
});

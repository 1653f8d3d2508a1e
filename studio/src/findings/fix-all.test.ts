import { readdirSync, readFileSync } from "node:fs";
import { check } from "@parley/shared/flow/check";
import { readFlow } from "@parley/shared/flow/read";
import { describe, expect, it } from "vitest";
import { applyAll } from "../document/apply.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { fixAll } from "./fix-all.js";

const flow: FlowJson = {
  hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "langauge" },
  language: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "Well?",
      choices: [
        { itemId: "a", content: "A" },
        { itemId: "b", content: "B" },
      ],
    },
  },
};
const draft: Draft = { flow, layout: {}, settings: {} };

describe("Fix all", () => {
  it("leaves no finding that has a fix, and is one undo", () => {
    const findings = check(flow);
    const fixable = findings.filter(({ fix }) => fix !== undefined);
    expect(fixable.length).toBeGreaterThan(2);
    const result = fixAll(draft, findings);
    const { draft: now, inverse } = applyAll(draft, result.changes);
    expect(check(now.flow).filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect(result.says).toBe(`${fixable.length} were fixed.`);
    expect(JSON.stringify(applyAll(now, inverse).draft)).toBe(JSON.stringify(draft));
  });

  it("does what is the same fix twice only once", () => {
    const [finding] = check(flow).filter(({ code }) => code === "next-missing");
    expect(fixAll(draft, [finding!, finding!]).says).toBe("One was fixed.");
  });

  it("says so where there is nothing to fix", () => {
    expect(
      fixAll(
        draft,
        check(flow).filter(({ fix }) => fix === undefined),
      ),
    ).toMatchObject({
      changes: [],
      refused: expect.any(String),
    });
  });
});

it("the fixes that the browser's tests click are all there are", () => {
  const folder = new URL("../../../flows/invalid/", import.meta.url);
  const fixed = readdirSync(folder).filter((file) =>
    readFlow(readFileSync(new URL(file, folder), "utf8")).findings.some(({ fix }) => fix !== undefined),
  );
  const spec = readFileSync(new URL("../../../e2e/studio-edits-files.spec.ts", import.meta.url), "utf8");
  expect(fixed.length).toBeGreaterThan(5);
  for (const file of fixed) expect(spec).toContain(`["${file.replace(".json", "")}", `);
});

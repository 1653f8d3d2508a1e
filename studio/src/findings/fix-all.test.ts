import { check } from "@parley/shared/flow/check";
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

import { applyFix as applyToFlow } from "@parley/shared/flow/change";
import { check } from "@parley/shared/flow/check";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "../apply.js";
import { anyFlow } from "../draft.arbitrary.js";
import type { Draft } from "../draft.js";
import { applyFix } from "./fix.js";

const draftOf = (flow: Draft["flow"], layout: Draft["layout"] = {}): Draft => ({ flow, layout, settings: {} });

describe("fixes", () => {
  it("of every finding do to the draft what they say of the flow", () => {
    const fixed = new Set<string>();
    fc.assert(
      fc.property(anyFlow, (flow) => {
        for (const { fix, code } of check(flow)) {
          if (!fix) continue;
          const { changes } = applyFix(draftOf(flow), { fix });
          const { draft, inverse } = applyAll(draftOf(flow), changes);
          expect(JSON.stringify(draft.flow)).toBe(JSON.stringify(applyToFlow(flow, fix)));
          expect(JSON.stringify(applyAll(draft, inverse).draft.flow)).toBe(JSON.stringify(flow));
          fixed.add(code);
        }
      }),
      { numRuns: 600 },
    );
    expect([...fixed]).toEqual(
      expect.arrayContaining(["bad-name", "number-id", "choice-without-match", "chat-without-match", "empty-text"]),
    );
  });

  it("a renamed state keeps its place on the canvas", () => {
    const flow = Object.fromEntries([["constructor", { sendRequest: { kind: "BotText", content: "x" } }]]);
    const draft = draftOf(flow, { positions: Object.fromEntries([["constructor", { x: 1, y: 2 }]]) });
    const { fix } = check(flow)[0]!;
    const result = applyFix(draft, { fix: fix! });
    expect(applyAll(draft, result.changes).draft.layout.positions).toEqual({ constructorState: { x: 1, y: 2 } });
    expect(result.select).toEqual(["constructorState"]);
  });

  it("one whose place is gone changes nothing and says so", () => {
    const fix = { label: "x", changes: [{ kind: "set", pointer: "/a/next", value: "b" } as const] };
    expect(applyFix(draftOf({}), { fix })).toMatchObject({ changes: [], refused: expect.any(String) });
  });
});

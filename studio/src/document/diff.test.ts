import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "./apply.js";
import { diff } from "./diff.js";
import { anyChange, anyDraft } from "./draft.arbitrary.js";
import type { Draft, FlowJson } from "./draft.js";

const draftOf = (flow: FlowJson, layout: Draft["layout"] = {}): Draft => ({ flow, layout, settings: {} });
const say = (content: string, next?: string) => ({ sendRequest: { kind: "BotText", content }, ...(next && { next }) });

describe("diff", () => {
  it("makes one draft out of another, byte for byte, whatever they hold", () => {
    fc.assert(
      fc.property(anyDraft, anyDraft, fc.array(anyChange, { maxLength: 6 }), (from, other, changes) => {
        for (const to of [other, applyAll(from, changes).draft]) {
          expect(JSON.stringify(applyAll(from, diff(from, to)).draft)).toBe(JSON.stringify(to));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("is as small as what was changed", () => {
    const from = draftOf({ a: say("A", "b"), b: say("B", "c"), c: say("C") });
    expect(diff(from, from)).toEqual([]);
    expect(diff(from, draftOf({ a: say("A", "b"), b: say("Be", "c"), c: say("C") }))).toEqual([
      { kind: "set", at: ["b", "sendRequest", "content"], value: "Be" },
    ]);
    expect(diff(from, draftOf({ c: say("C"), a: say("A", "b"), b: say("B", "c") }))).toEqual([
      { kind: "moveState", name: "c", before: "a" },
    ]);
    expect(diff(from, draftOf({ a: say("A", "b"), b: say("B", "c"), new: say("N"), c: say("C") }))).toEqual([
      { kind: "addState", name: "new", state: say("N"), before: "c" },
    ]);
  });

  it("finds a state that was renamed, with its place on the canvas", () => {
    const from = draftOf({ a: say("A", "b"), b: say("B") }, { positions: { b: { x: 1, y: 2 } } });
    const to = draftOf({ a: say("A", "c"), c: say("B") }, { positions: { c: { x: 1, y: 2 } } });
    expect(diff(from, to)).toEqual([{ kind: "renameState", from: "b", to: "c", follows: true }]);
    const text = draftOf({ a: say("A", "c"), c: say("See") });
    expect(diff(draftOf(from.flow), text)).toEqual([
      { kind: "renameState", from: "b", to: "c", follows: true },
      { kind: "set", at: ["c", "sendRequest", "content"], value: "See" },
    ]);
  });

  it("finds a question and an answer that were renamed", () => {
    const flow = (group: string, item: string) => ({
      ask: {
        sendRequest: {
          kind: "ChoiceRequest",
          groupId: group,
          question: "Q",
          choices: [{ itemId: item, content: "I" }],
        },
      },
      picked: { matchResponse: { kind: "ChoiceResponse", groupId: group, itemId: item } },
    });
    expect(diff(draftOf(flow("g", "x")), draftOf(flow("group", "y")))).toEqual([
      { kind: "renameGroup", from: "g", to: "group", follows: true },
      { kind: "renameItem", group: "group", from: "x", to: "y", follows: true },
    ]);
  });
});

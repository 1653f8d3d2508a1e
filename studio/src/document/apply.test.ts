import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, applyAll } from "./apply.js";
import type { Change, ChangeKind, ChangeOf } from "./change.js";
import { anyChange, anyDraft } from "./draft.arbitrary.js";
import type { Draft, FlowJson } from "./draft.js";

const draftOf = (flow: FlowJson): Draft => ({ flow, layout: {}, settings: {} });
const question = (groupId: string, ...items: string[]) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId,
    question: "Q",
    choices: items.map((itemId) => ({ itemId, content: itemId })),
  },
});
const point = { x: 1, y: 2 };
/** A draft in which there is something of everything. */
const rich: Draft = {
  flow: {
    ask: question("g", "x", "y"),
    x: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "x" }, next: "name" },
    name: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  },
  layout: {
    positions: { ask: point, x: point },
    notes: [{ id: "n", text: "N", ...point }],
    groups: [{ id: "g", title: "G", states: ["ask"] }],
  },
  settings: { title: "T", variables: ["a"] },
};
const choices = ["ask", "sendRequest", "choices"];
/** Changes of each kind that change something there. */
const EXAMPLES: { readonly [Kind in ChangeKind]: readonly Omit<ChangeOf<Kind>, "kind">[] } = {
  addState: [
    { name: "new", state: {} },
    { name: "12", state: {}, before: "x" },
  ],
  removeState: [{ name: "x" }, { name: "name" }],
  renameState: [
    { from: "ask", to: "12" },
    { from: "name", to: "__proto__" },
  ],
  moveState: [{ name: "name", before: "ask" }, { name: "ask" }],
  renameGroup: [{ from: "g", to: "h" }],
  renameChat: [{ from: "s", to: "g" }],
  renameItem: [{ group: "g", from: "x", to: "z" }],
  set: [
    { at: ["x", "next"] },
    { at: ["x", "next"], value: "ask" },
    { at: ["name", "sendRequest", "chatText"], value: "T", before: "sessionId" },
    { at: [...choices, { item: "y" }, "itemId"], value: 7 },
    { at: ["ask"], value: null },
  ],
  addItem: [
    { at: choices, item: { itemId: "z" } },
    { at: choices, item: { itemId: 3 }, before: "y" },
  ],
  removeItem: [{ at: choices, item: "x" }],
  moveItem: [
    { at: choices, item: "y", before: "x" },
    { at: choices, item: "x" },
  ],
  place: [{ name: "ask" }, { name: "name", to: point, before: "x" }, { name: "ask", to: { x: 5, y: 5 } }],
  note: [{ id: "n" }, { id: "m", note: { id: "m", text: "", ...point }, before: "n" }],
  group: [{ id: "g" }, { id: "h", group: { id: "h", title: "", states: [] } }],
  layout: [{ key: "notes" }, { key: "$schema", value: "x", before: "positions" }],
  setting: [{ key: "title" }, { key: "title", value: "U" }, { key: "origins", value: [], before: "title" }],
  replace: [{ draft: { flow: {}, layout: {}, settings: {} } }],
};
const after = (flow: FlowJson, ...changes: Change[]) => applyAll(draftOf(flow), changes).draft.flow;

describe("apply", () => {
  it("any sequence of changes, undone, gives the first document byte for byte", () => {
    fc.assert(
      fc.property(anyDraft, fc.array(anyChange, { maxLength: 12 }), (draft, changes) => {
        const first = JSON.stringify(draft);
        const inverses: Change[][] = [];
        let now = draft;
        for (const change of changes) {
          const applied = apply(now, change);
          if (applied.inverse.length === 0) expect(JSON.stringify(applied.draft)).toBe(JSON.stringify(now));
          inverses.push(applied.inverse);
          now = applied.draft;
        }
        const together = applyAll(draft, changes);
        expect(JSON.stringify(together.draft)).toBe(JSON.stringify(now));
        for (const inverse of inverses.reverse()) now = applyAll(now, inverse).draft;
        expect(JSON.stringify(now)).toBe(first);
        expect(JSON.stringify(applyAll(together.draft, together.inverse).draft)).toBe(first);
        expect(JSON.stringify(draft)).toBe(first);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Object.entries(EXAMPLES))("%s, undone, gives the first document byte for byte", (kind, examples) => {
    for (const example of examples) {
      const { draft, inverse } = apply(rich, { kind, ...example } as Change);
      expect(JSON.stringify(draft)).not.toBe(JSON.stringify(rich));
      expect(JSON.stringify(applyAll(draft, inverse).draft)).toBe(JSON.stringify(rich));
    }
  });

  it("the inverse of an inverse makes the change again", () => {
    fc.assert(
      fc.property(anyDraft, fc.array(anyChange, { maxLength: 6 }), (draft, changes) => {
        const done = applyAll(draft, changes);
        const undone = applyAll(done.draft, done.inverse);
        expect(JSON.stringify(applyAll(undone.draft, undone.inverse).draft)).toBe(JSON.stringify(done.draft));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the order of keys, and shares what does not change", () => {
    const draft = draftOf({ a: question("g", "x"), b: { next: "a" }, c: { next: "b" } });
    const { flow } = apply(draft, { kind: "set", at: ["b", "next"], value: "c" }).draft;
    expect(Object.keys(flow)).toEqual(["a", "b", "c"]);
    expect(flow.a).toBe(draft.flow.a);
    expect(apply(draft, { kind: "set", at: ["b", "next"], value: "a" }).draft).toBe(draft);
  });

  it("a renamed state is renamed wherever the draft has it", () => {
    const draft: Draft = {
      flow: { a: { next: "a" }, b: { next: "a" } },
      layout: { positions: { a: { x: 1, y: 2 } }, groups: [{ id: "1", title: "", states: ["b", "a"] }] },
      settings: {},
    };
    expect(apply(draft, { kind: "renameState", from: "a", to: "c" }).draft).toEqual({
      flow: { c: { next: "c" }, b: { next: "c" } },
      layout: { positions: { c: { x: 1, y: 2 } }, groups: [{ id: "1", title: "", states: ["b", "c"] }] },
      settings: {},
    });
    expect(apply(draft, { kind: "renameState", from: "a", to: "b" }).inverse).toEqual([]);
  });

  it("a note goes with its step, and the way back puts notes right that named nothing before", () => {
    const notes = [
      { id: "1", text: "", state: "a" },
      { id: "2", text: "", state: "c" },
      { id: "3", text: "", x: 0, y: 0 },
    ];
    const draft: Draft = { flow: { a: {}, b: {} }, layout: { notes }, settings: {} };
    const renamed = apply(draft, { kind: "renameState", from: "a", to: "c" });
    expect(renamed.draft.layout.notes?.map(({ state }) => state)).toEqual(["c", "c", undefined]);
    expect(applyAll(renamed.draft, renamed.inverse).draft).toEqual(draft);
    const other = apply(draft, { kind: "renameState", from: "b", to: "c" });
    expect(applyAll(other.draft, other.inverse).draft).toEqual(draft);
  });

  it("[F12] a renamed question is renamed in requests, matches and texts, and in no tag", () => {
    const flow: FlowJson = {
      ask: question("lang", "go"),
      go: { matchResponse: { kind: "ChoiceResponse", groupId: "lang", itemId: "go" } },
      say: { sendRequest: { kind: "BotText", content: "{{lang}} {{ lang |x}} {{go}} <a href='{{lang}}'>" } },
      typed: { matchResponse: { kind: "UserText", sessionId: "s", content: "{{lang}}" } },
    };
    expect(after(flow, { kind: "renameGroup", from: "lang", to: "language" })).toEqual({
      ask: question("language", "go"),
      go: { matchResponse: { kind: "ChoiceResponse", groupId: "language", itemId: "go" } },
      say: { sendRequest: { kind: "BotText", content: "{{language}} {{ language |x}} {{go}} <a href='{{lang}}'>" } },
      typed: { matchResponse: { kind: "UserText", sessionId: "s", content: "{{lang}}" } },
    });
    const item = after(flow, { kind: "renameItem", group: "lang", from: "go", to: "golang" });
    expect(item.ask).toEqual({
      sendRequest: { ...question("lang", "golang").sendRequest, choices: [{ itemId: "golang", content: "go" }] },
    });
    expect(item.go).toEqual({ matchResponse: { kind: "ChoiceResponse", groupId: "lang", itemId: "golang" } });
  });

  it("a choice is found by its id, whatever was put before it", () => {
    const at = ["ask", "sendRequest", "choices"];
    const flow = after(
      { ask: question("g", "x", "y") },
      { kind: "addItem", at, item: { itemId: "new", content: "New" }, before: "x" },
      { kind: "set", at: [...at, { item: "y" }, "content"], value: "Why" },
      { kind: "moveItem", at, item: "y", before: "new" },
    );
    expect(flow.ask).toMatchObject({
      sendRequest: { choices: [{ content: "Why" }, { itemId: "new" }, { itemId: "x" }] },
    });
  });

  it("an undone first place leaves no empty list of places, and takes nobody else's", () => {
    const first = draftOf({});
    const { draft, inverse } = apply(first, { kind: "place", name: "a", to: { x: 1, y: 1 } });
    expect(applyAll(draft, inverse).draft).toEqual(first);
    const theirs = apply(draft, { kind: "place", name: "b", to: { x: 2, y: 2 } }).draft;
    expect(applyAll(theirs, inverse).draft.layout).toEqual({ positions: { b: { x: 2, y: 2 } } });
  });

  it("a choice that gets the id of another is given back all the same", () => {
    const draft = draftOf({ ask: question("g", "x", "y") });
    const at = ["ask", "sendRequest", "choices", { item: "y" }, "itemId"];
    const same = apply(draft, { kind: "set", at, value: "x" });
    expect(same.draft.flow.ask).toMatchObject({ sendRequest: { choices: [{ itemId: "x" }, { itemId: "x" }] } });
    expect(applyAll(same.draft, same.inverse).draft).toEqual(draft);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import { anyChange, anyDraft } from "./draft.arbitrary.js";
import type { Draft } from "./draft.js";
import { amend, commit, type History, MAX_ENTRIES, type Moved, NO_HISTORY, redo, undo } from "./history.js";
import { joinChanges } from "./join-changes.js";

const say = (content: string) => ({ sendRequest: { kind: "BotText", content } });
const draft: Draft = { flow: { a: say(""), b: say("B") }, layout: {}, settings: {} };
const type = (content: string): Change[] => [{ kind: "set", at: ["a", "sendRequest", "content"], value: content }];
const drag = (x: number): Change[] => ["a", "b"].map((name) => ({ kind: "place", name, to: { x, y: 0 } }));

type Doing = {
  readonly changes: readonly Change[];
  readonly label?: string;
  readonly at: number;
  readonly merge?: string;
};
function doAll(...doings: Doing[]): Moved {
  let moved: Moved = { history: NO_HISTORY, draft, changes: [] };
  for (const { changes, ...entry } of doings) {
    moved = commit(moved.history, moved.draft, changes, { label: "Edit", ...entry });
  }
  return moved;
}

describe("history", () => {
  it("any commits, undone, give the first draft byte for byte, and redone the last", () => {
    const doing = fc.record({
      changes: fc.array(anyChange, { maxLength: 3 }),
      merge: fc.constantFrom("type", "drag", undefined),
      wait: fc.constantFrom(10, 5000),
      amends: fc.boolean(),
    });
    fc.assert(
      fc.property(anyDraft, fc.array(doing, { maxLength: 8 }), (first, doings) => {
        let history: History = NO_HISTORY;
        let now = first;
        let at = 0;
        for (const { changes, merge, wait, amends } of doings) {
          at += wait;
          const entry = { label: "Edit", at, ...(merge !== undefined && { merge }) };
          const moved =
            amends && history.past.length > 0 ? amend(history, now, changes) : commit(history, now, changes, entry);
          // What is told to autosave is what was done.
          expect(JSON.stringify(applyAll(now, moved.changes).draft)).toBe(JSON.stringify(moved.draft));
          ({ history, draft: now } = moved);
        }
        const last = JSON.stringify(now);
        const steps = history.past.length;
        for (let i = 0; i < steps; i++) ({ history, draft: now } = undo(history, now));
        expect(JSON.stringify(now)).toBe(JSON.stringify(first));
        expect(history.past).toEqual([]);
        for (let i = 0; i < steps; i++) ({ history, draft: now } = redo(history, now));
        expect(JSON.stringify(now)).toBe(last);
      }),
      { numRuns: 1000 },
    );
  });

  it("a burst of typing is one step, as small as one change", () => {
    const { history, draft: now } = doAll(
      { changes: type("H"), at: 0, merge: "a" },
      { changes: type("He"), at: 900, merge: "a" },
      { changes: type("Hey"), at: 1900, merge: "a" },
    );
    expect(history.past).toEqual([{ label: "Edit", at: 1900, merge: "a", changes: type("Hey"), inverse: type("") }]);
    expect(undo(history, now).draft).toEqual(draft);
  });

  it("so is a drag of several cards", () => {
    const { history, draft: now } = doAll(
      { changes: drag(1), at: 0, merge: "drag" },
      { changes: drag(2), at: 10, merge: "drag" },
    );
    expect(history.past[0]?.changes).toEqual(drag(2));
    expect(undo(history, now).draft).toEqual(draft);
  });

  it("a pause, another field and an undo begin a new step", () => {
    expect(
      doAll({ changes: type("H"), at: 0, merge: "a" }, { changes: type("He"), at: 1001, merge: "a" }).history.past,
    ).toHaveLength(2);
    expect(
      doAll({ changes: type("H"), at: 0, merge: "a" }, { changes: drag(1), at: 1, merge: "b" }).history.past,
    ).toHaveLength(2);
    const typed = doAll({ changes: type("H"), at: 0, merge: "a" }, { changes: drag(1), at: 1 });
    const undone = undo(typed.history, typed.draft);
    const again = commit(undone.history, undone.draft, type("He"), { label: "Edit", at: 2, merge: "a" });
    expect(again.history.past).toHaveLength(2);
    expect(again.history.future).toEqual([]);
  });

  it("what changes nothing is no step and leaves redo", () => {
    const typed = doAll({ changes: type("H"), at: 0 });
    const undone = undo(typed.history, typed.draft);
    const nothing = commit(undone.history, undone.draft, type(""), { label: "Edit", at: 1 });
    expect(nothing.history).toBe(undone.history);
    expect(nothing.draft).toBe(undone.draft);
    expect(redo(nothing.history, nothing.draft).label).toBe("Edit");
    expect(undo(NO_HISTORY, draft)).toEqual({ history: NO_HISTORY, draft, changes: [] });
  });

  it("an id that was changed is not changed again by its old place", () => {
    const list = [{ itemId: "x" }];
    const asked: Draft = { ...draft, flow: { ask: { sendRequest: { kind: "ChoiceRequest", choices: list } } } };
    const change = (value: string): Change[] => {
      return [{ kind: "set", at: ["ask", "sendRequest", "choices", { item: "x" }, "itemId"], value }];
    };
    const twice = applyAll(asked, joinChanges(change("y"), change("z"))).draft;
    expect(twice).toEqual(applyAll(asked, change("y")).draft);
  });

  it("keeps the newest 500 steps", () => {
    const { history } = doAll(...Array.from({ length: 510 }, (_, i) => ({ changes: type(`${i}`), at: i })));
    expect(history.past).toHaveLength(MAX_ENTRIES);
    expect(history.past.at(-1)?.changes).toEqual(type("509"));
  });

  it("two lists of changes joined have the effect of both", () => {
    const changes = fc.array(anyChange, { maxLength: 6 });
    fc.assert(
      fc.property(anyDraft, changes, changes, (draft, first, second) => {
        const apart = applyAll(applyAll(draft, first).draft, second).draft;
        expect(JSON.stringify(applyAll(draft, joinChanges(first, second)).draft)).toBe(JSON.stringify(apart));
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TextChange, textChanges } from "./text-changes.js";

const applied = (text: string, changes: readonly TextChange[]) =>
  changes.toReversed().reduce((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), text);

describe("what changes between two texts", () => {
  it("makes the second of the first, whatever they are", () => {
    const line = fc.constantFrom("a", "b", "c", "{", "}", "", "x: 1", "x: 12");
    const text = fc
      .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
      .map(([l, end]) => l.join("\n") + (end ? "\n" : ""));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const changes = textChanges(from, to);
        expect(applied(from, changes)).toBe(to);
        for (const [i, { from }] of changes.entries()) expect(from).toBeGreaterThanOrEqual(changes[i - 1]?.to ?? 0);
      }),
    );
  });

  it("touches only what is other", () => {
    const before = '{\n  "a": {\n    "x": 1\n  },\n  "b": {\n    "x": 1\n  },\n  "c": 3\n}\n';
    const after = before.replace('"c": 3', '"c": 34').replace('"a": {\n    "x": 1', '"a": {\n    "x": 12');
    expect(textChanges(before, after)).toEqual([
      { from: before.indexOf("1\n") + 1, to: before.indexOf("1\n") + 1, insert: "2" },
      { from: before.indexOf("3\n}") + 1, to: before.indexOf("3\n}") + 1, insert: "4" },
    ]);
  });
});

import { expect, it } from "vitest";
import { keptLayout } from "./kept-layout.js";

const layout = {
  positions: { a: { x: 1, y: 1 }, b: { x: 2, y: 2 } },
  notes: [{ id: "n", text: "", x: 0, y: 0 }],
  groups: [
    { id: "g", title: "", states: ["a", "b"] },
    { id: "h", title: "", states: ["b"] },
  ],
};

it("keeps the drawing of what is still there", () => {
  expect(keptLayout(layout, { a: {}, c: {} })).toEqual({
    positions: { a: { x: 1, y: 1 } },
    notes: layout.notes,
    groups: [{ id: "g", title: "", states: ["a"] }],
  });
});

it("keeps none of a drawing of something else", () => {
  expect(keptLayout(layout, { c: {} })).toEqual({});
});

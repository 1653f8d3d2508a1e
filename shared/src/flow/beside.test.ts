import { expect, it } from "vitest";
import { isLayout, isSettings } from "./beside.js";

it.each([
  [{}, true],
  [{ positions: { a: { x: 1, y: 2 } }, notes: [{ id: "n", text: "", x: 0, y: 0 }], groups: [] }, true],
  [{ positions: 3 }, false],
  [{ positions: { a: { x: "1", y: 2 } } }, false],
  [{ more: 1 }, false],
  [null, false],
])("a drawing: %j is one: %s", (value, wanted) => {
  expect(isLayout(value)).toBe(wanted);
});

it.each([
  [{}, true],
  [{ title: "A", appearance: { color: "#ffffff" }, variables: ["name"] }, true],
  [{ appearance: { color: "white" } }, false],
  [[], false],
])("settings: %j are some: %s", (value, wanted) => {
  expect(isSettings(value)).toBe(wanted);
});

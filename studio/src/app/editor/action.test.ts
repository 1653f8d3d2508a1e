// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { type Action, actionFor } from "./action.js";

const action = (id: string, where: Action["where"], ...keys: string[]): Action => ({
  id,
  label: id,
  group: "Edit",
  where,
  keys,
  run: () => {},
});
const ACTIONS = [
  action("undo", "everywhere", "mod+z"),
  action("delete", "steps", "delete", "backspace"),
  action("add", "steps", "a"),
  action("duplicate", "steps", "mod+d"),
];

const PAGE = `
  <div data-steps id="canvas"><button id="inside"></button><textarea id="note"></textarea></div>
  <input id="field"><input id="box" type="checkbox"><input id="search" data-own-undo>
  <div role="dialog"><button id="dialog"></button></div>
  <div id="body"></div>`;

function press(id: string, key: string, ctrlKey = false): string | undefined {
  let found: Action | undefined;
  const target = document.getElementById(id)!;
  const listen = (event: Event) => {
    found = actionFor(ACTIONS, event as KeyboardEvent, false);
  };
  document.addEventListener("keydown", listen, { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, ctrlKey, bubbles: true }));
  return found?.id;
}

describe("what a key means", () => {
  beforeEach(() => {
    document.body.innerHTML = PAGE;
  });

  it.each([
    ["canvas", "a", false, "add"],
    ["inside", "a", false, "add"],
    ["canvas", "Delete", false, "delete"],
    ["body", "a", false, undefined],
    ["body", "z", true, "undo"],
    ["field", "z", true, "undo"],
    ["box", "z", true, "undo"],
  ])("on %s the key %s (with Ctrl: %s) is %s", (id, key, ctrl, wanted) => {
    expect(press(id, key, ctrl)).toBe(wanted);
  });

  it.each([
    ["note", "a"],
    ["note", "Delete"],
    ["note", "Backspace"],
    ["field", "a"],
  ])("while one types in %s the key %s is text", (id, key) => {
    expect(press(id, key)).toBeUndefined();
  });

  it("a search has an undo of its own, a dialog all keys", () => {
    expect(press("search", "z", true)).toBeUndefined();
    expect(press("dialog", "z", true)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { keyLabel, matches } from "./keys.js";

const press = (key: string, more: Partial<Parameters<typeof matches>[1]> = {}) => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe("keys", () => {
  it.each([
    ["mod+z", press("z", { ctrlKey: true }), false, true],
    ["mod+z", press("z", { ctrlKey: true }), true, false],
    ["mod+z", press("z", { metaKey: true }), true, true],
    ["mod+z", press("Z", { ctrlKey: true, shiftKey: true }), false, false],
    ["mod+shift+z", press("Z", { ctrlKey: true, shiftKey: true }), false, true],
    ["a", press("a"), false, true],
    ["a", press("a", { ctrlKey: true }), false, false],
    ["a", press("A", { shiftKey: true }), false, false],
    ["shift+a", press("A", { shiftKey: true }), false, true],
    ["alt+arrowleft", press("ArrowLeft", { altKey: true }), false, true],
    ["+", press("+", { shiftKey: true }), false, true],
    ["?", press("?", { shiftKey: true }), false, true],
    ["=", press("="), false, true],
    ["0", press("à", { code: "Digit0" }), false, true],
    ["1", press("!", { code: "Digit1", shiftKey: true }), false, false],
    ["shift+alt+t", press("ˇ", { code: "KeyT", altKey: true, shiftKey: true }), true, true],
    ["mod+z", press("я", { code: "KeyZ", ctrlKey: true }), false, true],
    ["mod+y", press("z", { code: "KeyY", ctrlKey: true }), false, false],
    ["delete", press("Delete"), false, true],
    ["mod+delete", press("Delete"), false, false],
  ])("%s", (keys, event, mac, wanted) => {
    expect(matches(keys, event, mac)).toBe(wanted);
  });

  it("are called as they are on the machine", () => {
    expect(keyLabel("mod+shift+z", false)).toBe("Ctrl+Shift+Z");
    expect(keyLabel("mod+shift+z", true)).toBe("⇧⌘Z");
    expect(keyLabel("alt+arrowleft", false)).toBe("Alt+←");
    expect(keyLabel("+", false)).toBe("+");
    expect(keyLabel("f2", false)).toBe("F2");
  });
});

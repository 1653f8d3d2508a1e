import { expect, it } from "vitest";
import { indentKey } from "./indent.js";

/** A text with `|` where the caret is, before a key and after. */
const pressed = (marked: string, key: "Enter" | "Tab" | "Back"): string | undefined => {
  const at = marked.indexOf("|");
  const text = marked.replace("|", "");
  const written = indentKey(text, at, at, key);
  return written && text.slice(0, written.from) + written.text + text.slice(written.to);
};

it.each<["Enter" | "Tab" | "Back", string, string | undefined]>([
  ["Enter", "a|", undefined],
  ["Enter", "- a\n  b|", "- a\n  b\n  "],
  ["Enter", "- a\n  b|c", "- a\n  b\n  c"],
  ["Enter", "- a\n |  b", "- a\n \n   b"],
  ["Tab", "- a\n|b", "- a\n  b"],
  ["Tab", "- a\n  |b", "- a\n    b"],
  ["Tab", "- a\nb|", undefined],
  ["Tab", "|a", undefined],
  ["Back", "- a\n    |b", "- a\n  b"],
  ["Back", "- a\n |b", "- a\nb"],
  ["Back", "- a\n|b", undefined],
  ["Back", "- a\n  b|", undefined],
])("%s at %j", (key, before, after) => {
  expect(pressed(before, key)).toBe(after);
});

import { expect, it } from "vitest";
import { looksLikeScript } from "./looks-like-script.js";

it.each([
  ["Hello\nBye", true],
  ["Hello\r\n\r\n- Yes\r\n", true],
  ["Hello", false],
  ["\n Hello \n\n", false],
  ['{\n  "a": 1\n}', false],
  ["<p>\nHello</p>", false],
  ["a\n".repeat(100_001), false],
])("%j: %s", (text, is) => {
  expect(looksLikeScript(text)).toBe(is);
});

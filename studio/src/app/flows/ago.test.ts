import { expect, it } from "vitest";
import { ago } from "./ago.js";

const NOW = Date.parse("2026-11-25T12:00:00Z");

it.each([
  ["2026-11-25T11:59:30Z", "just now"],
  ["2026-11-25T12:00:10Z", "just now"],
  ["2026-11-25T11:58:59Z", "1 minute ago"],
  ["2026-11-25T10:30:00Z", "1 hour ago"],
  ["2026-11-24T11:00:00Z", "yesterday"],
  ["2026-11-11T11:00:00Z", "2 weeks ago"],
  ["2026-08-01T00:00:00Z", "3 months ago"],
  ["2024-11-01T00:00:00Z", "2 years ago"],
  ["not a time", "just now"],
])("%s", (at, words) => {
  expect(ago(at, NOW)).toBe(words);
});

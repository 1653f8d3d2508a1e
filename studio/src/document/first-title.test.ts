import { readScript } from "@parley/shared/script/read-script";
import { expect, it } from "vitest";
import { titleByWords } from "./first-title.js";

it.each<[string, string | undefined]>([
  ["**Hello** there\nBye", "Hello there"],
  ["Hello! Welcome to the mill. Come in!\nBye", "Hello! Welcome to the mill."],
  ["{{day}}: when?\n- Now", "…: when?"],
  [`${"word ".repeat(20)}`, `${"word ".repeat(11)}word…`],
  ["x".repeat(90), `${"x".repeat(60)}…`],
  ["", undefined],
])("a flow is called by the words it begins with: %j", (script, title) => {
  expect(titleByWords(readScript(script).flow)).toBe(title);
});

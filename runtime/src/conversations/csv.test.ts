import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.js";

describe("csvLine", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ['a "word", and', '"a ""word"", and"'],
    ["two\nlines", '"two\nlines"'],
    [" around ", '" around "'],
    ["a=b", "a=b"],
    ["it's", "it's"],
  ])("writes %j as %s", (cell, written) => {
    expect(csvLine([cell, "next"])).toBe(`${written},next\r\n`);
  });

  it.each([
    "=1+1",
    "+49 30 1234",
    "-2+3",
    "@SUM(A1)",
    "＝1",
    " =1",
    "\u00a0=1",
    "\u200b@x",
    "\t=1",
    "\tindented",
    "\rcarriage",
    "\n=1",
    '=HYPERLINK("https://evil.example","x")',
    "=cmd|' /C calc'!A0",
  ])("[P15] makes %j text to a spreadsheet", (cell) => {
    const written = csvLine([cell]).slice(0, -2);
    const read = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
    expect(read).toBe(`'${cell}`);
  });
});

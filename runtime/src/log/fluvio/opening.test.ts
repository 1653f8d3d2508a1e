import { describe, expect, it } from "vitest";
import { opening } from "./opening.js";

describe("where a stream is opened", () => {
  it.each([
    ["a new reader, at the first record", { count: 0, id: "" }, 0, { index: 0, first: 1 }],
    ["a new reader of a trimmed partition, at what is left", { count: 0, id: "" }, 30, { index: 0, first: 31 }],
    ["who has read, at the last one that was read", { count: 5, id: "c.1" }, 0, { index: 4, first: 5, known: "c.1" }],
    ["the same, counted from what is left", { count: 35, id: "c.1" }, 30, { index: 4, first: 35, known: "c.1" }],
    ["who has read what retention took just now, behind it", { count: 30, id: "c.1" }, 30, { index: 0, first: 31 }],
    ["who has read no record of ours last, behind it", { count: 35, id: "" }, 30, { index: 5, first: 36 }],
    ["who lacks what retention took, at what is left", { count: 20, id: "c.1" }, 30, { index: 0, first: 31 }],
  ])("%s", (_, read, base, expected) => {
    expect(opening(read, base)).toEqual(expected);
  });
});

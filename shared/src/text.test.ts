import { describe, expect, it } from "vitest";
import { comparableText, firstUnits, jsonBytes, readId, utf8Length } from "./text.js";

const STRINGS = [
  "",
  "a",
  "é",
  "€",
  "🦜",
  "\u0000",
  "\u007f\u0080\u07ff\u0800\uffff",
  "\ud800",
  "\udc00",
  "\udc00\ud800",
  "\ud800x",
  "a🦜\ud83d",
];

describe("utf8Length", () => {
  it.each(STRINGS)("%j has the bytes that it is encoded in", (text) => {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
  });
});

describe("jsonBytes", () => {
  it.each(STRINGS)("of %j as JSON writes it", (text) => {
    expect(jsonBytes({ [text]: [text, 1.5, null] })).toBe(
      new TextEncoder().encode(JSON.stringify({ [text]: [text, 1.5, null] })).length,
    );
  });

  it("of nothing is 0", () => {
    expect(jsonBytes(undefined)).toBe(0);
  });
});

describe("[F4] comparableText", () => {
  it.each([
    ["  Zig \n\t lang  ", "zig lang"],
    ["\u00a0a\u3000b\u2028", "a b"],
    ["ＡＢＣ１", "abc1"],
    ["ﬁn", "fin"],
    ["STRASSE", "strasse"],
    ["straße", "strasse"],
    ["ẞ", "ss"],
    ["e\u0301", "é"],
    ["ΟΔΟΣ", comparableText("οδος")],
    ["", ""],
    ["\ud800", "\ud800"],
  ])("%j is compared as %j", (text, comparable) => {
    expect(comparableText(text)).toBe(comparable);
  });

  it.each([...STRINGS, "İstanbul", "ΟΔΟΣ ΟΔΟΣ", "ǅ", "ſt", "ŉ"])("of a comparable text is the same: %j", (text) => {
    expect(comparableText(comparableText(text))).toBe(comparableText(text));
  });

  it("is the same for a character, its capital and its small letter, in every script that has them", () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0x1ffff; code++) {
      const character = String.fromCodePoint(code);
      const forms = [character, character.toUpperCase(), character.toLowerCase(), comparableText(character)];
      if (new Set(forms.map(comparableText)).size > 1) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it("tells apart what differs", () => {
    const texts = ["yes", "yes!", "ye s", "да", "é", "e", "0", "o"];
    expect(new Set(texts.map(comparableText)).size).toBe(texts.length);
  });
});

describe("firstUnits", () => {
  it.each([
    ["abc", 0, ""],
    ["abc", 2, "ab"],
    ["abc", 3, "abc"],
    ["abc", 9, "abc"],
    ["a🦜b", 1, "a"],
    ["a🦜b", 2, "a"],
    ["a🦜b", 3, "a🦜"],
    ["🦜", 1, ""],
  ])("of %j the first %i are %j", (text, count, first) => {
    expect(firstUnits(text, count)).toBe(first);
  });
});

describe("readId", () => {
  it.each([
    ["x", "x"],
    ["01", "01"],
    [1, "1"],
    [-0, "0"],
    [1.5, "1.5"],
    [1e21, "1e+21"],
  ])("%j is %j", (id, read) => {
    expect(readId(id)).toBe(read);
  });
});

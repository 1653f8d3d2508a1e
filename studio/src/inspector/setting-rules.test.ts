import { describe, expect, it } from "vitest";
import type { Draft } from "../document/draft.js";
import { readAvatar, readColour, readOrigin, readVariable, withAppearance } from "./setting-rules.js";

describe("an allowed site", () => {
  it.each([
    ["https://example.org", "https://example.org"],
    [" https://Example.org/shop?x=1#y ", "https://example.org"],
    ["shop.example", "https://shop.example"],
    ["localhost:3000", "https://localhost:3000"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
    ["https://example.org:443", "https://example.org"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["null", "null"],
  ])("%j is kept as %j", (typed, value) => {
    expect(readOrigin(typed)).toEqual({ value });
  });

  it.each([
    "",
    "*.example.org",
    "example",
    "two words.org",
    "ftp://example.org",
    "javascript://example.org",
    "https://",
    `https://${"a".repeat(60)}.${"b.".repeat(200)}org`,
  ])("%j is not, with a sentence", (typed) => {
    expect(readOrigin(typed)).toEqual({ why: expect.stringMatching(/\.$/) });
  });
});

describe("a name that the page may set", () => {
  const draft: Draft = {
    flow: { q: { sendRequest: { kind: "ChoiceRequest", groupId: "lang", question: "", choices: [] } } },
    layout: {},
    settings: { variables: ["name"] },
  };
  it("is kept, also when it is there already", () => {
    expect(readVariable(" name ", draft)).toEqual({ value: "name" });
    expect(readVariable("名前", draft)).toEqual({ value: "名前" });
  });
  it.each(["", "  ", "a{b", "a|b", "x".repeat(101), "lang"])("%j is not", (typed) => {
    expect(readVariable(typed, draft)).toHaveProperty("why");
  });
});

describe("the address of a picture", () => {
  it.each(["", "/bot.png", "https://example.org/bot.png"])("%j is kept", (typed) => {
    expect(readAvatar(typed)).toEqual({ value: typed });
  });
  it.each([
    "bot.png",
    "//example.org/bot.png",
    "/\\example.org",
    "http://example.org/bot.png",
    "data:image/png;base64,AA",
    "https://example.org/a b",
    `/${"x".repeat(300)}`,
  ])("%j is not", (typed) => {
    expect(readAvatar(typed)).toHaveProperty("why");
  });
});

describe("a colour", () => {
  it.each([
    ["#3557B7", "#3557b7"],
    ["3557b7", "#3557b7"],
    ["#abc", "#aabbcc"],
    ["", ""],
  ])("%j is kept as %j", (typed, value) => {
    expect(readColour(typed)).toEqual({ value });
  });
  it.each(["red", "#12", "#3557b7ff", "rgb(0,0,0)"])("%j is not", (typed) => {
    expect(readColour(typed)).toHaveProperty("why");
  });
});

describe("a part of the look", () => {
  it("is set beside the others and taken away with what it was the last of", () => {
    const look = withAppearance({ color: "#000000" }, "greeting", "Hi");
    expect(look).toEqual({ color: "#000000", greeting: "Hi" });
    expect(withAppearance(look, "color", undefined)).toEqual({ greeting: "Hi" });
    expect(withAppearance({ greeting: "Hi" }, "greeting", undefined)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { readLook, textOn } from "./appearance.js";

const SERVER = "https://bots.example";

describe("readLook", () => {
  it("prefers the tag, and leaves out what it cannot use", () => {
    const look = readLook(
      { title: "Flow", color: "#123456", avatar: "//evil", position: "top" },
      { title: "Tag" },
      SERVER,
    );
    expect(look).toMatchObject({ title: "Tag", color: "#123456", avatar: undefined, position: undefined });
    expect(readLook({ title: 7, color: "#12345", avatar: {} }, { color: "red" }, SERVER)).toMatchObject({
      title: "Chat",
      color: undefined,
      avatar: undefined,
    });
    expect(readLook({ avatar: "https://x.example/a" }, { color: "#abc" }, SERVER)).toMatchObject({
      color: "#aabbcc",
      avatar: "https://x.example/a",
    });
  });
});

describe("textOn", () => {
  it.each([
    ["#ffffff", "#000"],
    ["#000000", "#fff"],
    ["#2456d6", "#fff"],
    ["#ffd54a", "#000"],
    ["#777777", "#000"],
    ["#757575", "#fff"],
  ])("%s wants %s", (color, text) => expect(textOn(color)).toBe(text));
});

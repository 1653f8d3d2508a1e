import { describe, expect, it } from "vitest";
import { readLook } from "./appearance.js";
import { colorRule, readColor, textOn } from "./color.js";

const SERVER = "https://bots.example";

describe("readLook", () => {
  it("prefers the page, and leaves out what it cannot use", () => {
    const look = readLook(
      { title: "Flow", color: "#123456", avatar: "//evil", position: "top", theme: "dark", pace: 7 },
      { title: "Tag" },
      SERVER,
    );
    expect(look).toEqual({
      ...{ title: "Tag", color: "#123456", avatar: undefined, greeting: undefined, position: undefined },
      ...{ launcher: "chat", theme: "dark", pace: "natural" },
    });
    expect(readLook({ title: 7, color: "#12345", avatar: {} }, { color: "red" }, SERVER)).toMatchObject({
      title: undefined,
      color: undefined,
      avatar: undefined,
    });
    expect(readLook({ avatar: "https://x.example/a" }, { color: "#aabbcc", avatar: "/me.png" }, SERVER)).toMatchObject({
      color: "#aabbcc",
      avatar: "https://bots.example/me.png",
    });
  });
});

/** Contrast of two colours as WCAG computes it, by sRGB's own curve. */
function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map((color) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  }) as [number, number];
  return Math.max(a, b) / Math.min(a, b);
}

describe("textOn", () => {
  it.each([
    ["#ffffff", "#000"],
    ["#000000", "#fff"],
    ["#2456d6", "#fff"],
    ["#ffd54a", "#000"],
    ["#777777", "#000"],
    ["#757575", "#fff"],
  ])("%s wants %s", (color, text) => expect(textOn(color)).toBe(text));

  it("reads on every colour: a contrast of 4.5 at least", () => {
    const hex = (n: number) => n.toString(16).padStart(2, "0");
    let worst = 21;
    for (let r = 0; r < 256; r += 5)
      for (let g = 0; g < 256; g += 5)
        for (let b = 0; b < 256; b += 5) {
          const color = `#${hex(r)}${hex(g)}${hex(b)}`;
          worst = Math.min(worst, contrast(color, textOn(color) === "#000" ? "#000000" : "#ffffff"));
        }
    expect(worst).toBeGreaterThanOrEqual(4.5);
  });
});

describe("colorRule", () => {
  it("[P15] [style injection] holds colours and nothing else that somebody wrote", () => {
    expect(readColor("#fff}*{color:red")).toBeUndefined();
    expect(readColor("#ABCDEF")).toBe("#ABCDEF");
    expect(colorRule(undefined, "light}*{")).toBe(":host{color-scheme:light dark!important;}");
    expect(colorRule("#ffffff", "dark")).toContain(
      "color-scheme:dark!important;--parley-color:#ffffff;--parley-on:#000",
    );
  });
});

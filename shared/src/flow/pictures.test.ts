import { describe, expect, it } from "vitest";
import { isPictureName, pictureAt, picturePath, picturesIn } from "./pictures.js";

const [ONE, TWO] = [`${"ab".repeat(32)}.png`, `${"01".repeat(32)}.webp`];

describe("pictures by name", () => {
  it("a text's are found by their addresses, each once, also where a file escapes the slash", () => {
    const text = JSON.stringify({ a: `<img src='/assets/${ONE}'> <img src="/assets/${TWO}">`, b: `/assets/${ONE}` });
    expect(picturesIn(text)).toEqual([ONE, TWO]);
    expect(picturesIn(text.replaceAll("/", "\\/"))).toEqual([ONE, TWO]);
    expect(picturesIn(`https://bots.example/assets/${TWO}?x`)).toEqual([TWO]);
  });

  it.each([
    "",
    "assets",
    `assets${ONE}`,
    `/assets/${ONE.toUpperCase()}`,
    `/assets/${"ab".repeat(31)}.png`,
    `/assets/${"ab".repeat(32)}.svg`,
    `/asset/${ONE}`,
  ])("%s names none", (text) => expect(picturesIn(text)).toEqual([]));

  it("what looks like many costs what it is long", () => {
    const looks = `assets/${"a".repeat(63)}`;
    expect(picturesIn(looks.repeat(20_000))).toEqual([]);
    expect(picturesIn(`${"assets".repeat(200_000)}/${ONE}`)).toEqual([ONE]);
  });

  it("an address is of a picture here, or not", () => {
    expect(pictureAt(picturePath(ONE))).toBe(ONE);
    for (const address of [
      `https://x.example/assets/${ONE}`,
      `/assets/${ONE}?x`,
      `/assets/x/${ONE}`,
      "/widget/cat.png",
    ]) {
      expect(pictureAt(address)).toBeUndefined();
    }
    expect([isPictureName(ONE), isPictureName(`${ONE}\n`), isPictureName(`x${ONE}`)]).toEqual([true, false, false]);
  });
});

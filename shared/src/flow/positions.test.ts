import { describe, expect, it } from "vitest";
import { mapText, positionAt, positionFinder } from "./positions.js";

describe("positions", () => {
  it.each([
    ["", [[0, 1, 1]]],
    [
      "ab",
      [
        [0, 1, 1],
        [1, 1, 2],
        [2, 1, 3],
      ],
    ],
    [
      "a\nb",
      [
        [1, 1, 2],
        [2, 2, 1],
        [3, 2, 2],
      ],
    ],
    [
      "a\r\nb",
      [
        [1, 1, 2],
        [3, 2, 1],
      ],
    ],
    [
      "a\rb\n\nc",
      [
        [2, 2, 1],
        [4, 3, 1],
        [5, 4, 1],
      ],
    ],
    ["🦜x", [[2, 1, 3]]],
  ] as const)("counts lines and columns of %j from 1, columns in UTF-16 units", (text, places) => {
    for (const [offset, line, column] of places) {
      expect(positionAt(text, offset)).toEqual({ line, column });
      expect(positionFinder(text)(offset)).toEqual({ line, column });
    }
  });

  it("finds the key of what has one, else the value", () => {
    const text = ' {"a": [ {"b": 1}, [true, {"c/d~": {}}] ], "": null}';
    const { find, repeated } = mapText(text);
    const places = Object.fromEntries(
      ["", "/a", "/a/0", "/a/0/b", "/a/1", "/a/1/0", "/a/1/1", "/a/1/1/c~1d~0", "/"].map((pointer) => [
        pointer,
        text.slice(find(pointer)).slice(0, 4),
      ]),
    );
    expect(places).toEqual({
      "": '{"a"',
      "/a": '"a":',
      "/a/0": '{"b"',
      "/a/0/b": '"b":',
      "/a/1": "[tru",
      "/a/1/0": "true",
      "/a/1/1": '{"c/',
      "/a/1/1/c~1d~0": '"c/d',
      "/": '"": ',
    });
    expect(repeated).toEqual([]);
    for (const pointer of ["/b", "/a/2", "/a/b", "/a/0/b/c", "/a/00"]) expect(find(pointer)).toBeUndefined();
  });

  it("of a repeated key the last place is found, and what stands only under an earlier one is still found", () => {
    const text = '{"a":{"x":1,"y":2},"a":{"x":3}}';
    const { find, repeated } = mapText(text);
    expect([find("/a"), find("/a/x"), find("/a/y")]).toEqual([19, 24, 12]);
    expect(repeated).toEqual([{ path: ["a"], offsets: [1, 19] }]);
  });
});

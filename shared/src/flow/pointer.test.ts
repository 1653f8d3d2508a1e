import { describe, expect, it } from "vitest";
import { fromPointer, toPointer } from "./pointer.js";

describe("JSON pointer", () => {
  it.each([
    [[], ""],
    [[""], "/"],
    [["a", 0, "b"], "/a/0/b"],
    [["a/b", "m~n", "~1", "~0/"], "/a~1b/m~0n/~01/~00~1"],
    [["", "", " "], "///" + " "],
    [["__proto__", "🦜", '"\\'], '/__proto__/🦜/"\\'],
  ] as const)("%j is %j, and back", (path, pointer) => {
    expect(toPointer(path)).toBe(pointer);
    expect(fromPointer(pointer)).toEqual(path.map(String));
  });
});

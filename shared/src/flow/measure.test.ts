import { describe, expect, it } from "vitest";
import { jsonBytes } from "../text.js";
import { MAX_FLOW_BYTES, MAX_NESTING, measure } from "./measure.js";

describe("measure", () => {
  it("counts the keys of all objects", () => {
    expect(measure({ a: { b: 1, c: [{ d: 1 }, {}] }, "": null }).keys).toBe(5);
    expect(measure(JSON.parse('{"__proto__":{"__proto__":1}}')).keys).toBe(2);
    expect(measure("text").keys).toBe(0);
  });

  it("is too deep past 64 objects and arrays in one another", () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? "x" : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) };
    expect(measure(nested(MAX_NESTING)).tooDeep).toBe(false);
    expect(measure(nested(MAX_NESTING + 1)).tooDeep).toBe(true);
  });

  it("counts the bytes of a value that may be too large, as JSON writes it", () => {
    const parts = [
      "",
      'a"b\\c',
      "\n\u0000\u007f",
      "é€🦜",
      "\ud800",
      1.5,
      -1e-7,
      1e21,
      true,
      null,
      [],
      {},
      [[1], {}],
      { é: { "": 0 } },
    ];
    const large = { parts, text: "x".repeat(MAX_FLOW_BYTES / 2) };
    expect(measure(large).bytes).toBe(jsonBytes(large));
    expect(measure([large, "é".repeat(MAX_FLOW_BYTES / 2)]).bytes).toBe(
      jsonBytes([large, "é".repeat(MAX_FLOW_BYTES / 2)]),
    );
    expect(measure({ parts, text: "x".repeat(MAX_FLOW_BYTES / 4) }).bytes).toBe(0);
  });
});

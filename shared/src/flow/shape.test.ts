import { describe, expect, it } from "vitest";
import { shapeOf } from "./shape.js";

const shape = (schema: object) => shapeOf(schema as Parameters<typeof shapeOf>[0]);
const text = { type: "string" };
const closed = { type: "object", additionalProperties: false };

describe("shapeOf", () => {
  it.each([
    { type: "string", pattern: "^a" },
    { type: "object", properties: { a: { type: "number", minimum: 1 } } },
    { type: "array", items: text, maxItems: 3 },
    { anyOf: [closed, text] },
    { anyOf: [{ type: "array", items: text }, closed] },
  ])("refuses a schema that it would not check in full: %j", (schema) => {
    expect(() => shape(schema)).toThrow(TypeError);
  });

  it("says nothing of a value that fits, and each problem with its path of one that does not", () => {
    const properties = { a: { type: "array", items: { type: "number" }, minItems: 2 } };
    const problems = shape({ ...closed, properties, required: ["a"] });
    expect(problems({ a: [1, 2] })).toEqual([]);
    expect(problems({ a: ["x"], b: 1 })).toEqual([
      { path: ["a"], problem: "must have at least 2 elements" },
      { path: ["a", 0], problem: "must be a number, not a string" },
      { path: ["b"], problem: "is no field of the format" },
    ]);
    expect(problems({})).toEqual([{ path: [], problem: 'lacks "a"' }]);
  });

  it("knows one of several values, and whole numbers between two bounds", () => {
    const problems = shape({
      ...closed,
      properties: { a: { enum: ["x", "y"] }, b: { type: "integer", minimum: 1, maximum: 3 } },
    });
    for (const b of [1, 3]) expect(problems({ a: "y", b })).toEqual([]);
    const bound = { path: ["b"], problem: "must be a whole number from 1 to 3" };
    for (const b of [0, 4, 1.5, "2", null, Number.NaN]) expect(problems({ b })).toEqual([bound]);
    expect(problems({ a: "z" })).toEqual([{ path: ["a"], problem: 'must be one of "x", "y"' }]);
  });

  it("takes further fields where the schema does", () => {
    expect(shape({ type: "object", properties: { a: text } })({ b: 1 })).toEqual([]);
  });
});

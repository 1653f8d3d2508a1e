import { describe, expect, it } from "vitest";
import { say } from "../testing/states.js";
import { applyChanges, applyFix, type FlowChange } from "./change.js";
import type { FlowState } from "./schema.js";

const state: FlowState = { sendRequest: { kind: "BotText", content: "new" } };
const flow = {
  a: say("1", "b"),
  b: { sendRequest: { kind: "ChoiceRequest", choices: [{ itemId: 1 }, { itemId: 2 }] } },
  c: say("3", "b"),
};
const freeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
};
freeze(flow);
const apply = (...changes: FlowChange[]): Record<string, unknown> =>
  applyChanges(flow, changes) as Record<string, unknown>;

describe("set", () => {
  it("sets a value where one is, in its place", () => {
    const changed = apply({ kind: "set", pointer: "/a/next", value: "c" });
    expect(changed).toEqual({ ...flow, a: say("1", "c") });
    expect(Object.keys(changed)).toEqual(["a", "b", "c"]);
  });

  it("a new key goes to the end, but only in an object that is there", () => {
    expect(Object.keys(apply({ kind: "set", pointer: "/b/next", value: "c" }).b as object)).toEqual([
      "sendRequest",
      "next",
    ]);
    expect(apply({ kind: "set", pointer: "/nowhere/next", value: "c" })).toBe(flow);
  });

  it("sets in arrays by index, and nowhere else in them", () => {
    expect(apply({ kind: "set", pointer: "/b/sendRequest/choices/1/itemId", value: "2" })).toMatchObject({
      b: { sendRequest: { choices: [{ itemId: 1 }, { itemId: "2" }] } },
    });
    expect(apply({ kind: "set", pointer: "/b/sendRequest/choices/0/itemId", value: 1 })).toBe(flow);
    for (const index of ["2", "-1", "length", "1.5", "", "x"]) {
      expect(apply({ kind: "set", pointer: `/b/sendRequest/choices/${index}/itemId`, value: "2" }), index).toBe(flow);
    }
  });

  it("reads escapes, and names of JavaScript as names", () => {
    const odd = JSON.parse('{"a/b~c":{"next":"x"},"__proto__":{"next":"x"}}') as unknown;
    const changed = applyChanges(odd, [
      { kind: "set", pointer: "/a~1b~0c/next", value: "y" },
      { kind: "set", pointer: "/__proto__/next", value: "z" },
    ]);
    expect(JSON.stringify(changed)).toBe('{"a/b~c":{"next":"y"},"__proto__":{"next":"z"}}');
    expect(apply({ kind: "set", pointer: "/__proto__/next", value: "y" })).toBe(flow);
    expect(({} as Record<string, unknown>).next).toBeUndefined();
  });
});

describe("remove", () => {
  it("takes away a state, a field, an element", () => {
    expect(Object.keys(apply({ kind: "remove", pointer: "/a" }))).toEqual(["b", "c"]);
    expect(apply({ kind: "remove", pointer: "/a/next" }).a).toEqual(say("1"));
    expect(apply({ kind: "remove", pointer: "/b/sendRequest/choices/0" })).toMatchObject({
      b: { sendRequest: { choices: [{ itemId: 2 }] } },
    });
  });

  it("what is not there is not taken away", () => {
    for (const pointer of ["/d", "/d/next", "/b/next", "/b/sendRequest/choices/2", "/a/next/x", "/toString"]) {
      expect(apply({ kind: "remove", pointer }), pointer).toBe(flow);
    }
  });
});

describe("addState", () => {
  it("behind another, at the end without one or when that is gone", () => {
    expect(Object.keys(apply({ kind: "addState", name: "n", state, after: "a" }))).toEqual(["a", "n", "b", "c"]);
    expect(Object.keys(apply({ kind: "addState", name: "n", state }))).toEqual(["a", "b", "c", "n"]);
    expect(Object.keys(apply({ kind: "addState", name: "n", state, after: "gone" }))).toEqual(["a", "b", "c", "n"]);
  });

  it("a name that is taken changes nothing", () => {
    expect(apply({ kind: "addState", name: "b", state })).toBe(flow);
  });
});

describe("renameState", () => {
  it("in its place, with every next that leads to it", () => {
    const changed = apply({ kind: "renameState", from: "b", to: "z" });
    expect(Object.keys(changed)).toEqual(["a", "z", "c"]);
    expect(changed).toMatchObject({ a: { next: "z" }, c: { next: "z" } });
  });

  it("a state that leads to itself still does", () => {
    expect(applyChanges({ a: say("x", "a") }, [{ kind: "renameState", from: "a", to: "b" }])).toEqual({
      b: say("x", "b"),
    });
  });

  it("a name that is taken or gone changes nothing", () => {
    expect(apply({ kind: "renameState", from: "a", to: "b" })).toBe(flow);
    expect(apply({ kind: "renameState", from: "gone", to: "z" })).toBe(flow);
  });
});

describe("applyChanges", () => {
  it("in order, each on what the last one left; the flow given stays, what does not change is shared", () => {
    const changed = applyFix(flow, {
      changes: [
        { kind: "renameState", from: "a", to: "z" },
        { kind: "set", pointer: "/z/next", value: "c" },
      ],
    }) as typeof flow & { z: unknown };
    expect(changed.z).toEqual(say("1", "c"));
    expect(changed.b).toBe(flow.b);
    expect(flow.a).toEqual(say("1", "b"));
  });

  it("what is no flow stays what it is", () => {
    for (const value of [null, 7, "flow", []]) {
      expect(
        applyChanges(value, [
          { kind: "set", pointer: "/a/next", value: "b" },
          { kind: "remove", pointer: "/a" },
          { kind: "addState", name: "n", state },
          { kind: "renameState", from: "a", to: "b" },
        ]),
      ).toBe(value);
    }
  });
});

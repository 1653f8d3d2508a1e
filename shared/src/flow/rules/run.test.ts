import { describe, expect, it } from "vitest";
import { ask, codesOf, foundIn, openChat, picked, say, statesOf } from "../../testing/states.js";
import { applyFix } from "../change.js";
import { MAX_RUN_REQUESTS } from "./run.js";

/** `n` messages in a row, `s0` first; the last leads to `next`. */
const chain = (n: number, next?: string, name = "s"): Record<string, unknown> =>
  Object.fromEntries(
    Array.from({ length: n }, (_, i) => [`${name}${i}`, say(`${i}`, i + 1 < n ? `${name}${i + 1}` : next)]),
  );

describe("next-missing", () => {
  it("suggests the nearest name, and the fix leads there", () => {
    const flow = { greeting: say("a", "openingHuors"), openingHours: say("b") };
    const [finding] = foundIn(flow, "next-missing");
    expect(finding).toMatchObject({ state: "greeting", pointer: "/greeting/next" });
    expect(finding?.message).toContain('is "openingHours" meant?');
    expect(codesOf(applyFix(flow, finding!.fix!))).toEqual([]);
  });

  it("suggests nothing when no name is near, and never the state itself", () => {
    for (const flow of [{ greeting: say("a", "farewell") }, { greeting1: say("a", "greeting2") }]) {
      expect(foundIn(flow, "next-missing")).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/and no state has that name\.$/) }),
      ]);
      expect(foundIn(flow, "next-missing")[0]).not.toHaveProperty("fix");
    }
  });

  it("seeks a nearest name for the first 20 only", () => {
    const flow: Record<string, unknown> = { start: say("x", "sTart") };
    for (let i = 0; i < 24; i++) flow[`other${i}`] = say("x", "starts");
    const fixes = foundIn(flow, "next-missing").map((finding) => finding.fix !== undefined);
    expect(fixes).toEqual([
      false,
      ...Array.from({ length: 19 }, () => true),
      ...Array.from({ length: 5 }, () => false),
    ]);
  });

  it("a name of JavaScript is no state", () => {
    expect(codesOf({ a: say("x", "toString") })).toEqual(["next-missing"]);
    expect(codesOf({ a: say("x", "__proto__") })).toEqual(["next-missing"]);
  });
});

describe("endless-run", () => {
  it("[F8] names a cycle once, at its first state in the file, however it is entered", () => {
    const flow = { c: say("c", "a"), start: say("s", "c"), a: say("a", "b"), b: say("b", "c"), z: say("z", "b") };
    const [finding, ...others] = foundIn(flow, "endless-run");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ state: "c", pointer: "/c/next" });
    expect(finding?.message).toContain("in a circle of 3 states");
  });

  it("[F8] names each of several cycles, a state that leads to itself too", () => {
    const flow = { a: say("a", "a"), b: say("b", "c"), c: say("c", "b") };
    expect(statesOf(flow, "endless-run")).toEqual(["a", "b"]);
    expect(foundIn(flow, "endless-run")[0]?.message).toContain("leads back to itself");
  });

  it("[F8] is a cycle whatever its states send: a request with next does not wait, a match sends nothing", () => {
    const flow = { a: ask("q", ["x"], "m"), m: picked("q", "x", "c"), c: openChat("s", "a") };
    expect(statesOf(flow, "endless-run")).toEqual(["a"]);
    expect(statesOf({ a: ask("q", ["x"]), m: picked("q", "x", "m") }, "endless-run")).toEqual(["m"]);
  });

  it("an answer in between ends a run: asking again is no cycle", () => {
    expect(codesOf({ a: ask("q", ["x"]), m: picked("q", "x", "a") })).toEqual([]);
  });

  it(`[F8] takes a run of ${MAX_RUN_REQUESTS} requests and no more`, () => {
    expect(codesOf(chain(MAX_RUN_REQUESTS))).toEqual([]);
    const [finding, ...others] = foundIn(chain(MAX_RUN_REQUESTS + 1), "endless-run");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ state: "s0", pointer: "/s0" });
    expect(finding?.message).toContain("sends 1001 requests");
  });

  it("[F8] counts requests, not states that only match", () => {
    const flow = { ask: ask("q", ["x"]), m: picked("q", "x", "n"), n: picked("q", "y", "s0"), ...chain(1000) };
    expect(statesOf(flow, "endless-run")).toEqual([]);
    expect(statesOf({ ...flow, m: picked("q", "x", "more"), more: say("1", "s0") }, "endless-run")).toEqual(["m"]);
  });

  it("names long runs with the same end once, where one of them begins", () => {
    const flow = { side: say("x", "s0"), ...chain(1001, "end"), end: say("end"), ...chain(1001, "end", "t") };
    expect(statesOf(flow, "endless-run")).toEqual(["side"]);
    const apart = { ...chain(1001), ...chain(1001, undefined, "t") };
    expect(statesOf(apart, "endless-run")).toEqual(["s0", "t0"]);
  });

  it("a run into a cycle is not counted as a long one", () => {
    expect(statesOf({ ...chain(1500, "loop"), loop: say("x", "loop") }, "endless-run")).toEqual(["loop"]);
  });
});

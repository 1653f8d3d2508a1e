import { describe, expect, it } from "vitest";
import { ask, closeChat, codesOf, foundIn, openChat, picked, say, statesOf, typed } from "../../testing/states.js";

/** Chat sessions one after the other, none of them closed. */
function neverClosed(n: number): Record<string, unknown> {
  const flow: Record<string, unknown> = {};
  for (let i = 0; i < n; i++) {
    flow[`ask${i}`] = openChat(`s${i}`);
    flow[`told${i}`] = typed(`s${i}`, i + 1 < n ? `ask${i + 1}` : undefined);
  }
  return flow;
}

describe("chat-never-closed", () => {
  it("a state without next that opens nothing, reached with the session open, a match included", () => {
    expect(statesOf({ a: openChat("s"), t: typed("s", "d"), d: say("d") }, "chat-never-closed")).toEqual(["a"]);
    expect(statesOf({ a: openChat("s"), t: typed("s") }, "chat-never-closed")).toEqual(["a"]);
  });

  it("is closed on every path: an answer that goes around the end is enough", () => {
    const flow = { a: openChat("s"), t: typed("s", "e"), e: closeChat("s", "d"), d: say("d") };
    expect(codesOf(flow)).toEqual([]);
    expect(statesOf({ ...flow, u: typed("s", "d", "never mind") }, "chat-never-closed")).toEqual(["a"]);
  });

  it("the end of another session does not close it", () => {
    const flow = { a: openChat("s"), t: typed("s", "b"), b: openChat("r"), u: typed("r", "e"), e: closeChat("r") };
    expect(statesOf(flow, "chat-never-closed")).toEqual(["a"]);
  });

  it("a question waits, and its answers are paths", () => {
    const flow = {
      a: openChat("s"),
      t: typed("s", "q"),
      q: ask("q", ["x"]),
      x: picked("q", "x", "e"),
      e: closeChat("s", "d"),
      d: say("d"),
    };
    expect(codesOf(flow)).toEqual([]);
    expect(statesOf({ ...flow, x: picked("q", "x", "d") }, "chat-never-closed")).toEqual(["a"]);
  });

  it("a conversation without an end closes nothing, and needs not", () => {
    expect(codesOf({ a: openChat("s"), t: typed("s", "a") })).toEqual([]);
  });

  it("names each of the states that open a session, if it stays open from there", () => {
    const flow = { a: openChat("s", "b"), b: openChat("s"), t: typed("s", "d"), d: say("d") };
    expect(statesOf(flow, "chat-never-closed")).toEqual(["a", "b"]);
  });

  it("a state that cannot be read, or leads to one that is missing, is no end", () => {
    expect(
      statesOf({ a: openChat("s"), t: typed("s", "d"), d: { sendRequest: { kind: "Video" } } }, "chat-never-closed"),
    ).toEqual([]);
    expect(statesOf({ a: openChat("s"), t: typed("s", "d"), d: say("d", "nowhere") }, "chat-never-closed")).toEqual([]);
  });
});

describe("close-without-open", () => {
  it("an end that no path from its opening reaches, at its request", () => {
    const flow = {
      a: ask("q", ["x", "y"]),
      x: picked("q", "x", "b"),
      b: openChat("s"),
      t: typed("s", "e"),
      e: closeChat("s"),
      y: picked("q", "y", "f"),
      f: closeChat("s"),
    };
    expect(foundIn(flow, "close-without-open").map((finding) => finding.pointer)).toEqual(["/f/sendRequest"]);
  });

  it("an end of what nothing opens, and one before the opening", () => {
    expect(statesOf({ a: closeChat("s") }, "close-without-open")).toEqual(["a"]);
    const flow = { a: closeChat("s", "b"), b: openChat("s"), t: typed("s", "c"), c: closeChat("s") };
    expect(statesOf(flow, "close-without-open")).toEqual(["a"]);
  });

  it("an end behind the end closes nothing more, but by a path that opens again", () => {
    const flow = { a: openChat("s"), t: typed("s", "e"), e: closeChat("s", "f"), f: closeChat("s") };
    expect(statesOf(flow, "close-without-open")).toEqual(["f"]);
    const again = { ...flow, e: closeChat("s", "b"), b: openChat("s", "f") };
    expect(statesOf(again, "close-without-open")).toEqual([]);
  });

  it("one path that opened it is enough", () => {
    const flow = {
      a: ask("q", ["x", "y"]),
      x: picked("q", "x", "b"),
      b: openChat("s"),
      t: typed("s", "e"),
      y: picked("q", "y", "e"),
      e: closeChat("s"),
    };
    expect(codesOf(flow)).toEqual([]);
  });
});

describe("the search of both", () => {
  it("[20 steps a state] follows all sessions of a flow of a usual size", () => {
    expect(statesOf(neverClosed(10), "chat-never-closed")).toHaveLength(10);
    expect(statesOf(neverClosed(10), "chat-never-closed")).not.toContain(undefined);
  });

  it("[20 steps a state] stops in a hostile one, and says so in one finding of the whole flow", () => {
    for (const sessions of [200, 800]) {
      const found = foundIn({ ...neverClosed(sessions), x: closeChat("s0") }, "chat-never-closed");
      const [stopped, ...others] = found.filter((finding) => finding.state === undefined);
      expect(others).toEqual([]);
      expect(stopped).toMatchObject({ pointer: "", severity: "warning" });
      const steps = Number(/stopped after (\d+) steps/.exec(stopped!.message)?.[1]);
      const limit = 20 * (2 * sessions + 1);
      expect(steps).toBeGreaterThanOrEqual(limit);
      expect(steps).toBeLessThan(limit + 10);
      // What was found until then is kept; nothing is said of what was not searched.
      expect(found.length - 1).toBeGreaterThan(5);
      expect(statesOf({ ...neverClosed(sessions), x: closeChat("s799") }, "close-without-open")).toEqual([]);
    }
  });

  it("[20 steps a state] a state that opens a thousand things is as many steps as it has ways out", () => {
    const items = Array.from({ length: 4_000 }, (_, i) => `i${i}`);
    const flow: Record<string, unknown> = { start: ask("q", items) };
    for (const itemId of items) flow[itemId] = picked("q", itemId, "start");
    for (let i = 0; i < 100; i++) flow[`ask${i}`] = openChat(`s${i}`, "start");
    const found = foundIn(flow, "chat-never-closed");
    expect(found.map((finding) => finding.pointer)).toEqual([""]);
  });

  it("a session that is closed at once is cheap: many of them are all followed", () => {
    const flow: Record<string, unknown> = {};
    for (let i = 0; i < 500; i++) {
      flow[`ask${i}`] = openChat(`s${i}`);
      flow[`told${i}`] = typed(`s${i}`, `end${i}`);
      flow[`end${i}`] = closeChat(`s${i}`, i < 499 ? `ask${i + 1}` : undefined);
    }
    expect(codesOf(flow)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { ask, codesOf, foundIn, picked, say, typed } from "../../testing/states.js";
import { jsonBytes } from "../../text.js";
import { MAX_FLOW_BYTES, MAX_STATES } from "../measure.js";
import { MAX_REQUEST_BYTES } from "../template.js";

/** A state whose request has exactly so many bytes as JSON, of `unit` and then of letters. */
function sized(bytes: number, unit: string): { sendRequest: object } {
  const empty = jsonBytes({ kind: "BotText", content: "" });
  const each = jsonBytes(unit) - 2;
  const units = Math.floor((bytes - empty) / each);
  const state = {
    sendRequest: { kind: "BotText", content: unit.repeat(units) + "a".repeat(bytes - empty - units * each) },
  };
  expect(jsonBytes(state.sendRequest)).toBe(bytes);
  return state;
}

describe("too-large", () => {
  it.each(["a", "é", "€", "🦜", '"', "\u0001", "\ud800 "])("a request of %j: 8 KiB as JSON and no more", (unit) => {
    expect(codesOf({ a: sized(MAX_REQUEST_BYTES, unit) })).toEqual([]);
    const found = foundIn({ a: sized(MAX_REQUEST_BYTES + 1, unit) }, "too-large");
    expect(found).toEqual([expect.objectContaining({ state: "a", pointer: "/a/sendRequest" })]);
    expect(found[0]?.message).toContain("has 8193 bytes");
  });

  it("counts items, ids and every field", () => {
    const items = Array.from({ length: 200 }, (_, i) => `item-${"x".repeat(20)}-${i}`);
    const flow = { a: ask("q", items), ...Object.fromEntries(items.map((id) => [id, picked("q", id, "a")])) };
    expect(codesOf(flow)).toEqual(["too-large"]);
  });

  it("counts a number as the string that is sent for it", () => {
    const chat = (sessionId: string | number) => {
      const fields = { kind: "StartChatSession", sessionId, chatText: "" };
      const room = MAX_REQUEST_BYTES - jsonBytes(fields);
      return { a: { sendRequest: { ...fields, chatText: "x".repeat(room) } }, t: typed("7", "a") };
    };
    expect(codesOf(chat("7"))).toEqual([]);
    expect(codesOf(chat(7))).toEqual(["too-large", "number-id"]);
  });

  it("[F12] counts a text with placeholders as it is sent with empty values", () => {
    // Beside a value a `<` is written as an entity.
    const text = `${"<".repeat(2_500)}{{q|}}`;
    expect(codesOf({ a: say("<".repeat(2_500)) })).toEqual([]);
    expect(codesOf({ a: say(text), q: ask("q", ["x"]), x: picked("q", "x", "q") })).toEqual([
      "too-large",
      "unreachable",
      "unreachable",
    ]);
  });

  it(`a flow of ${MAX_STATES} states and no more`, () => {
    const flow = (n: number) => {
      const states: Record<string, unknown> = {};
      for (let i = 0; i < n; i++)
        states[`s${i}`] = i % 2 ? picked(`q${i - 1}`, "x", `s${(i + 1) % n}`) : ask(`q${i}`, ["x"]);
      return states;
    };
    expect(codesOf(flow(MAX_STATES))).toEqual([]);
    const found = foundIn(flow(MAX_STATES + 2), "too-large");
    expect(found).toEqual([expect.objectContaining({ pointer: "" })]);
    expect(found[0]).not.toHaveProperty("state");
    expect(found[0]?.message).toContain("20002 states");
  });

  it("a flow of 5 MB and no more", () => {
    const flow = (bytes: number) => {
      const states: Record<string, unknown> = {};
      for (let i = 0; i < 643; i++) states[`s${i}`] = say("é".repeat(3_857), i < 642 ? `s${i + 1}` : undefined);
      states.s0 = say("", "s1");
      states.s0 = say("x".repeat(bytes - jsonBytes(states)), "s1");
      expect(jsonBytes(states)).toBe(bytes);
      return states;
    };
    expect(codesOf(flow(MAX_FLOW_BYTES))).toEqual([]);
    const found = foundIn(flow(MAX_FLOW_BYTES + 1), "too-large");
    expect(found).toEqual([expect.objectContaining({ pointer: "" })]);
    expect(found[0]?.message).toContain("5000001 bytes");
  });
});

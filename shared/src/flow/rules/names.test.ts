import { describe, expect, it } from "vitest";
import { codesOf, foundIn, say, statesOf } from "../../testing/states.js";
import { applyFix } from "../change.js";

const named = (name: string) =>
  JSON.parse(`{"start":{"sendRequest":{"kind":"BotText","content":"x"},"next":${JSON.stringify(name)}},
  ${JSON.stringify(name)}:{"sendRequest":{"kind":"BotText","content":"y"}}}`) as unknown;

describe("bad-name", () => {
  it.each(["0", "7", "12", "4294967295", "12345678901234567890"])("refuses %j: JavaScript would reorder it", (name) => {
    expect(statesOf(named(name), "bad-name")).toEqual([name]);
  });

  it.each(["__proto__", "constructor", "prototype"])(
    "refuses %j, and a fix renames it with what leads to it",
    (name) => {
      const flow = named(name);
      const [finding, ...others] = foundIn(flow, "bad-name");
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ state: name, pointer: `/${name}` });
      const fixed = applyFix(flow, finding!.fix!);
      expect(codesOf(fixed)).toEqual([]);
      expect(Object.keys(fixed as object)).toEqual(["start", expect.stringMatching(/^[a-z]+State$/)]);
    },
  );

  it("refuses the chat session of people who take over, once, and a fix renames it everywhere", () => {
    const flow = {
      ask: { sendRequest: { kind: "StartChatSession", sessionId: "operator", chatText: "Your name?" } },
      typed: { matchResponse: { kind: "UserText", sessionId: "operator" }, next: "close" },
      close: { sendRequest: { kind: "EndChatSession", sessionId: "operator" } },
    };
    const [finding, ...others] = foundIn(flow, "bad-name");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ state: "ask", pointer: "/ask/sendRequest/sessionId" });
    expect(codesOf(applyFix(flow, finding!.fix!))).toEqual([]);
  });

  it("finds a new name when the obvious one is taken", () => {
    const flow = { constructorState: say("x", "constructor"), constructor: say("y") };
    expect(foundIn(flow, "bad-name")[0]?.fix?.changes).toEqual([
      { kind: "renameState", from: "constructor", to: "constructorState2" },
    ]);
  });

  it.each(["", " ", "01", "-1", "1.5", "1e3", "١٢", "toString", "hasOwnProperty", "a/b~c", "🦜", "\u0000", "$schemas"])(
    "takes %j",
    (name) => {
      expect(codesOf(named(name))).toEqual([]);
    },
  );

  it("takes 200 bytes and no more, counted as UTF-8", () => {
    for (const [name, bytes] of [
      ["a", 1],
      ["ü", 2],
      ["€", 3],
      ["🦜", 4],
    ] as const) {
      const fits = name.repeat(Math.floor(200 / bytes)) + "a".repeat(200 % bytes);
      expect(codesOf(named(fits)), name).toEqual([]);
      expect(codesOf(named(`${fits}a`)), name).toEqual(["bad-name"]);
    }
    expect(foundIn(named("ü".repeat(101)), "bad-name")[0]?.message).toContain("202 bytes");
  });

  it("takes $schema as the first key only", () => {
    expect(codesOf({ $schema: "https://parley.dev/schema/flow-1.json", a: say("x") })).toEqual([]);
    const [finding, ...others] = foundIn({ a: say("x"), $schema: "y" }, "bad-name");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ pointer: "/$schema" });
    expect(finding).not.toHaveProperty("state");
  });

  it("does not blame $schema for a number that JavaScript moved before it", () => {
    const flow = JSON.parse('{"$schema":"y","12":{"sendRequest":{"kind":"BotText","content":"x"}}}') as object;
    expect(Object.keys(flow)).toEqual(["12", "$schema"]);
    expect(statesOf(flow, "bad-name")).toEqual(["12"]);
  });

  it("$schema is no state: nothing leads to it, and alone it is no flow", () => {
    expect(codesOf({ $schema: "y", a: say("x", "$schema") })).toEqual(["next-missing"]);
    expect(codesOf({ $schema: "y" })).toEqual(["not-a-flow"]);
  });
});

import { describe, expect, it } from "vitest";
import { codesOf, foundIn, say, statesOf } from "../../testing/states.js";
import { applyFix } from "../change.js";
import { check } from "../check.js";

type Fields = Record<string, unknown>;
const fetch = (handOffId: unknown, more: Fields = {}, next?: string) => ({
  sendRequest: { kind: "HandOff", handOffId, content: "One moment", ...more },
  ...(next !== undefined && { next }),
});
const ends = (handOffId: unknown, outcome: string, next?: string) => ({
  matchResponse: { kind: "HandOffResult", handOffId, outcome },
  ...(next !== undefined && { next }),
});
/** A hand-off and what follows it, whichever way it ends. */
const whole = { fetch: fetch("desk"), done: ends("desk", "closed", "bye"), away: ends("desk", "unavailable", "bye") };

describe("a hand-off", () => {
  it("that says what follows each outcome is found without fault", () => {
    expect(codesOf({ ...whole, bye: say("Bye") })).toEqual([]);
    const timed = { ...whole, fetch: fetch("desk", { timeout: 86_400, queue: "Sales" }) };
    expect(codesOf({ ...timed, late: ends("desk", "timeout", "bye"), bye: say("Bye") })).toEqual([]);
  });

  it("[F11] is of the shape that the schema says", () => {
    const shapes: Fields[] = [
      { timeout: 0 },
      { timeout: 86_401 },
      { timeout: 1.5 },
      { timeout: "60" },
      { timeout: 9, queue: "" },
    ];
    for (const more of shapes) {
      const flow = { ...whole, fetch: fetch("desk", more), late: ends("desk", "timeout", "bye"), bye: say("Bye") };
      expect(codesOf(flow), JSON.stringify(more)).toEqual(["bad-shape"]);
    }
    const [found] = foundIn({ ...whole, away: ends("desk", "nobody"), bye: say("Bye") }, "bad-shape");
    expect(found?.message).toContain('matchResponse.outcome must be one of "closed", "unavailable", "timeout"');
  });

  it("[H6] says what follows a timeout where it has one, and nowhere else; fixes add what is missing", () => {
    const timed = { fetch: fetch("desk", { timeout: 5 }), bye: say("Bye") };
    let flow: unknown = timed;
    expect(foundIn(flow, "outcome-without-match")).toHaveLength(3);
    for (const { fix } of foundIn(flow, "outcome-without-match")) flow = applyFix(flow, fix!);
    expect(Object.keys(flow as object)).toEqual(["fetch", "fetch-closed", "fetch-unavailable", "fetch-timeout", "bye"]);
    expect(check(flow).filter(({ severity }) => severity === "error")).toEqual([]);
    const late = { ...whole, late: ends("desk", "timeout", "bye"), bye: say("Bye") };
    expect(statesOf(late, "match-without-request")).toEqual(["late"]);
    expect(statesOf({ bye: say("Bye"), done: ends("no", "closed", "bye") }, "match-without-request")).toEqual(["done"]);
    expect(statesOf({ ...whole, again: ends("desk", "closed", "bye"), bye: say("Bye") }, "duplicate-match")).toEqual([
      "again",
    ]);
  });

  it("has no `next`, and a fix that takes it away", () => {
    const flow = { ...whole, fetch: fetch("desk", {}, "nowhere"), bye: say("Bye") };
    expect(codesOf(flow)).toEqual(["hand-off-with-next"]);
    expect(codesOf(applyFix(flow, foundIn(flow, "hand-off-with-next")[0]!.fix!))).toEqual([]);
  });

  it("[H1] has an id that is no chat session's, and not that of people; fixes give it another wherever it stands", () => {
    const chat = {
      ask: { sendRequest: { kind: "StartChatSession", sessionId: 7 } },
      typed: { matchResponse: { kind: "UserText", sessionId: "7" }, next: "close" },
      close: { sendRequest: { kind: "EndChatSession", sessionId: "7" }, next: "fetch" },
    };
    const clash = JSON.parse(JSON.stringify({ ...chat, ...whole, bye: say("Bye") }).replaceAll('"desk"', '"7"'));
    expect(statesOf(clash, "hand-off-id-taken")).toEqual(["fetch"]);
    const mended = applyFix(clash, foundIn(clash, "hand-off-id-taken")[0]!.fix!);
    expect(codesOf(mended)).toEqual(["number-id"]);
    const reserved = JSON.parse(JSON.stringify({ ...whole, bye: say("Bye") }).replaceAll('"desk"', '"operator"'));
    expect(codesOf(reserved)).toEqual(["bad-name"]);
    expect(codesOf(applyFix(reserved, foundIn(reserved, "bad-name")[0]!.fix!))).toEqual([]);
  });

  it("does not come back to itself while nobody is there, by whatever way; a question between is a way out", () => {
    const circle = {
      one: fetch("a"),
      aDone: ends("a", "closed", "bye"),
      aAway: ends("a", "unavailable", "hm"),
      hm: say("Hm", "two"),
      two: fetch("b"),
      bDone: ends("b", "closed", "one"),
      bAway: ends("b", "unavailable", "one"),
      bye: say("Bye"),
    };
    expect(statesOf(circle, "endless-hand-off")).toEqual(["one"]);
    // Waiting for somebody is a way out too, as long as it takes.
    const late = { ...circle, one: fetch("a", { timeout: 1 }), late: ends("a", "timeout", "one") };
    expect(codesOf({ ...late, bAway: ends("b", "unavailable", "bye") })).toEqual([]);
  });

  it("after which nothing is said, however it ends, is warned of; after a person the bot may stay silent", () => {
    expect(codesOf({ fetch: fetch("desk"), done: ends("desk", "closed"), away: ends("desk", "unavailable") })).toEqual([
      ...["silent-hand-off", "dead-end"],
    ]);
    expect(codesOf({ ...whole, done: ends("desk", "closed"), bye: say("Bye") })).toEqual([]);
  });
});

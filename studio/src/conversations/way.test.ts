import type { ConversationDetail } from "@parley/shared/api/conversations";
import { describe, expect, it } from "vitest";
import { momentAt, runsIn, saidIn } from "./way.js";

type Event = ConversationDetail["events"][number];
let seq = 0;
const said = (state: string | undefined, message: object): Event => {
  seq += 1;
  return { kind: "message", seq, id: `${seq}`, at: "", message: message as never, ...(state && { state }) };
};
const turn = (state?: string, ended = false): Event => ({ kind: "turn", of: "", ended, ...(state && { state }) });

/** hello, ask; the visitor picks; the answer is matched, a text is asked for; the visitor types; the end. */
const EVENTS: Event[] = [
  said("hello", { kind: "BotText", content: "Hi" }),
  said("ask", { kind: "ChoiceRequest", groupId: "g", question: "?", choices: [] }),
  turn(),
  said(undefined, { kind: "ChoiceResponse", groupId: "g", itemId: "a" }),
  said("note", { kind: "BotText", content: "Noted" }),
  said("name", { kind: "StartChatSession", sessionId: "s" }),
  turn("isA"),
  said(undefined, { kind: "UserText", sessionId: "s", content: "Ada" }),
  said("close", { kind: "EndChatSession", sessionId: "s" }),
  said("bye", { kind: "BotText", content: "Bye" }),
  turn("any", true),
];

describe("momentAt", () => {
  it.each([
    [0, "", ""],
    [1, "hello", ""],
    [2, "hello ask", "ask"],
    [3, "hello ask", ""],
    [4, "hello ask isA note", ""],
    [5, "hello ask isA note name", "name"],
    [6, "hello ask isA note name", "name"],
    [7, "hello ask isA note name any close", ""],
    [8, "hello ask isA note name any close bye", ""],
  ])("after message %i", (at, path, waiting) => {
    const moment = momentAt(EVENTS, at);
    expect([moment.path.join(" "), moment.waiting.join(" ")]).toEqual([path, waiting]);
  });

  it("leaves refused answers out", () => {
    const events = [...EVENTS.slice(0, 3), { kind: "turn", of: "x", refused: "stale", ended: false } as Event];
    expect(momentAt(events, 2).path).toEqual(["hello", "ask"]);
  });
});

it("runsIn gives what was put in, and what asked for it, with what came of it", () => {
  const runs = runsIn([...EVENTS, { kind: "turn", of: "x", refused: "stale", ended: true } as Event]);
  expect(
    runs.map(({ input, sent }) => [input && "asked" in input ? input.asked : input, sent.map(({ state }) => state)]),
  ).toEqual([
    [undefined, ["hello", "ask"]],
    ["ask", ["note", "name"]],
    ["name", ["close", "bye"]],
  ]);
});

it("saidIn gives the messages", () => {
  expect(saidIn(EVENTS).map(({ seq, state }) => `${seq} ${state ?? "visitor"}`)).toEqual([
    "1 hello",
    "2 ask",
    "3 visitor",
    "4 note",
    "5 name",
    "6 visitor",
    "7 close",
    "8 bye",
  ]);
});

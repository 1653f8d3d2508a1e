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

it("runsIn tells how a hand-off ended, and nothing of what was said in it", () => {
  const over = { handOffId: "desk", outcome: "closed" } as const;
  const runs = runsIn([
    said("fetch", { kind: "StartChatSession", sessionId: "desk" }),
    turn(),
    { kind: "turn", of: "o.1", ended: false, did: { kind: "Takeover", by: "person:Ada" } },
    said(undefined, { kind: "UserText", sessionId: "desk", content: "Hello?" }),
    turn(),
    said(undefined, { kind: "EndChatSession", sessionId: "desk" }),
    said("bye", { kind: "BotText", content: "Bye" }),
    { ...turn("done", true), of: "o.2", did: { kind: "GiveBack", by: "person:Ada" }, over } as Event,
  ]);
  expect(runs.map(({ input, sent }) => [input, sent.map(({ state }) => state)])).toEqual([
    [undefined, ["fetch"]],
    [{ kind: "outcome", ...over, asked: "fetch" }, ["bye"]],
  ]);
});

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

/** After the question: a person takes over, they talk, and it goes on at the text question. */
const DID = (kind: string, why?: string): Event => ({
  ...{ kind: "turn", of: `o.${kind}`, ended: false },
  did: { kind, by: "person:Ada", ...(why !== undefined && { why }) },
});
const TAKEN: Event[] = [
  ...EVENTS.slice(0, 3),
  { ...said(undefined, { kind: "StartChatSession", sessionId: "operator" }), by: "person:Ada" } as Event,
  DID("Takeover"),
  said(undefined, { kind: "UserText", sessionId: "operator", content: "hi" }),
  turn(),
  { ...said(undefined, { kind: "EndChatSession", sessionId: "operator" }), by: "person:Ada" } as Event,
  said("name", { kind: "StartChatSession", sessionId: "s" }),
  DID("Move", "wrong turn"),
];

describe("a conversation that a person had", () => {
  it("tells what he did before what came of it, and waits where it was moved to", () => {
    const told = saidIn(TAKEN);
    expect(told.map(({ before }) => before.join())).toEqual([
      ...["", "", "Ada took over", "", "Ada went on at another step: wrong turn", ""],
    ]);
    expect(saidIn([...TAKEN, DID("End")]).at(-1)!.after).toEqual(["Ada ended it"]);
    expect(momentAt(TAKEN, told.at(-1)!.seq).waiting).toEqual(["name"]);
    expect(momentAt(TAKEN, told[3]!.seq).waiting).toEqual(["ask"]);
  });

  it("gives a test what the flow was told, and nothing that was said between people", () => {
    expect(runsIn(TAKEN).map(({ sent }) => sent.map(({ state }) => state))).toEqual([["hello", "ask"]]);
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

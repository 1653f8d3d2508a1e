import { describe, expect, it } from "vitest";
import { clientId, FIRST_ID, type LogRecord, type RequestRecord, type ResponseRecord, runId } from "../record.js";
import { conversation } from "./conversation.js";

const sid = "a".repeat(40);
const common = { v: 1, sid, timestamp: "2026-01-01T00:00:00.000Z" };
const first: LogRecord = { ...common, id: FIRST_ID, flow: "f", version: 1, step: 1, grant: "hash" };
const text = (id: string, content: string): ResponseRecord => ({
  ...common,
  id: clientId(id),
  payload: { kind: "Response", message: { kind: "UserText", sessionId: "s", content } },
  by: "visitor",
});
const say = (of: string, n: number, content: string, fence = 0): LogRecord => ({
  ...common,
  id: runId(of, fence, n),
  payload: { kind: "Request", message: { kind: "BotText", content } },
  of,
  fence,
  state: content,
  by: "bot",
});
const turn = (of: string, n: number, more: object = {}): LogRecord => ({
  ...common,
  id: runId(of, 0, n),
  payload: { kind: "Control", message: { kind: "Turn", ...more } },
  of,
  fence: 0,
});
const shown = (records: LogRecord[]) =>
  conversation(records).events.map((event) =>
    event.kind === "message"
      ? `${event.seq} ${"content" in event.message ? event.message.content : event.message.kind}`
      : `turn ${event.of}${event.refused ? ` ${event.refused}` : ""}`,
  );
const begun = [first, say(FIRST_ID, 1, "hi"), turn(FIRST_ID, 2)];

describe("conversation", () => {
  it("[L3] the first of an id stands, wherever the repeat comes", () => {
    const records = [...begun, text("1", "one"), ...begun, text("1", "other"), say("c.1", 1, "re"), turn("c.1", 2)];
    expect(shown(records)).toEqual(["1 hi", "turn s.1", "2 one", "3 re", "turn c.1"]);
    expect(shown([...records, ...records])).toEqual(shown(records));
  });

  it("[L3] the n-th record of a run counts only after the one before it", () => {
    const records = [
      first,
      say(FIRST_ID, 2, "b"),
      say(FIRST_ID, 1, "a"),
      turn(FIRST_ID, 3),
      say(FIRST_ID, 2, "b"),
      turn(FIRST_ID, 3),
    ];
    expect(shown(records)).toEqual(["1 a", "2 b", "turn s.1"]);
    expect(shown([...begun, say(FIRST_ID, 3, "after the turn")])).toEqual(["1 hi", "turn s.1"]);
  });

  it("[L3] an answer stands directly before the first record that answers it", () => {
    const records = [
      ...begun,
      text("1", "one"),
      text("2", "two"),
      say("c.1", 1, "re one"),
      turn("c.1", 2),
      turn("c.2", 1),
    ];
    expect(shown(records)).toEqual(["1 hi", "turn s.1", "2 one", "3 re one", "turn c.1", "4 two", "turn c.2"]);
  });

  it("[L3] a refused answer stands nowhere, and nobody's number changes by it", () => {
    const records = [
      ...begun,
      text("1", "one"),
      turn("c.1", 1, { refused: "stale" }),
      text("2", "two"),
      turn("c.2", 1),
    ];
    expect(shown(records)).toEqual(["1 hi", "turn s.1", "turn c.1 stale", "2 two", "turn c.2"]);
    expect(conversation(records).after.refused.get("c.1")).toBe("stale");
  });

  it("[L3] a record under a fence that is not in force is void", () => {
    expect(shown([first, say(FIRST_ID, 1, "old", 1), ...begun])).toEqual(["1 hi", "turn s.1"]);
  });

  it("[F4] shows a choice with the item's own text, whatever the client sent", () => {
    const ask: LogRecord = {
      ...common,
      id: runId(FIRST_ID, 0, 1),
      payload: {
        kind: "Request",
        message: {
          kind: "ChoiceRequest",
          groupId: "q",
          question: "?",
          choices: [{ itemId: "x", content: "The item" }],
        },
      },
      of: FIRST_ID,
      fence: 0,
      state: "ask",
      by: "bot",
    };
    const chosen: LogRecord = {
      ...text("1", ""),
      payload: { kind: "Response", message: { kind: "ChoiceResponse", groupId: "q", itemId: "x", content: "forged" } },
    };
    const { events } = conversation([first, ask, turn(FIRST_ID, 2), chosen, turn("c.1", 1)]);
    expect(events[2]).toMatchObject({ seq: 2, message: { content: "The item" } });
  });

  it("[W3] an accepted start over begins anew on the version it names; seq goes on", () => {
    const reset: LogRecord = {
      ...common,
      id: "c.r",
      payload: { kind: "Response", message: { kind: "ResetSession" } },
      by: "visitor",
      flow: "f",
      version: 7,
      step: 1,
    };
    const { after } = conversation([...begun, reset, say("c.r", 1, "hi"), turn("c.r", 2)]);
    expect(after).toMatchObject({ seq: 3, resetSeq: 2, beginning: { version: 7 } });
  });

  it("[W3] after a start over nothing is asked until it is asked again", () => {
    const opened: LogRecord = {
      ...(say(FIRST_ID, 1, "") as RequestRecord),
      payload: { kind: "Request", message: { kind: "StartChatSession", sessionId: "s" } },
    };
    const question: LogRecord = {
      ...(say(FIRST_ID, 2, "") as RequestRecord),
      payload: { kind: "Request", message: { kind: "ChoiceRequest", groupId: "q", question: "?", choices: [] } },
    };
    const reset: ResponseRecord = {
      ...text("r", ""),
      payload: { kind: "Response", message: { kind: "ResetSession" } },
    };
    const typed = { kind: "UserText", sessionId: "s", content: "x" } as const;
    const picked = { kind: "ChoiceResponse", groupId: "q", itemId: "x" } as const;
    const before = [first, opened, question, turn(FIRST_ID, 3)];
    const asked = (records: LogRecord[]) => {
      const { after } = conversation(records);
      return [typed, picked].map((answer) => after.asked(answer)?.seq);
    };
    expect(asked(before)).toEqual([1, 2]);
    expect(asked([...before, reset, say("c.r", 1, "hi"), turn("c.r", 2)])).toEqual([undefined, undefined]);
    expect(asked([...before, reset, turn("c.r", 1, { refused: "paused" })])).toEqual([1, 2]);
  });

  it("[L3] nothing stands before the first record", () => {
    const early = [text("1", "too early"), say("c.1", 1, "re"), turn("c.1", 2)];
    expect(shown([...early, ...begun])).toEqual(["1 hi", "turn s.1"]);
    expect(conversation(early).after.unfinished).toEqual([]);
  });

  it("[L4] stops at what it cannot read and does not skip it", () => {
    const newer = { ...text("1", "x"), v: 2 };
    expect(conversation([...begun, newer, turn("c.1", 1)]).after).toMatchObject({ stopped: "newer-version", seq: 1 });
    const unknown = {
      ...common,
      id: "z",
      payload: { kind: "Control", message: { kind: "Other" } },
    } as unknown as LogRecord;
    expect(conversation([...begun, unknown]).after.stopped).toBe("unknown-kind");
  });

  it("[L5] rights are granted and revoked; erased is for ever", () => {
    const rights = (id: string, message: object) =>
      ({ ...common, id, payload: { kind: "Control", message } }) as LogRecord;
    const { after } = conversation([
      first,
      rights("g", { kind: "Grant", hash: "two" }),
      rights("r", { kind: "Revoke", hash: "hash" }),
    ]);
    expect([...after.grants]).toEqual(["two"]);
    expect(shown([first, rights("e", { kind: "Erased" }), say(FIRST_ID, 1, "late"), turn(FIRST_ID, 2)])).toEqual([]);
  });
});

import type { Message } from "@parley/shared/message";
import type { Send } from "@parley/shared/protocol/v1";
import { describe, expect, it } from "vitest";
import { EMPTY, reduce, type Transcript, type TranscriptEvent } from "./transcript.js";

const run = (events: readonly TranscriptEvent[], from = EMPTY): Transcript => events.reduce(reduce, from);
const welcome = (sid = "s", latest = 0): TranscriptEvent => ({
  kind: "Welcome",
  sid,
  token: "t",
  latest,
  flow: { id: "f", version: 1, appearance: {} },
});
const said = (seq: number, message: Message, id = `b.${seq}`): TranscriptEvent => ({
  kind: "Message",
  seq,
  at: "",
  id,
  message,
});
const bot = (content: string): Message => ({ kind: "BotText", content });
const ask = (groupId: string, ...items: string[]): Message => ({
  kind: "ChoiceRequest",
  groupId,
  question: `${groupId}?`,
  choices: items.map((itemId) => ({ itemId, content: itemId.toUpperCase() })),
});
const pick = (groupId: string, itemId: string): Message => ({ kind: "ChoiceResponse", groupId, itemId });
const chat = (sessionId: string, chatPrompt?: string): Message => ({
  kind: "StartChatSession",
  sessionId,
  ...(chatPrompt && { chatPrompt }),
});
const sent = (id: string, content = id): { kind: "sent"; send: Send } => ({
  kind: "sent",
  send: { kind: "Send", id, message: { kind: "UserText", sessionId: "s", content } },
});
const states = (t: Transcript) => t.items.map((item) => (item.kind === "question" ? item.state : item.kind));

describe("reduce", () => {
  it("draws the reference conversation", () => {
    const t = run([
      welcome(),
      said(1, bot("Hi")),
      said(2, ask("lang", "rust", "other")),
      { kind: "Turn", of: "first", ended: false },
      said(3, pick("lang", "other"), "c.a"),
      said(4, { kind: "StartChatSession", sessionId: "p", chatPrompt: "Type…", chatText: "Editor on" }),
    ]);
    expect(states(t)).toEqual(["bot", "answered", "visitor", "bot"]);
    expect(t.items[2]).toMatchObject({ text: "OTHER", rich: true });
    expect(t.chats).toEqual([{ sessionId: "p", seq: 4, prompt: "Type…" }]);
    expect(t.ended).toBe(false);
    const end = run(
      [
        said(5, { kind: "UserText", sessionId: "p", content: "<b>Zig" }, "c.b"),
        said(6, { kind: "EndChatSession", sessionId: "p" }),
        said(7, bot("Thanks")),
        { kind: "Turn", of: "c.b", ended: true },
      ],
      t,
    );
    expect(end.items[4]).toMatchObject({ text: "<b>Zig", rich: false });
    expect(end.chats).toEqual([]);
    expect(end.ended).toBe(true);
    expect(end.last).toEqual({ seq: 7, id: "b.7" });
  });

  it("P4: drops repeats, and sees a gap instead of skipping", () => {
    const t = run([welcome(), said(4, bot("first of a later conversation")), said(5, bot("b"))]);
    expect(run([said(5, bot("b")), said(4, bot("a"))], t)).toEqual(t);
    expect(run([said(7, bot("d"))], t)).toMatchObject({ gap: true, last: { seq: 5 } });
    const again = run([said(7, bot("d")), { kind: "forget" }, welcome(), said(7, bot("d"))], t);
    expect(again).toMatchObject({ gap: false, last: { seq: 7 } });
    expect(again.items).toHaveLength(1);
  });

  it("Resync forgets the messages, and they come again from the start", () => {
    const t = run([welcome(), said(1, bot("a")), said(2, chat("s")), { kind: "Resync" }, said(1, bot("x"), "n.1")]);
    expect(t.items).toHaveLength(1);
    expect(t.chats).toEqual([]);
    expect(t.last).toEqual({ seq: 1, id: "n.1" });
  });

  it("another session empties the pane, the same one keeps it", () => {
    const t = run([welcome("one"), said(1, bot("a")), sent("x")]);
    expect(run([welcome("one")], t).items).toHaveLength(1);
    expect(run([welcome("two")], t)).toMatchObject({ items: [], outgoing: [], last: undefined, sid: "two" });
  });

  it("F3: opening what is open replaces it", () => {
    const t = run([
      welcome(),
      said(1, ask("g", "a")),
      said(2, ask("g", "b")),
      said(3, chat("s", "1")),
      said(4, chat("s", "2")),
    ]);
    expect(states(t)).toEqual(["closed", "open"]);
    expect(t.chats).toEqual([{ sessionId: "s", seq: 4, prompt: "2" }]);
  });

  it("F5: an answer closes every open question, and no chat session", () => {
    const t = run([
      welcome(),
      said(1, ask("g", "a")),
      said(2, ask("h", "b")),
      said(3, chat("s")),
      said(4, pick("g", "a")),
    ]);
    expect(states(t)).toEqual(["answered", "closed", "visitor"]);
    expect(t.chats).toHaveLength(1);
    const typed = run([said(5, { kind: "UserText", sessionId: "s", content: "x" })], t);
    expect(typed.chats).toHaveLength(1);
  });

  it("starting over clears the pane and goes on counting", () => {
    const t = run([
      welcome(),
      said(1, ask("g", "a")),
      said(2, chat("s")),
      said(3, { kind: "ResetSession" }),
      said(4, bot("Hi")),
    ]);
    expect(states(t)).toEqual(["bot"]);
    expect(t.chats).toEqual([]);
    expect(t.last?.seq).toBe(4);
  });

  it("a start over that was slept through is no gap", () => {
    const t = run([welcome(), said(1, bot("a")), said(9, { kind: "ResetSession" }), said(10, bot("Hi"))]);
    expect(t).toMatchObject({ gap: false, last: { seq: 10 } });
    expect(t.items).toHaveLength(1);
  });

  it.each(["m1", "c.m1"])("a message goes from sending to sent under one key (%s)", (id) => {
    const sending = run([welcome(), sent("m1")]);
    expect(sending.outgoing.map(({ state }) => state)).toEqual(["sending"]);
    expect(sending.owed).toEqual(["m1"]);
    const acked = run([{ kind: "Ack", id: "m1" }], sending);
    expect(acked.outgoing.map(({ state }) => state)).toEqual(["acked"]);
    const done = run([said(1, { kind: "UserText", sessionId: "s", content: "m1" }, id)], acked);
    expect(done.outgoing).toEqual([]);
    expect(done.items.map(({ key }) => key)).toEqual(["m1"]);
    expect(done.owed).toEqual(["m1"]);
    expect(run([{ kind: "Turn", of: id, ended: false }], done).owed).toEqual([]);
  });

  it("a Turn that a later message follows ends nothing", () => {
    const t = run([welcome(), sent("m1"), sent("m2"), { kind: "Turn", of: "c.m1", ended: true }]);
    expect(t.ended).toBe(false);
    expect(run([{ kind: "Turn", of: "c.m2", ended: true }], t).ended).toBe(true);
  });

  it("a final Nack leaves the message to be sent again", () => {
    const t = run([welcome(), sent("m1"), { kind: "Nack", id: "m1", code: "too-long" }]);
    expect(t.outgoing).toMatchObject([{ state: "failed", code: "too-long" }]);
    expect(t.owed).toEqual([]);
    expect(run([{ kind: "withdrawn", id: "m1" }], t).outgoing).toEqual([]);
  });

  it("a refused text stays with its reason until the next word, a refused choice goes", () => {
    const choice: Send = { kind: "Send", id: "m2", message: { kind: "ChoiceResponse", groupId: "g", itemId: "a" } };
    const t = run([
      welcome(),
      sent("m1"),
      { kind: "sent", send: choice },
      { kind: "Refused", id: "c.m1", code: "no-match" },
      { kind: "Refused", id: "m2", code: "stale" },
    ]);
    expect(t.outgoing).toMatchObject([{ send: { id: "m1" }, state: "refused", code: "no-match" }]);
    expect(t.owed).toEqual([]);
    expect(run([sent("m3")], t).outgoing).toMatchObject([{ send: { id: "m3" } }]);
  });

  it("after a reconnect only what was never acknowledged is still on its way", () => {
    const t = run([welcome(), sent("m1"), sent("m2"), { kind: "Ack", id: "m1" }, welcome()]);
    expect(t.outgoing.map(({ send }) => send.id)).toEqual(["m2"]);
    expect(t.owed).toEqual(["m2"]);
  });

  it("a message of an unknown kind is counted and not drawn", () => {
    const t = run([welcome(), { kind: "Message", seq: 1, at: "", id: "b.1", message: undefined }, said(2, bot("x"))]);
    expect(t.items).toHaveLength(1);
    expect(t.gap).toBe(false);
  });

  it("a person who takes over is told of, closes what the bot had asked, and is told of when he goes", () => {
    const by = "Ada";
    const ask: Message = {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "?",
      choices: [{ itemId: "a", content: "A" }],
    };
    const t = run([
      welcome(),
      said(1, ask),
      { ...said(2, { kind: "StartChatSession", sessionId: "operator" }), by } as TranscriptEvent,
      { ...said(3, bot("Hello")), by } as TranscriptEvent,
    ]);
    expect(t.items).toMatchObject([{ state: "closed" }, { says: "joined", by }, { content: "Hello", by }]);
    expect(t.chats).toMatchObject([{ sessionId: "operator" }]);
    const back = run(
      [{ ...said(4, { kind: "EndChatSession", sessionId: "operator" }), by } as TranscriptEvent, said(5, ask)],
      t,
    );
    expect(back.items.slice(3)).toMatchObject([
      { says: "left", by },
      { kind: "question", state: "open" },
    ]);
    expect(back.chats).toEqual([]);
  });

  it("who comes to a visitor that waits, or takes him from another, is told of with what he says first", () => {
    const says = (seq: number, text: string, by: string) => ({ ...said(seq, bot(text)), by }) as TranscriptEvent;
    const chatText = "One moment";
    const t = run([
      welcome(),
      said(1, { kind: "StartChatSession", sessionId: "help", chatText }),
      said(2, { kind: "UserText", sessionId: "help", content: "Hello?" }),
      says(3, "Hi", "Ada"),
      says(4, "How are you?", "Ada"),
      says(5, "Bob here", "Bob"),
      { ...said(6, { kind: "EndChatSession", sessionId: "help" }), by: "Bob" } as TranscriptEvent,
      said(7, { kind: "StartChatSession", sessionId: "help" }),
      says(8, "Me again", "Bob"),
    ]);
    const notes = t.items.flatMap((item) => (item.kind === "note" ? [`${item.by} ${item.says} at ${item.seq}`] : []));
    expect(notes).toEqual(["Ada joined at 3", "Bob joined at 5", "Bob left at 6", "Bob joined at 8"]);
    expect(new Set(t.items.map(({ key }) => key)).size).toBe(t.items.length);
  });
});

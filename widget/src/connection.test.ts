import { CLOSE } from "@parley/shared/protocol/close-codes";
import { beforeEach, describe, expect, it } from "vitest";
import { Connection, type Status } from "./connection.js";
import type { Incoming } from "./guards.js";
import { Store } from "./storage.js";
import { FakeSocket } from "./testing/fake-socket.js";

const SID = "0123456789abcdef0123456789abcdef01234567";
const TOKEN = `${SID}.${"s".repeat(43)}`;
const welcome = (sid = SID, token = TOKEN) => ({
  kind: "Welcome",
  sid,
  token,
  flow: { id: "f", version: 1, appearance: {} },
  latest: 0,
});

/** Timers that run when the test says so. */
class Clock {
  now = 0;
  #next = 1;
  timers = new Map<number, { at: number; run: () => void }>();
  setTimeout = (run: () => void, ms: number) => {
    this.timers.set(this.#next, { at: this.now + ms, run });
    return this.#next++;
  };
  clearTimeout = (timer: number) => void this.timers.delete(timer);
  advance(ms: number) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = due[1].at;
      due[1].run();
    }
    this.now = end;
  }
}

let sockets: FakeSocket[];
let clock: Clock;
let store: Store;
let statuses: Status[];
let frames: Incoming[];
let errors: string[];
let forgotten: number;
let connection: Connection;
let after: { seq: number; id: string } | undefined;
const last = () => sockets.at(-1)!;
const sends = (socket: FakeSocket) => socket.sent.filter(({ kind }) => kind === "Send").map(({ id }) => id);
const text = (content: string) => ({ kind: "UserText", sessionId: "s", content }) as const;

beforeEach(() => {
  sockets = [];
  clock = new Clock();
  store = new Store(undefined, "k");
  statuses = [];
  frames = [];
  errors = [];
  forgotten = 0;
  after = undefined;
  let ids = 0;
  connection = new Connection(
    "ws://server/chat/f",
    store,
    {
      connect: () => {
        sockets.push(new FakeSocket());
        return last();
      },
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      random: () => 0.5,
      newId: () => `m${++ids}`,
    },
    {
      status: (status) => statuses.push(status),
      frame: (frame) => frames.push(frame),
      after: () => after,
      forgotten: () => void forgotten++,
      error: (code) => errors.push(code),
    },
  );
});

function connected() {
  connection.open();
  last().opens();
  last().says(welcome());
}

describe("Connection", () => {
  it("takes nothing of a conversation that begins now for one from before, whatever the bot has said by then", () => {
    connection.open();
    last().opens();
    last().says({ ...welcome(), latest: 3 });
    expect(frames.at(-1)).toMatchObject({ kind: "Welcome", latest: 0 });
    last().drops();
    clock.advance(500);
    last().opens();
    last().says({ ...welcome(), latest: 3 });
    expect(frames.at(-1)).toMatchObject({ kind: "Welcome", latest: 3 });
  });

  it("says Hello without a token first, and keeps the one it gets", () => {
    connected();
    expect(last().sent[0]).toEqual({ kind: "Hello" });
    expect(store.token).toBe(TOKEN);
    expect(statuses).toEqual(["connecting", "connected"]);
    expect(frames.map(({ kind }) => kind)).toEqual(["Welcome"]);
  });

  it("resumes with its token and the last message after a lost connection", () => {
    connected();
    after = { seq: 3, id: "b.3" };
    last().drops();
    expect(statuses.at(-1)).toBe("offline");
    clock.advance(374);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(sockets).toHaveLength(2);
    last().opens();
    expect(last().sent[0]).toEqual({ kind: "Hello", token: TOKEN, after });
  });

  it("waits longer each time, at most 30 s, and starts anew once welcomed", () => {
    connection.open();
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      last().drops();
      const before = clock.now;
      clock.advance(Math.min(...[...clock.timers.values()].map(({ at }) => at)) - clock.now);
      waits.push(clock.now - before);
    }
    expect(waits).toEqual([375, 750, 1500, 3000, 6000, 12000, 22500, 22500, 22500]);
    last().says(welcome());
    last().drops();
    clock.advance(375);
    expect(sockets).toHaveLength(11);
  });

  it("comes back when the server says, and at once when it is asked to", () => {
    connected();
    last().drops(CLOSE.restart, "retry-after=4000");
    clock.advance(3999);
    expect(sockets).toHaveLength(1);
    connection.open();
    expect(sockets).toHaveLength(2);
    clock.advance(5000);
    expect(sockets).toHaveLength(2);
  });

  it("stays away after a final close, and forgets an erased session", () => {
    connected();
    connection.send(text("a"));
    last().drops(CLOSE.erased);
    expect(statuses.at(-1)).toBe("closed");
    expect(errors).toEqual(["erased"]);
    expect(store.token).toBeUndefined();
    expect(store.outbox).toEqual([]);
    clock.advance(100_000);
    expect(sockets).toHaveLength(1);
  });

  it("P1, P3: sends what is not acknowledged again, same ids, same order", () => {
    connected();
    connection.send(text("a"));
    connection.send(text("b"), 2);
    expect(last().sent.slice(1)).toEqual([
      { kind: "Send", id: "m1", message: text("a") },
      { kind: "Send", id: "m2", re: 2, message: text("b") },
    ]);
    last().says({ kind: "Ack", id: "m1" });
    last().drops();
    connection.send(text("c"));
    clock.advance(375);
    last().opens();
    expect(sends(last())).toEqual([]);
    last().says(welcome());
    expect(sends(last())).toEqual(["m2", "m3"]);
    last().says({ kind: "Ack", id: "m2" });
    last().says({ kind: "Ack", id: "m3" });
    expect(store.outbox).toEqual([]);
  });

  it("gives up the outbox when the server answers with another session", () => {
    connected();
    connection.send(text("a"));
    last().drops();
    clock.advance(375);
    const other = "f".repeat(40);
    last().says(welcome(other, `${other}.${"t".repeat(43)}`));
    expect(sends(last())).toEqual([]);
    expect(store.token).toBe(`${other}.${"t".repeat(43)}`);
  });

  it("sends again after a Nack that passes, not after a final one", () => {
    connected();
    connection.send(text("a"));
    last().says({ kind: "Nack", id: "m1", code: "rate-limited", retryAfter: 700 });
    connection.send(text("b"));
    expect(sends(last())).toEqual(["m1"]);
    clock.advance(700);
    expect(sends(last())).toEqual(["m1", "m1", "m2"]);
    last().says({ kind: "Nack", id: "m1", code: "too-long" });
    expect(store.outbox.map(({ id }) => id)).toEqual(["m2"]);
    expect(errors).toEqual(["too-long"]);
    expect(frames.map(({ kind }) => kind)).toEqual(["Welcome", "Nack"]);
  });

  it("does not ask about a Nack it does not know for ever", () => {
    connected();
    connection.send(text("a"));
    last().says({ kind: "Nack", id: "m1", code: "from-the-future" });
    expect(store.outbox).toEqual([]);
    expect(errors).toEqual(["from-the-future"]);
  });

  it("pings in silence, and takes no answer for a lost connection", () => {
    connected();
    clock.advance(25_000);
    expect(last().sent.at(-1)).toEqual({ kind: "Ping" });
    last().says({ kind: "Pong" });
    clock.advance(25_000);
    expect(sockets).toHaveLength(1);
    clock.advance(10_000);
    expect(sockets[0]?.closed).toBe(true);
    expect(statuses.at(-1)).toBe("offline");
  });

  it("gives up a connection that is never welcomed", () => {
    connection.open();
    clock.advance(15_000);
    expect(sockets[0]?.closed).toBe(true);
    expect(statuses).toEqual(["connecting", "offline"]);
  });

  it.each([
    "no json",
    "null",
    "[]",
    '{"kind":7}',
    '{"kind":"Message","seq":"1","id":"a","message":{"kind":"BotText","content":"x"}}',
    '{"kind":"Message","seq":1,"id":"a","message":{"kind":"BotText","content":{}}}',
    '{"kind":"Message","seq":1,"id":"a","message":{"kind":"ChoiceRequest","groupId":"g","question":"q","choices":[{}]}}',
    '{"kind":"Refused","id":"a","code":"whatever"}',
    '{"kind":"Welcome","sid":"a"}',
  ])("drops and reports a frame of the wrong shape: %s", (frame) => {
    connected();
    last().says(frame);
    expect(errors).toEqual(["bad-frame"]);
    expect(frames).toHaveLength(1);
  });

  it("ignores kinds it does not know, and numbers a message of a kind it does not know", () => {
    connected();
    last().says({ kind: "Presence" });
    last().says({ kind: "Message", seq: 1, id: "b.1", at: "", message: { kind: "Card", title: "x" } });
    expect(errors).toEqual([]);
    expect(frames.slice(1)).toEqual([{ kind: "Message", seq: 1, id: "b.1", at: "", message: undefined }]);
  });

  it("is quiet once closed, and resumes", () => {
    connected();
    connection.close();
    clock.advance(1_000_000);
    expect(sockets).toHaveLength(1);
    expect(clock.timers.size).toBe(0);
    connection.open();
    expect(sockets).toHaveLength(2);
  });
});

import { CLOSE } from "@parley/shared/protocol/close-codes";
import { beforeEach, describe, expect, it } from "vitest";
import { Connection } from "./connection.js";
import { Store } from "./storage.js";
import { FakeSocket } from "./testing/fake-socket.js";

const SID = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "f".repeat(40);
const token = (letter: string, sid = SID) => `${sid}.${letter.repeat(43)}`;
const KEY = "k";

let sockets: FakeSocket[];
let timers: { run: () => void; ms: number }[];
let kept: Map<string, string>;
let store: Store;
let forgotten: number;
let errors: string[];
let connection: Connection;
const last = () => sockets.at(-1)!;
const sent = (kind: string) => last().sent.filter((frame) => frame.kind === kind);
const storage = () => ({
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});
const welcome = (letter = "a", sid = SID) =>
  last().says({ kind: "Welcome", sid, token: token(letter, sid), flow: { id: "f", version: 1 }, latest: 0 });
const connected = () => {
  connection.open();
  last().opens();
  welcome();
};
const text = (content: string) => ({ kind: "UserText", sessionId: "s", content }) as const;

beforeEach(() => {
  sockets = [];
  timers = [];
  kept = new Map();
  store = new Store(storage(), KEY);
  forgotten = 0;
  errors = [];
  let ids = 0;
  connection = new Connection(
    "ws://server/chat/f",
    store,
    {
      connect: () => {
        sockets.push(new FakeSocket());
        return last();
      },
      setTimeout: (run, ms) => timers.push({ run, ms }),
      clearTimeout: (timer) => {
        timers[timer - 1] = { run: () => undefined, ms: -1 };
      },
      random: () => 0.5,
      newId: () => `m${++ids}`,
    },
    {
      status: () => undefined,
      frame: () => undefined,
      after: () => undefined,
      forgotten: () => void forgotten++,
      error: (code) => errors.push(code),
    },
  );
});

describe("identify", () => {
  it("goes with the Hello where it is known by then, and once", () => {
    store.token = token("a");
    connection.identify("jwt");
    connection.open();
    last().opens();
    expect(last().sent).toEqual([{ kind: "Hello", token: token("a"), jwt: "jwt" }]);
    welcome("b");
    expect(store.token).toBe(token("b"));
    expect(sent("Identify")).toEqual([]);
    last().drops();
    timers.at(-1)?.run();
    last().opens();
    expect(last().sent).toEqual([{ kind: "Hello", token: token("b") }]);
  });

  it("is asked of an open connection, and what is said meanwhile waits for the person's conversation", () => {
    connected();
    connection.identify("jwt");
    expect(sent("Identify")).toEqual([{ kind: "Identify", id: "m1", jwt: "jwt" }]);
    connection.send(text("meanwhile"));
    connection.setVariables({ name: "Ada" });
    expect(sent("Send")).toEqual([]);
    welcome("b");
    expect(sent("SetVariables")).toMatchObject([{ values: { name: "Ada" } }]);
    expect(sent("Send")).toMatchObject([{ message: text("meanwhile") }]);
  });

  it("drops what was meant for a conversation that is not this person's", () => {
    connected();
    connection.identify("jwt");
    connection.send(text("anonymous"));
    welcome("b", OTHER);
    expect(sent("Send")).toEqual([]);
    expect(store.outbox).toEqual([]);
  });

  it("is asked again when the server is busy, and not when it is refused", () => {
    connected();
    connection.identify("jwt");
    connection.send(text("one"));
    last().says({ kind: "Nack", id: "m1", code: "busy", retryAfter: 200 });
    timers.findLast(({ ms }) => ms === 200)?.run();
    expect(sent("Identify").map(({ jwt }) => jwt)).toEqual(["jwt", "jwt"]);
    last().says({ kind: "Nack", id: "m3", code: "not-identified" });
    expect(errors).toEqual(["not-identified"]);
    expect(sent("Send")).toHaveLength(1);
  });

  it("a refusal may come before the Welcome of a Hello", () => {
    connection.identify("jwt");
    connection.open();
    last().opens();
    last().says({ kind: "Nack", id: "", code: "not-identified" });
    welcome();
    expect(sent("Identify")).toEqual([]);
    connection.send(text("still here"));
    expect(sent("Send")).toHaveLength(1);
  });

  it("another identity before the first is answered is asked after it", () => {
    connection.identify("one");
    connection.open();
    last().opens();
    connection.identify("two");
    expect(sent("Identify")).toEqual([]);
    welcome();
    expect(sent("Identify")).toMatchObject([{ jwt: "two" }]);
  });
});

describe("signing out", () => {
  it("leaves nothing here, and voids the token on a socket of its own, again until it has worked", () => {
    connected();
    connection.send(text("one"));
    const first = last();
    connection.signOut();
    expect(first.closed).toBe(true);
    expect(kept.size).toBe(0);
    expect([store.token, store.outbox]).toEqual([undefined, []]);
    last().opens();
    expect(last().sent).toEqual([{ kind: "SignOut", token: token("a") }]);
    last().drops(1006);
    timers.at(-1)?.run();
    last().opens();
    expect(last().sent).toEqual([{ kind: "SignOut", token: token("a") }]);
    const count = [sockets.length, timers.length];
    last().drops(CLOSE.voided);
    expect([sockets.length, timers.length]).toEqual(count);
  });

  it("gives up at some time: nobody has that token any more", () => {
    connected();
    connection.signOut();
    for (let n = 0; n < 20; n++) {
      last().drops(1006);
      timers.at(-1)?.run();
    }
    expect(sockets).toHaveLength(6);
  });
});

describe("a token that was voided elsewhere", () => {
  it("is forgotten with all that is shown, and a fresh session begins", () => {
    connected();
    last().drops(CLOSE.voided);
    expect(forgotten).toBe(1);
    expect(kept.size).toBe(0);
    timers.at(-1)?.run();
    last().opens();
    expect(last().sent).toEqual([{ kind: "Hello" }]);
  });

  it("goes on without a word where another tab has stored a fresh one of the same session", () => {
    connected();
    new Store(storage(), KEY).token = token("b");
    last().drops(CLOSE.voided);
    expect(forgotten).toBe(0);
    timers.at(-1)?.run();
    last().opens();
    expect(last().sent).toMatchObject([{ kind: "Hello", token: token("b") }]);
  });

  it("another tab signs out, or is another person: this one does not show it any longer than that", () => {
    connected();
    new Store(storage(), KEY).forget();
    connection.stored();
    expect(forgotten).toBe(1);
    expect(sockets).toHaveLength(2);
    last().opens();
    expect(last().sent).toEqual([{ kind: "Hello" }]);
    welcome("a", OTHER);
    connection.stored();
    expect(sockets).toHaveLength(2);
  });
});

describe("the page's values", () => {
  it("are told once to a session, under one id until they are taken, and again when they change", () => {
    connection.setVariables({ name: "Ada" });
    connected();
    expect(sent("SetVariables")).toEqual([{ kind: "SetVariables", id: "m1", values: { name: "Ada" } }]);
    last().says({ kind: "Nack", id: "m1", code: "rate-limited", retryAfter: 10 });
    timers.findLast(({ ms }) => ms === 10)?.run();
    expect(sent("SetVariables").map(({ id }) => id)).toEqual(["m1", "m1"]);
    last().says({ kind: "Ack", id: "m1" });
    connection.setVariables({ name: "Ada" });
    expect(sent("SetVariables")).toHaveLength(2);
    connection.setVariables({ plan: "free" });
    expect(sent("SetVariables").at(-1)).toEqual({
      kind: "SetVariables",
      id: "m2",
      values: { name: "Ada", plan: "free" },
    });
    last().says({ kind: "Ack", id: "m2" });
    last().drops();
    timers.at(-1)?.run();
    last().opens();
    welcome();
    expect(sent("SetVariables")).toEqual([]);
    welcome("z", OTHER);
    expect(sent("SetVariables")).toHaveLength(1);
  });

  it("are kept while nobody is connected, under the last word on each, and told before what the visitor said", () => {
    connection.setVariables({ name: "Ada", plan: "free" });
    connection.send(text("hello"));
    connection.setVariables({ plan: "gold" });
    connected();
    expect(last().sent.map(({ kind }) => kind)).toEqual(["Hello", "SetVariables", "Send"]);
    expect(sent("SetVariables")).toMatchObject([{ values: { name: "Ada", plan: "gold" } }]);
    // Lost before it was acknowledged: told again, as the same.
    const [first] = sent("SetVariables");
    last().drops();
    timers.at(-1)?.run();
    last().opens();
    welcome();
    expect(sent("SetVariables")).toEqual([first]);
  });

  it("that the server does not take are not told for ever", () => {
    connection.setVariables({ name: "x" });
    connected();
    last().says({ kind: "Nack", id: "m1", code: "too-long" });
    expect(errors).toEqual(["too-long"]);
    connection.reconnect();
    last().opens();
    welcome();
    expect(sent("SetVariables")).toEqual([]);
  });
});

describe("doubt", () => {
  it("asks at once whether the server is there", () => {
    connected();
    connection.check();
    expect(last().sent.at(-1)).toEqual({ kind: "Ping" });
    timers.at(-1)?.run();
    expect(last().closed).toBe(true);
  });
});

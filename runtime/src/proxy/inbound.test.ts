import { setImmediate as nextTurn } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { Limits } from "../config.js";
import { AppendError } from "../log/event-log.js";
import { setUpSessions } from "../testing/chat-sessions.js";
import type { FakeClient } from "../testing/fake-client.js";
import { idsOf } from "../testing/log-readers.js";
import { sidOf, turn } from "../testing/records.js";
import { AddressBook } from "./address-book.js";
import { type InboundContext, type Input, take } from "./inbound.js";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});
const sid = sidOf(0);
const LIMITS: Limits = {
  framesPerSocket: 1e6,
  framesPerAddress: 1e6,
  socketsPerAddress: 1e6,
  sessionsPerMinute: 1e6,
  recordsPerSession: 1e6,
  bytesPerDay: 1e9,
};

/** A session whose bot has said "hello", and what a socket of it sends. */
async function setUp(limits: Partial<Limits> = {}, options?: Parameters<typeof setUpSessions>[1]) {
  const set = await setUpSessions(cleanup, options);
  await set.begun(sid);
  const bounds = { ...LIMITS, ...limits };
  const addresses = new AddressBook(bounds, () => set.clock.now);
  const watched = { logger: pino({ level: "silent" }), connection: () => "one" };
  const context: InboundContext = { ...set, ...watched, addresses, limits: bounds, now: () => set.clock.now };
  const send = async (from: FakeClient, id: string, message: Partial<Input["message"]> | string = id) => {
    const said = typeof message === "string" ? { kind: "UserText", sessionId: "s", content: message } : message;
    await take(context, from.client, from.client.live!, { id, message: said as Input["message"] });
  };
  /** What a socket was sent since it joined. */
  const words = (client: FakeClient) => client.words.slice(client.client.protocol === "v1" ? 2 : 1);
  return { ...set, send, words };
}

describe("[P1] [P3] an acknowledgement", () => {
  it("comes for every repeat of an id, and the message is recorded once", async () => {
    const { joined, send, words, log, answers } = await setUp();
    const [one, two] = [await joined(sid), await joined(sid)];
    await Promise.all([send(one, "x"), send(one, "x"), send(two, "x")]);
    await answers(sid, "c.x", "re");
    await send(two, "x");
    expect(words(one)).toEqual(["Ack x", "Ack x", "2 x", "3 re", "Turn x"]);
    expect(words(two)).toEqual(["Ack x", "2 x", "3 re", "Turn x", "Ack x"]);
    expect((await idsOf(log, sid)).filter((id) => id === "c.x").length).toBe(1);
  });

  it("never comes for a message that was not stored: its repeat under way is refused with it", async () => {
    const { joined, send, words, log, faults } = await setUp();
    const [one, two] = [await joined(sid), await joined(sid)];
    const commit = faults.hold();
    faults.fail();
    const sent = [send(one, "x"), send(two, "x")];
    await commit.reached;
    commit.release();
    await Promise.all(sent);
    expect([words(one), words(two), await idsOf(log, sid)]).toEqual([
      ["Nack x busy"],
      ["Nack x busy"],
      ["s.1", "b.s.1.0.1", "b.s.1.0.2"],
    ]);
    await send(two, "x");
    expect(words(two)).toEqual(["Nack x busy", "Ack x"]);
  });

  it("never comes when nobody knows: both sockets are closed with come back, and the one that does is acknowledged", async () => {
    for (const stored of [true, false]) {
      const { joined, send, words, log, faults } = await setUp();
      const [one, two, bare] = [await joined(sid), await joined(sid), await joined(sid, "bare")];
      faults.lose(stored);
      await Promise.all([send(one, "x"), send(two, "x"), send(bare, "random")]);
      for (const client of [one, two, bare]) {
        expect([words(client), client.socket.closed]).toEqual([[], { code: 1013, reason: "retry-after=1000" }]);
      }
      const back = await joined(sid);
      await send(back, "x");
      await nextTurn();
      expect(words(back)).toEqual(["Ack x"]);
      expect(new Set(await idsOf(log, sid)).has("c.x")).toBe(true);
    }
  });

  it("of a message for an erased session is its end, whoever says first that it is erased", async () => {
    const { joined, send, words, log } = await setUp();
    const [one, two] = [await joined(sid), await joined(sid, "bare")];
    log.append = () => Promise.reject(new AppendError("erased", "The session is erased."));
    await Promise.all([send(one, "x"), send(two, "y")]);
    for (const { socket } of [one, two]) expect(socket.closed).toEqual({ code: 4410, reason: "" });
    expect([words(one), words(two)]).toEqual([[], []]);
  });
});

describe("a message that cannot be recorded", () => {
  it("is refused for good when its record would be too large, whatever its parts are", async () => {
    const { joined, send, words, log } = await setUp();
    const one = await joined(sid);
    const wide = "\u0001".repeat(1_024); // six bytes each as JSON
    await send(one, "x", { kind: "ChoiceResponse", groupId: wide, itemId: wide });
    expect([words(one), (await idsOf(log, sid)).length]).toEqual([["Nack x too-large"], 3]);
  });

  it("[P10] is refused beyond the session's number of messages, and beyond the address's bytes of a day", async () => {
    const few = await setUp({ recordsPerSession: 2 });
    const one = await few.joined(sid);
    for (const id of ["1", "2", "3"]) {
      await few.send(one, id);
      await nextTurn();
    }
    expect(few.words(one)).toEqual(["Ack 1", "Ack 2", "Nack 3 too-many"]);
    const small = await setUp({ bytesPerDay: 700 });
    const two = await small.joined(sid);
    for (const id of ["1", "2"]) await small.send(two, id, "x".repeat(100));
    expect(small.words(two)).toEqual(["Ack 1", "Nack 2 rate-limited"]);
    expect(two.frames.at(-1)).toMatchObject({ retryAfter: 24 * 3_600_000 });
  });

  it("[P10] is busy while the log's queue is full, on the bare protocol closed with come back", async () => {
    const set = await setUpSessions(cleanup, { maxQueued: 6 });
    await set.begun(sid);
    const watched = { logger: pino({ level: "silent" }), connection: () => "one" };
    const addresses = new AddressBook(undefined, () => 0);
    const context = { ...set, ...watched, addresses, limits: undefined, now: () => 0 };
    const [one, bare] = [await set.joined(sid), await set.joined(sid, "bare")];
    const commit = set.faults.hold();
    const message = { kind: "UserText", sessionId: "s", content: "x" } as const;
    const sent = Array.from({ length: 8 }, (_, i) =>
      take(context, one.client, one.client.live!, { id: `${i}`, message }),
    );
    sent.push(take(context, bare.client, bare.client.live!, { id: "b", message }));
    await commit.reached;
    commit.release();
    await Promise.all(sent);
    const answers = one.words.filter((word) => /^(Ack|Nack)/.test(word)).sort();
    expect(answers).toEqual([0, 1, 2, 3, 4, 5].map((i) => `Ack ${i}`).concat("Nack 6 busy", "Nack 7 busy"));
    expect(bare.socket.closed?.code).toBe(1013);
  });
});

describe("what became of a message", () => {
  it("[F6] is told to the socket that sent it, also to one that sent it again, before or after", async () => {
    const { joined, send, words, log } = await setUp();
    const [one, two] = [await joined(sid), await joined(sid)];
    await send(one, "x");
    await send(two, "x");
    await log.append([turn(sid, "c.x", 1, { refused: "stale" })]);
    await nextTurn();
    await send(one, "x");
    expect(words(two)).toEqual(["Ack x", "Refused x stale"]);
    expect(words(one)).toEqual(["Ack x", "Ack x", "Refused x stale"]);
  });

  it("[F6] is told to who sent it again before the tail has brought it", async () => {
    let open = (): void => undefined;
    const gate = { closed: undefined as Promise<void> | undefined };
    const { joined, send, words, log } = await setUp(
      {},
      {
        change(changed) {
          const { subscribe } = changed;
          changed.subscribe = async function* (partition, after, options) {
            for await (const batch of subscribe(partition, after, options)) {
              await gate.closed;
              yield batch;
            }
          };
        },
      },
    );
    const [one, two] = [await joined(sid), await joined(sid)];
    gate.closed = new Promise((resolve) => {
      open = resolve;
    });
    await Promise.all([send(one, "x"), send(two, "x")]);
    await log.append([turn(sid, "c.x", 1, { refused: "stale" })]);
    open();
    await nextTurn();
    expect(words(two)).toEqual(["Ack x", "Refused x stale"]);
  });

  it("[F7] asks a bare socket again when no state matches its answer, and says nothing to the others", async () => {
    const { joined, send, log } = await setUp();
    const ask = { kind: "StartChatSession", sessionId: "s" } as const;
    const asked = { v: 1, sid, id: "b.c.0.0.1", timestamp: "", of: "c.0", fence: 0, state: "a", by: "bot" };
    const [one, two] = [await joined(sid, "bare"), await joined(sid, "bare")];
    await send(one, "0");
    await log.append([{ ...asked, payload: { kind: "Request", message: ask } }, turn(sid, "c.0", 2)]);
    await nextTurn();
    await send(one, "1", "no");
    await log.append([turn(sid, "c.1", 1, { refused: "no-match" })]);
    await nextTurn();
    expect(one.words).toEqual(["hello", "StartChatSession", "StartChatSession"]);
    expect(two.words).toEqual(["hello", "0", "StartChatSession"]);
  });

  it("is waited for by nobody once it is known: nothing grows with the messages of a session", async () => {
    const { joined, send, log, faults, answers } = await setUp();
    const [one, bare] = [await joined(sid), await joined(sid, "bare")];
    const live = one.client.live!;
    for (let n = 0; n < 50; n++) {
      const [id, other] = [`v${n}`, `b${n}`];
      await Promise.all([send(one, id), send(bare, other), send(one, id)]);
      if (n % 2 === 0) await answers(sid, `c.${id}`, "re");
      else await log.append([turn(sid, `c.${id}`, 1, { refused: "stale" })]);
      await log.append([turn(sid, `c.${other}`, 1, n % 3 === 0 ? { refused: "no-match" } : {})]);
      await nextTurn();
      await send(one, id);
    }
    faults.fail();
    await send(one, "lost");
    expect([live.senders.size, live.appending.size, live.quiet]).toEqual([0, 0, true]);
  });
});

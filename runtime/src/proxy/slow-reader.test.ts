import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { leave, setUpSessions } from "../testing/chat-sessions.js";
import { FakeClient } from "../testing/fake-client.js";
import { reset, sidOf, text, turn } from "../testing/records.js";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});
const sid = sidOf(0);
const KIB = 1024;

/** A session whose bot has said "hello". */
async function setUp() {
  const set = await setUpSessions(cleanup);
  await set.begun(sid);
  return set;
}

describe("[P10] a slow reader", () => {
  it("is cut off once it lags by a megabyte, alone, and comes back to where it was", async () => {
    const { joined, log, answers } = await setUp();
    const [slow, quick] = [await joined(sid), await joined(sid)];
    await nextTurn();
    slow.socket.stalled = true;
    for (let n = 0; n < 200; n++) {
      await log.append([text(sid, `${n}`, "x".repeat(8 * KIB))]);
      await answers(sid, `c.${n}`, "re");
    }
    expect([slow.socket.closed, slow.socket.terminated]).toEqual([{ code: 1013, reason: "retry-after=1000" }, true]);
    expect(slow.socket.most).toBeLessThan(1_060 * KIB);
    expect([quick.socket.closed, quick.words.at(-1)]).toEqual([undefined, "Turn 199"]);
    const last = slow.socket.left.map((frame) => JSON.parse(frame)).findLast((frame) => frame.kind === "Message");
    const again = await joined(sid, "v1", { seq: last.seq, id: last.id });
    expect([last.seq, again.words.length]).toEqual([1, 401]);
  });

  it("gets a long conversation as fast as it takes it, then what came meanwhile, whole and in order", async () => {
    const { log, answers, sessions } = await setUp();
    for (let n = 0; n < 300; n++) {
      await log.append([text(sid, `${n}`, "x".repeat(8 * KIB))]);
      await log.append([turn(sid, `c.${n}`, 1)]);
    }
    for (const protocol of ["v1", "bare"] as const) {
      const found = await sessions.find("chat", sid);
      const slow = new FakeClient(protocol);
      slow.socket.stalled = true;
      let joined = false;
      const join = sessions
        .join(slow.client, found!.live, undefined, () => undefined)
        .then(() => {
          joined = true;
        });
      await nextTurn();
      const meanwhile = `meanwhile ${protocol}`;
      await log.append([text(sid, meanwhile)]);
      await answers(sid, `c.${meanwhile}`, "re");
      expect(slow.socket.waiting.length).toBeLessThan(40);
      while (!joined) {
        slow.socket.drain();
        await nextTurn();
      }
      await join;
      expect(slow.socket.most).toBeLessThan(270 * KIB);
      const seqs = slow.frames.filter((frame) => frame.kind === "Message").map((frame) => frame.seq);
      if (protocol === "v1") expect(seqs).toEqual(Array.from({ length: 303 }, (_, i) => i + 1));
      else expect([slow.words.length, slow.words.slice(-2)]).toEqual([305, [meanwhile, "re"]]);
      leave(sessions, slow);
    }
  });

  it("[W3] that is overtaken by a start over goes on with the new conversation, told of it as its protocol is", async () => {
    const { log, answers, sessions } = await setUp();
    for (let n = 0; n < 60; n++) await log.append([text(sid, `${n}`, "x".repeat(8 * KIB)), turn(sid, `c.${n}`, 1)]);
    const found = await sessions.find("chat", sid);
    const clients = [new FakeClient("v1"), new FakeClient("bare")];
    for (const { socket } of clients) socket.stalled = true;
    const joined = clients.map(({ client }) => sessions.join(client, found!.live, undefined, () => undefined));
    await nextTurn();
    await log.append([reset(sid, "r", 1)]);
    await answers(sid, "c.r", "anew");
    for (const { socket } of clients) socket.stalled = false;
    for (const { socket } of clients) socket.drain();
    await Promise.all(joined);
    await nextTurn();
    expect(clients[0]!.words.slice(61)).toEqual(["62 ResetSession", "63 anew", "Turn r"]);
    expect(clients[1]!.words.slice(61)).toEqual(["anew"]);
  });

  it("that goes away in the middle of a long conversation leaves nothing behind", async () => {
    const { log, sessions } = await setUp();
    for (let n = 0; n < 60; n++) await log.append([text(sid, `${n}`, "x".repeat(8 * KIB)), turn(sid, `c.${n}`, 1)]);
    const found = await sessions.find("chat", sid);
    const slow = new FakeClient("v1");
    slow.socket.stalled = true;
    const joined = sessions.join(slow.client, found!.live, undefined, () => undefined);
    await nextTurn();
    slow.socket.terminate();
    await joined;
    leave(sessions, slow);
    expect([sessions.held, slow.socket.listenerCount("drain"), slow.socket.listenerCount("close")]).toEqual([0, 0, 0]);
  });
});

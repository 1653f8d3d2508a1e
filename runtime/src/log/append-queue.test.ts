import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { sidOf, text } from "../testing/records.js";
import { AppendQueue, type Sent } from "./append-queue.js";
import { AppendError } from "./event-log.js";

/** A queue whose sendings are listed by their ids; `outcome` says how what an append becomes is known. */
function setUp(ordered: boolean, outcome: (id: string) => Sent = () => undefined) {
  const probe = async () => undefined;
  const queue = new AppendQueue({ beforeCommit: undefined, afterCommit: undefined, probe, probeEvery: 5, ordered });
  const sent: string[] = [];
  const add = (lane: string, id: string) =>
    new Promise<string>((done, reject) => {
      const send = async () => {
        sent.push(id);
        return outcome(id);
      };
      const records = [text(sidOf(0), id)];
      queue.add({ lane, records, characters: 1, send, resolve: () => done(id), reject });
    });
  return { queue, sent, add };
}
const turns = async () => {
  for (let i = 0; i < 10; i++) await nextTurn();
};

it("sends one append of a lane after the other where the engine does not keep their order, and all at once where it does", async () => {
  for (const ordered of [false, true]) {
    const release: (() => void)[] = [];
    const { sent, add } = setUp(ordered, () => ({ stored: new Promise((resolve) => release.push(resolve)) }));
    const all = Promise.all([add("a", "a1"), add("a", "a2"), add("a", "a3"), add("b", "b1")]);
    await turns();
    expect(sent).toEqual(["a1", "b1"]);
    release.shift()!();
    await turns();
    expect(sent).toEqual(ordered ? ["a1", "b1", "a2", "a3"] : ["a1", "b1", "a2"]);
    for (let i = 0; i < 4; i++) {
      for (const one of release.splice(0)) one();
      await turns();
    }
    expect(await all).toEqual(["a1", "a2", "a3", "b1"]);
  }
});

it("sends nothing more of a lane while what it has sent is not known to be stored, and goes on with the others", async () => {
  let stored = (): void => undefined;
  const outcome = new Promise<void>((resolve) => {
    stored = resolve;
  });
  const { queue, sent, add } = setUp(true, (id) => (id === "a1" ? { stored: outcome } : undefined));
  const first = add("a", "a1");
  await turns();
  const [second, other] = [add("a", "a2"), add("b", "b1")];
  expect(await other).toBe("b1");
  await turns();
  expect([sent, queue.records]).toEqual([["a1", "b1"], 2]);
  stored();
  expect(await Promise.all([first, second])).toEqual(["a1", "a2"]);
  await queue.drain();
  expect([sent, queue.records]).toEqual([["a1", "b1", "a2"], 0]);
});

it("refuses what waits behind an append that turns out not to be stored, for certain, and is asked again after", async () => {
  let fail = (_: Error): void => undefined;
  const outcome = new Promise<void>((_, reject) => {
    fail = reject;
  });
  const { queue, sent, add } = setUp(true, (id) => (id === "a1" ? { stored: outcome } : undefined));
  const first = add("a", "a1");
  await turns();
  const second = add("a", "a2");
  await turns();
  const outcomes = Promise.allSettled([first, second]);
  fail(new AppendError("unknown", "It was not read back."));
  expect((await outcomes).map((one) => one.status === "rejected" && one.reason.code)).toEqual([
    "unknown",
    "not-stored",
  ]);
  expect([sent, queue.problem]).toEqual([["a1"], "It was not read back."]);
  expect(await add("a", "a3")).toBe("a3");
  expect(queue.problem).toBe(undefined);
  await queue.drain();
});

import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sidOf, text } from "../testing/records.js";
import { GroupQueue, type Pending } from "./group-queue.js";
import { CommitError, type Group, type Heads, type Store } from "./store.js";

/** A store whose calls end when the test says so. */
class SlowStore {
  readonly calls: string[] = [];
  readonly groups: Group[] = [];
  underWay = 0;
  most = 0;
  #end: ((error?: Error) => void)[] = [];

  #call(name: string): Promise<void> {
    this.calls.push(name);
    this.most = Math.max(this.most, ++this.underWay);
    return new Promise((resolve, reject) => {
      this.#end.push((error) => {
        this.underWay -= 1;
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Ends the oldest call under way. */
  async end(error?: Error): Promise<void> {
    this.#end.shift()!(error);
    await nextTurn();
    await nextTurn(); // The next commit begins in the turn after.
  }

  readonly store = {
    commit: (group: Group) => {
      this.groups.push(group);
      return this.#call("commit");
    },
    probe: () => this.#call("probe"),
    heads: async (): Promise<Heads> => {
      await this.#call("heads");
      return { records: 7, control: 0 };
    },
  } as Partial<Store> as Store;
}

let pos = 0;
const outcomes: string[] = [];
function pending(id: string): Pending {
  const record = text(sidOf(0), id);
  const data = JSON.stringify(record);
  const entry = { pos: ++pos, sid: record.sid, partition: 0, record, data, size: data.length };
  const resolve = () => void outcomes.push(id);
  return {
    records: [entry],
    control: [],
    erases: false,
    resolve,
    reject: (error) => void outcomes.push(`${id} ${error.code}`),
  };
}

function create(): { slow: SlowStore; queue: GroupQueue; told: string[] } {
  const slow = new SlowStore();
  const told: string[] = [];
  const queue = new GroupQueue({
    store: slow.store,
    beforeCommit: undefined,
    afterCommit: undefined,
    probeEvery: 1_000,
    onDurable: (appended) => told.push(`durable ${appended.records[0]!.record!.id}`),
    onFailed: (heads) => told.push(`failed ${heads?.records}`),
    onFound: (heads) => told.push(`found ${heads.records}`),
  });
  return { slow, queue, told };
}

afterEach(() => {
  vi.useRealTimers();
  outcomes.splice(0);
});

describe("GroupQueue", () => {
  it("commits together what came while the last commit was under way, one commit at a time", async () => {
    const { slow, queue, told } = create();
    queue.add(pending("1"));
    queue.add(pending("2"));
    await nextTurn();
    for (const id of ["3", "4", "5"]) queue.add(pending(id));
    await nextTurn();
    expect(slow.groups.map((group) => group.data.length)).toEqual([2]);
    expect([queue.records, outcomes]).toEqual([5, []]);
    await slow.end();
    expect(outcomes).toEqual(["1", "2"]);
    await slow.end();
    expect(slow.groups.map((group) => group.data.length)).toEqual([2, 3]);
    expect(told).toEqual(["1", "2", "3", "4", "5"].map((id) => `durable c.${id}`));
    expect([queue.records, queue.characters, slow.most]).toEqual([0, 0, 1]);
  });

  it("keeps a commit within bounds, whatever waits", async () => {
    const { slow, queue } = create();
    for (let i = 0; i < 11_000; i++) queue.add(pending(`${i}`));
    const drained = queue.drain();
    await nextTurn();
    for (let i = 0; i < 3; i++) await slow.end();
    await drained;
    expect(slow.groups.map((group) => group.data.length)).toEqual([5_000, 5_000, 1_000]);
  });

  it("asks what the store holds before the next commit when an outcome is unknown", async () => {
    const { slow, queue, told } = create();
    queue.add(pending("1"));
    await nextTurn();
    queue.add(pending("2"));
    await slow.end(new CommitError("no answer", { certain: false }));
    expect(outcomes).toEqual(["1 unknown", "2 not-stored"]);
    expect(queue.unsure).toBe(true);
    queue.add(pending("3"));
    await nextTurn();
    expect(slow.calls).toEqual(["commit", "heads"]);
    await slow.end();
    await slow.end();
    expect([slow.calls, told]).toEqual([
      ["commit", "heads", "commit"],
      ["failed undefined", "found 7", "durable c.3"],
    ]);
    expect([outcomes.at(-1), queue.unsure, queue.health()]).toEqual(["3", false, { ok: true, queued: 0 }]);
  });

  it("[P11] never looks whether the store works while a commit is on its way: one question at a time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { slow, queue } = create();
    queue.add(pending("1"));
    await nextTurn();
    await slow.end(new CommitError("away", { certain: true }));
    queue.add(pending("2"));
    vi.advanceTimersByTime(1_000);
    await nextTurn();
    expect(slow.calls).toEqual(["commit", "commit"]);
    await slow.end();
    expect([slow.most, outcomes]).toEqual([1, ["1 not-stored", "2"]]);
  });

  it("[P11] looks again and again until the store works, and what comes meanwhile waits for the look", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { slow, queue } = create();
    queue.add(pending("1"));
    await nextTurn();
    await slow.end(new CommitError("away", { certain: true }));
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(1_000);
      await nextTurn();
      expect(slow.calls.length).toBe(2 + i);
      await slow.end(new CommitError("still away", { certain: true }));
      expect(queue.health()).toMatchObject({ ok: false, problem: "still away" });
    }
    vi.advanceTimersByTime(1_000);
    queue.add(pending("2"));
    await nextTurn();
    expect(slow.calls.filter((call) => call === "commit").length).toBe(1);
    await slow.end();
    await slow.end();
    expect([queue.health().ok, outcomes, slow.most]).toEqual([true, ["1 not-stored", "2"], 1]);
  });
});

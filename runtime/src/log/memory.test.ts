import { describe, expect, it } from "vitest";
import { CommitFaults } from "../testing/faults.js";
import { text } from "../testing/records.js";
import { eventLogContract, type Subject, type SubjectOptions } from "./event-log.contract.js";
import type { EventLog } from "./event-log.js";
import { createMemoryLog, createMemoryStore, type MemoryStore } from "./memory.js";

/** The same rows; `looked` is called for each look at one of them. */
function watched<R extends object>(rows: R[], looked: () => void): R[] {
  return new Proxy(rows, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) looked();
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

function watch(store: MemoryStore, looked: () => void): void {
  store.records = watched(store.records, looked);
  for (const [sid, rows] of store.sessions) store.sessions.set(sid, watched(rows, looked));
}

async function open({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject> {
  const store = createMemoryStore(partitions);
  const faults = new CommitFaults();
  const common = { ...options, store, beforeCommit: faults.beforeCommit, afterCommit: faults.afterCommit };
  let log: EventLog = createMemoryLog({ ...common, partitions });
  let looks: number | undefined;
  return {
    log,
    faults,
    async reopen(changed) {
      await log.close();
      log = createMemoryLog({ ...common, ...changed });
      return log;
    },
    stored: () => Buffer.from(JSON.stringify([store.records, store.control, [...store.sessions]])),
    rowsRead() {
      if (looks === undefined) watch(store, () => (looks = looks! + 1));
      const since = looks ?? 0;
      looks = 0;
      return since;
    },
    dispose: () => log.close(),
  };
}

eventLogContract("memory", { open });

describe("the memory log", () => {
  it("[P1] a second log over the same store is the process started again: the first stores nothing any more", async () => {
    const store = createMemoryStore(1);
    const before = createMemoryLog({ store });
    const sid = "a".repeat(40);
    await before.append([text(sid, "1")]);
    const after = createMemoryLog({ store });
    await expect(before.append([text(sid, "2")])).rejects.toMatchObject({ code: "not-stored" });
    await after.append([text(sid, "3")]);
    expect((await after.read(sid)).map((record) => record.id)).toEqual(["c.1", "c.3"]);
  });
});

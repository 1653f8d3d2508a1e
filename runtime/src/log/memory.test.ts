import { describe, expect, it } from "vitest";
import { countLooks } from "../testing/count-looks.js";
import { CommitFaults } from "../testing/faults.js";
import { text } from "../testing/records.js";
import { eventLogContract, type Subject, type SubjectOptions } from "./event-log.contract.js";
import type { EventLog } from "./event-log.js";
import { createMemoryLog, createMemoryStore } from "./memory.js";

async function open({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject> {
  const store = createMemoryStore(partitions);
  const faults = new CommitFaults();
  const common = { ...options, store, beforeCommit: faults.beforeCommit, afterCommit: faults.afterCommit };
  let log: EventLog = createMemoryLog({ ...common, partitions });
  return {
    log,
    faults,
    async reopen(changed) {
      await log.close();
      log = createMemoryLog({ ...common, ...changed });
      return log;
    },
    stored: () => Buffer.from(JSON.stringify([store.records, store.control, [...store.sessions]])),
    rowsRead: countLooks(store),
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

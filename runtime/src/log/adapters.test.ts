import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import type { EventLog } from "./event-log.js";
import { createMemoryLog, createMemoryStore } from "./memory.js";
import { openSqliteLog } from "./sqlite.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const sidOf = (n: number): string => n.toString(16).padStart(8, "0").padEnd(40, "a");
const text = (sid: string, id: string, content = id): LogRecord => ({
  v: 1,
  sid,
  id: `c.${id}`,
  timestamp: "2026-01-01T00:00:00.000Z",
  payload: { kind: "Response", message: { kind: "UserText", sessionId: "s", content } },
  by: "visitor",
});

/** The log and a way to open it again as the next process would. */
type Opened = { log: EventLog; reopen(): Promise<EventLog> };
const adapters: Record<string, () => Promise<Opened>> = {
  memory: async () => {
    const store = createMemoryStore(2);
    return { log: createMemoryLog({ store }), reopen: async () => createMemoryLog({ store }) };
  },
  sqlite: async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const open = async () => {
      const log = await openSqliteLog({ file: join(folder.path, "log.db"), partitions: 2 });
      cleanup.push(() => log.close());
      return log;
    };
    return { log: await open(), reopen: open };
  },
};

/** Records of a partition after a cursor, up to its head. */
async function tail(log: EventLog, partition: number, after?: string): Promise<{ ids: string[]; cursor: string }> {
  const head = await log.head(partition);
  let cursor = after ?? log.start;
  const ids: string[] = [];
  if (log.reached(head, cursor)) return { ids, cursor };
  const end = new AbortController();
  for await (const batch of log.subscribe(partition, after, { signal: end.signal })) {
    if ("gap" in batch) continue;
    ids.push(...batch.records.map((record) => record.id));
    cursor = batch.cursor;
    if (log.reached(head, cursor)) break;
  }
  return { ids, cursor };
}

describe.each(Object.entries(adapters))("the contract of the event log: %s", (_name, open) => {
  it("keeps a session's records in order, apart from others, and over a restart", async () => {
    const { log, reopen } = await open();
    const appended = Array.from({ length: 200 }, (_, i) => log.append([text(sidOf(i % 3), `${i}`)]));
    await Promise.all(appended);
    const ids = (await log.read(sidOf(1))).map((record) => record.id);
    expect(ids).toEqual(Array.from({ length: 200 }, (_, i) => `c.${i}`).filter((_, i) => i % 3 === 1));
    await log.close();
    expect((await (await reopen()).read(sidOf(1))).map((record) => record.id)).toEqual(ids);
  });

  it("resumes a partition at a cursor without gap or repeat, over a restart", async () => {
    const { log, reopen } = await open();
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append([text(sidOf(0), `${i}`)])));
    const first = await tail(log, 0);
    expect(first.ids.length).toBe(50);
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append([text(sidOf(i % 2), `b${i}`)])));
    await log.close();
    const again = await reopen();
    const second = await tail(again, 0, first.cursor);
    expect(second.ids).toEqual(Array.from({ length: 50 }, (_, i) => `c.b${i}`).filter((_, i) => i % 2 === 0));
  });

  it("shows a record to ordered readers before it is durable, and what they answer shares its commit", async () => {
    const { log } = await open();
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const seen: string[] = [];
    let durable = false;
    const reader = (async () => {
      for await (const batch of log.subscribe(0, undefined, { signal: end.signal, level: "ordered" })) {
        if ("gap" in batch) continue;
        for (const record of batch.records) {
          seen.push(`${record.id} ${durable ? "durable" : "placed"}`);
          if (record.id === "c.1") await log.append([text(sidOf(0), "reply")]);
        }
        if (seen.length >= 2) return;
      }
    })();
    await log.append([text(sidOf(0), "1")]).then(() => {
      durable = true;
    });
    await reader;
    expect(seen[0]).toBe("c.1 placed");
    expect((await log.read(sidOf(0))).map((record) => record.id)).toEqual(["c.1", "c.reply"]);
  });

  it("follows a session: what is there, caught up, then live", async () => {
    const { log } = await open();
    await log.append([text(sidOf(0), "1")]);
    const end = new AbortController();
    const seen: string[] = [];
    for await (const part of log.follow(sidOf(0), { signal: end.signal })) {
      if ("caughtUp" in part) {
        seen.push("caught up");
        void log.append([text(sidOf(0), "2")]);
      } else seen.push(...part.records.map((record) => record.id));
      if (seen.length === 3) end.abort();
    }
    expect(seen).toEqual(["c.1", "caught up", "c.2"]);
  });

  it("an abort ends a reader that waits", async () => {
    const { log } = await open();
    const end = new AbortController();
    const done = (async () => {
      for await (const _ of log.subscribe(0, undefined, { signal: end.signal })) expect.unreachable();
    })();
    setImmediate(() => end.abort());
    await done;
  });

  it("erases a session for every reader, refuses what comes after, and leaves the others", async () => {
    const { log } = await open();
    await log.append([text(sidOf(0), "1", "the secret word")]);
    await log.append([text(sidOf(2), "2")]);
    await log.erase(sidOf(0), { id: "e", timestamp: "2026-01-01T00:00:00.000Z" });
    expect(await log.read(sidOf(0))).toEqual([]);
    await expect(log.append([text(sidOf(0), "late")])).rejects.toMatchObject({ code: "not-stored" });
    expect((await log.read(sidOf(2))).length).toBe(1);
  });

  it("refuses a record over 12 KiB and keeps the others", async () => {
    const { log } = await open();
    await expect(log.append([text(sidOf(0), "big", "x".repeat(13_000))])).rejects.toMatchObject({ code: "not-stored" });
    await log.append([text(sidOf(0), "small")]);
    expect((await log.read(sidOf(0))).map((record) => record.id)).toEqual(["c.small"]);
  });
});

describe("sqlite", () => {
  async function file(): Promise<{ path: string; folder: string; log: EventLog }> {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const path = join(folder.path, "log.db");
    const log = await openSqliteLog({ file: path, partitions: 2 });
    cleanup.push(() => log.close());
    return { path, folder: folder.path, log };
  }

  it("[P17] leaves no word of an erased session in any file", async () => {
    const { folder, log } = await file();
    await log.append([text(sidOf(0), "1", "the secret word")]);
    await log.erase(sidOf(0), { id: "e", timestamp: "2026-01-01T00:00:00.000Z" });
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name)).includes("secret word"), name).toBe(false);
  });

  it("[P11] resolves nothing while another holds the database, and goes on by itself after", async () => {
    const { path, log } = await file();
    await log.append([text(sidOf(0), "before")]);
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    const during = log.append([text(sidOf(0), "during")]);
    await expect(during).rejects.toMatchObject({ code: "not-stored" });
    expect(log.health().ok).toBe(false);
    other.exec("COMMIT");
    other.close();
    await log.append([text(sidOf(0), "after")]);
    expect((await log.read(sidOf(0))).map((record) => record.id)).toEqual(["c.before", "c.after"]);
    expect(log.health().ok).toBe(true);
  });

  it("refuses another number of partitions, a newer format and what is no database", async () => {
    const { path, log } = await file();
    await log.close();
    await expect(openSqliteLog({ file: path, partitions: 3 })).rejects.toMatchObject({ code: "partitions" });
    const db = new Database(path);
    db.pragma("user_version = 99");
    db.close();
    await expect(openSqliteLog({ file: path, partitions: 2 })).rejects.toMatchObject({ code: "newer-version" });
  });
});

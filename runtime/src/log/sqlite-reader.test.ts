import { statSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { first, sidOf, text } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import type { EventLog } from "./event-log.js";
import { type LogReader, openLog } from "./reader.js";
import { openSqliteLog } from "./sqlite.js";

let folder: ReturnType<typeof scratch>;
let log: EventLog;
let reader: LogReader;
let end: AbortController;
beforeEach(async () => {
  folder = scratch();
  log = await openSqliteLog({ file: join(folder.path, "log.db"), partitions: 3 });
  reader = await openLog(folder.path);
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  await reader.close();
  await log.close();
  folder.dispose();
});

/** What a reader brings of a partition from a place on, until it has `count` records. */
async function take(from: Pick<LogReader, "subscribe">, partition: number, count: number, after?: string) {
  const records: LogRecord[] = [];
  let cursor = after;
  for await (const tail of from.subscribe(partition, after, { signal: end.signal })) {
    if ("gap" in tail) throw new Error(tail.gap);
    records.push(...tail.records);
    cursor = tail.cursor;
    if (records.length >= count) break;
  }
  return { ids: records.map(({ sid }) => sid), cursor };
}

test("brings each partition as the server's own readers get it, and what comes meanwhile, from places of either", async () => {
  for (let n = 0; n < 1_200; n++) void log.append([first(sidOf(n))]);
  await log.append([first(sidOf(1_200))]);
  for (const partition of [0, 1, 2]) {
    const here = await take(log, partition, 400);
    const there = await take(reader, partition, 400);
    expect(there.ids).toEqual(here.ids.slice(0, there.ids.length));
    expect(reader.reached(there.cursor!, await reader.head(partition))).toBe(true);
    const rest = take(reader, partition, 1, here.cursor);
    const next = 3_000 + partition;
    await log.append([first(sidOf(next))]);
    expect((await rest).ids.at(-1)).toBe(sidOf(next));
    expect((await take(log, partition, 1, there.cursor)).ids).toContain(sidOf(next));
  }
});

test("an erased session is empty, and no reader keeps its text in the file", async () => {
  await log.append([first(sidOf(1))]);
  const waiting = take(reader, log.partitionOf(sidOf(1)), 2);
  expect(await reader.read(sidOf(1))).toEqual([first(sidOf(1))]);
  const at = { id: "e.1", timestamp: "2026-11-25T11:00:00.000Z" };
  await log.erase(sidOf(1), at);
  expect(await reader.read(sidOf(1))).toEqual([]);
  expect((await waiting).ids).toEqual([sidOf(1), sidOf(1)]);
});

test("[P17] one whose consumer parks holds nothing up: the write-ahead file stays small, and it goes on from its place", async () => {
  await log.append([first(sidOf(0))]);
  const tails = reader.subscribe(0, undefined, { signal: end.signal })[Symbol.asyncIterator]();
  expect((await tails.next()).value).toMatchObject({ records: [first(sidOf(0))] });
  const content = "x".repeat(10_000);
  const written = 7_500;
  let largest = 0;
  for (let n = 0; n < written; n += 250) {
    const appended = Array.from({ length: 250 }, (_, i) => log.append([text(sidOf(0), `${n + i}`, content)]));
    await Promise.all(appended);
    largest = Math.max(largest, statSync(join(folder.path, "log.db-wal")).size);
  }
  expect(largest).toBeLessThan(64 * 1024 * 1024);
  for (let next = 0; next < written; ) {
    const { records } = (await tails.next()).value as { records: LogRecord[] };
    for (const record of records) expect(record.id).toBe(`c.${next++}`);
  }
});

test("a file of a newer version, and what is no log, are one sentence", async () => {
  const file = join(folder.path, "other.db");
  const db = new Database(file);
  db.exec("CREATE TABLE meta (name TEXT, value INTEGER)");
  await expect(openLog(file)).rejects.toMatchObject({
    code: "not-writable",
    message: expect.stringContaining("no log"),
  });
  db.pragma("user_version = 99");
  db.close();
  await expect(openLog(file)).rejects.toMatchObject({ code: "newer-version" });
});

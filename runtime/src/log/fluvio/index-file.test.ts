import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ERASED, first, link, sidOf, text } from "../../testing/records.js";
import { scratch } from "../../testing/server.js";
import { erasedRecord } from "../erased.js";
import { IndexFile, type Taken } from "./index-file.js";

const [sid, other, person] = [sidOf(0), sidOf(2), sidOf(1)];
let folder: ReturnType<typeof scratch>;
let index: IndexFile;
const file = () => join(folder.path, "index.db");
beforeEach(() => {
  folder = scratch();
  index = new IndexFile(file(), "log");
});
afterEach(() => {
  index.close();
  folder.dispose();
});

const read = (from: number, ...records: (LogRecord | undefined)[]): Taken<LogRecord>[] =>
  records.map((record, i) => ({
    count: from + i,
    id: record?.id ?? "",
    record,
    text: JSON.stringify(record ?? "junk"),
  }));
const stored = () => Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name))));
const ids = (partition: number, of: string) =>
  index.session(partition, of, 0, 1_000).map(({ data }) => (JSON.parse(data) as LogRecord).id);
const places = (partition: number) => index.rows(partition, 0, 1_000, 1_000).map(({ pos }) => pos);

it("keeps what was read, and how far, over a restart; what is no record counts as a place", () => {
  index.addRecords(0, read(1, first(sid), undefined, text(other, "1")));
  index.addRecords(1, read(1, text(person, "2")));
  index.close();
  index = new IndexFile(file(), "log");
  expect([index.kept(0), index.kept(1)]).toEqual([
    { count: 3, id: "c.1", base: 0 },
    { count: 1, id: "c.2", base: 0 },
  ]);
  expect([places(0), places(1), ids(0, sid), ids(0, other)]).toEqual([[1, 3], [1], ["s.1"], ["c.1"]]);
});

it("takes up records and the place behind them together, or neither", () => {
  index.addRecords(0, read(1, first(sid)));
  // The second cannot be written: its place is taken.
  expect(() => index.addRecords(0, [...read(2, text(sid, "1")), ...read(1, text(sid, "2"))])).toThrow();
  expect([index.kept(0).count, ids(0, sid)]).toEqual([1, ["s.1"]]);
});

it("[P17] keeps no word of a session that ended, nor what comes of it later, and only its end of it", () => {
  index.addRecords(0, read(1, first(sid), text(sid, "1", "the secret word"), text(other, "2", "a public word")));
  expect(stored().includes("secret word")).toBe(true);
  const added = index.addRecords(
    0,
    read(
      4,
      erasedRecord(sid, ERASED),
      text(sid, "3", "a late secret word"),
      erasedRecord(sid, { ...ERASED, id: "e2" }),
    ),
  );
  index.scrub();
  expect([[...added.void], ids(0, sid), index.erased(sid), places(0)]).toEqual([[5, 6], ["e"], true, [3, 4]]);
  expect([stored().includes("secret word"), stored().includes("public word")]).toEqual([false, true]);
});

it("[P17] takes each link to a session that ended along, in whatever partition and whenever it comes", () => {
  index.addRecords(1, read(1, link(person, "0", sid), link(person, "1", other), link(person, "2", sid)));
  index.addRecords(1, read(4, link(sidOf(3), "0", sid)));
  const added = index.addRecords(0, read(1, erasedRecord(sid, ERASED)));
  expect(added.links).toEqual([1, 3, 4].map((count) => ({ partition: 1, count })));
  expect([ids(1, person), index.known(sidOf(3))]).toEqual([["r.1"], false]);
  expect([...index.addRecords(1, read(5, link(person, "3", sid), link(person, "4", other))).void]).toEqual([5]);
  expect(ids(1, person)).toEqual(["r.1", "r.4"]);
  index.scrub();
  expect(stored().includes(sidOf(3))).toBe(false);
});

it("lets go of what retention took, with the sessions that are gone with it, and of nothing else", () => {
  index.addRecords(0, read(1, first(sid), first(other), text(other, "1"), text(sidOf(4), "2")));
  index.addRecords(1, read(1, first(person)));
  index.begins(0, 2);
  expect(ids(0, other)).toEqual(["c.1"]);
  while (index.trim(0));
  expect([places(0), places(1), index.known(sid), index.known(other)]).toEqual([[3, 4], [1], false, true]);
  expect(index.kept(0)).toEqual({ count: 4, id: "c.2", base: 2 });
  index.begins(0, 10);
  while (index.trim(0));
  expect([places(0), index.known(other), index.kept(0)]).toEqual([[], false, { count: 10, id: "", base: 10 }]);
});

it("forgets a partition that was made anew, and everything where the log is another", () => {
  index.addRecords(0, read(1, first(sid)));
  index.addRecords(1, read(1, first(person)));
  index.forget(0);
  expect([index.known(sid), index.known(person), index.kept(0).count]).toEqual([false, true, 0]);
  index.close();
  index = new IndexFile(file(), "another");
  expect([index.known(person), places(1), index.kept(1).count]).toEqual([false, [], 0]);
});

it("refuses a newer format and what is no database, and says what to do", () => {
  const db = new Database(file());
  db.pragma("user_version = 99");
  db.close();
  expect(() => new IndexFile(file(), "log")).toThrow(expect.objectContaining({ code: "newer-version" }));
  expect(() => new IndexFile(folder.path, "log")).toThrow(
    expect.objectContaining({ code: "not-writable", message: expect.stringContaining("built anew") }),
  );
});

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { erasedRecord } from "../log/erased.js";
import { ERASED, first, says, sidOf, text, turn } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { type Place, placeFile, placeMemory, Unfinished } from "./place.js";

const [one, two] = [sidOf(1), sidOf(2)];
const places = (cursor = "7"): Map<number, Place> =>
  new Map([
    [0, { cursor, unfinished: new Map([[one, new Set(["s.1", "c.1"])]]), due: new Map([[two, 1_767_225_600_000]]) }],
    [3, { cursor: "9", unfinished: new Map(), due: new Map() }],
  ]);

describe("placeFile", () => {
  let folder: ReturnType<typeof scratch>;
  beforeEach(() => {
    folder = scratch();
  });
  afterEach(() => folder.dispose());
  const path = () => join(folder.path, "workflow.json");

  it("gives back what was saved, from a file for its owner alone that is replaced whole", async () => {
    await placeFile(path()).save(places("6"));
    await placeFile(path()).save(places());
    expect(await placeFile(path()).load()).toEqual(places());
    expect((statSync(path()).mode & 0o777).toString(8)).toBe("600");
    expect(existsSync(`${path()}.new`)).toBe(false);
  });

  it("has none before the first save", async () => expect(await placeFile(path()).load()).toEqual(new Map()));

  it("counts a file that cannot be read as none: cut off, empty, of another version or another shape", async () => {
    await placeFile(path()).save(places());
    const whole = readFileSync(path(), "utf8");
    const damaged = [
      "",
      whole.slice(0, -10),
      "null",
      "[]",
      '{"v":1}',
      whole.replace('"v":1', '"v":2'),
      whole.replace('"7"', "7"),
      whole.replace('["s.1","c.1"]', "null"),
      whole.replace("[0,", '["0",'),
      // As a build wrote it that knew no hand-offs.
      whole.replace(`,[["${two}",1767225600000]]`, ""),
      whole.replace("1767225600000", "null"),
    ];
    for (const text of damaged) {
      expect(text).not.toBe(whole);
      writeFileSync(path(), text);
      expect(await placeFile(path()).load(), text).toEqual(new Map());
    }
  });

  it("says it when the file cannot be written", async () => {
    await expect(placeFile(join(folder.path, "none", "workflow.json")).save(places())).rejects.toThrow("ENOENT");
  });
});

describe("placeMemory", () => {
  it("keeps places as they were saved, whatever becomes of them after", async () => {
    const [store, kept] = [placeMemory(), places()];
    await store.save(kept);
    (kept.get(0)!.unfinished as Map<string, unknown>).clear();
    (kept.get(0)!.due as Map<string, unknown>).clear();
    expect(await store.load()).toEqual(places());
  });
});

describe("Unfinished", () => {
  const after = (...records: LogRecord[]) => {
    const unfinished = new Unfinished();
    for (const record of records) unfinished.push(record);
    return [...unfinished.sessions].map(([sid, ids]) => [sid, [...ids]]);
  };

  it("holds the inputs that have no Turn yet", () => {
    expect(after(first(one), says(one, "s.1", 1, "a"), first(two), text(one, "1"), turn(one, "s.1", 2))).toEqual([
      [one, ["c.1"]],
      [two, ["s.1"]],
    ]);
    expect(after(first(one), turn(one, "s.1", 1), text(one, "1"), turn(one, "c.1", 1))).toEqual([]);
  });

  it("holds nothing of an erased session", () => expect(after(first(one), erasedRecord(one, ERASED))).toEqual([]));

  it("[L4] holds a session with a record that this build cannot read, for a build that can", () => {
    const newer = { v: 2, sid: one, id: "x", timestamp: "", payload: { kind: "Control" } } as unknown as LogRecord;
    const unknown = {
      ...text(two, "1"),
      payload: { kind: "Request", message: { kind: "Video" } },
    } as unknown as LogRecord;
    expect(after(newer, unknown, turn(two, "c.1", 1)).map(([sid]) => sid)).toEqual([one, two]);
  });

  it("begins with what was saved, and leaves that as it is", () => {
    const saved = places().get(0)!.unfinished;
    const unfinished = new Unfinished(saved);
    unfinished.push(turn(one, "s.1", 1));
    expect([...unfinished.sessions.get(one)!]).toEqual(["c.1"]);
    expect(saved).toEqual(places().get(0)!.unfinished);
  });
});

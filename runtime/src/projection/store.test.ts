import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import { ProjectionStore, type SessionRow } from "./store.js";

let folder: ReturnType<typeof scratch>;
const open: ProjectionStore[] = [];
beforeEach(() => {
  folder = scratch();
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  folder.dispose();
});

const file = () => join(folder.path, "projections.db");
function store(): ProjectionStore {
  const opened = new ProjectionStore(file());
  open.push(opened);
  return opened;
}
const key = (state: string, version = 1, kind = "sent") => JSON.stringify([version, kind, state]);
const row = (sid: string, counts: Record<string, number>, more: Partial<SessionRow> = {}): SessionRow => ({
  sid,
  flow: "chat",
  version: 1,
  started: "2026-01-01T00:00:00.000Z",
  last: "2026-01-01T00:00:00.000Z",
  seq: 1,
  turns: 1,
  ended: false,
  counts,
  ...more,
});

describe("ProjectionStore", () => {
  it("keeps rows, counts and cursors over a restart", () => {
    const first = store();
    first.save([row("a", { [key("x")]: 2 }, { ended: true })], new Map([[0, "7"]]));
    first.close();
    open.splice(0);
    const again = store();
    expect(again.session("a")).toEqual(row("a", { [key("x")]: 2 }, { ended: true }));
    expect(again.counts("chat")).toEqual([{ version: 1, kind: "sent", state: "x", n: 2 }]);
    expect([again.cursor(0), again.cursor(1), again.session("b")]).toEqual(["7", undefined, undefined]);
  });

  it("counts each session's share once, however often its row is written", () => {
    const one = store();
    one.save([row("a", { [key("x")]: 1 }), row("b", { [key("x")]: 1, [key("y")]: 1 })], new Map());
    one.save([row("a", { [key("x")]: 3, [key("z", 2, "matched")]: 1 })], new Map());
    one.save([row("a", { [key("x")]: 3, [key("z", 2, "matched")]: 1 })], new Map());
    expect(one.counts("chat")).toEqual([
      { version: 1, kind: "sent", state: "x", n: 4 },
      { version: 1, kind: "sent", state: "y", n: 1 },
      { version: 2, kind: "matched", state: "z", n: 1 },
    ]);
    expect(one.counts("other")).toEqual([]);
  });

  it("[P17] erasing a session takes its share of every count back, once", () => {
    const one = store();
    one.save([row("a", { [key("x")]: 2 }), row("b", { [key("x")]: 1 })], new Map());
    one.erase("a");
    one.erase("a");
    one.erase("unknown");
    expect([one.session("a"), one.counts("chat")]).toEqual([
      undefined,
      [{ version: 1, kind: "sent", state: "x", n: 1 }],
    ]);
    one.erase("b");
    expect(one.counts("chat")).toEqual([]);
  });

  it("writes rows, counts and cursors together or not at all", () => {
    const one = store();
    one.save([row("a", { [key("x")]: 1 })], new Map([[0, "1"]]));
    const broken = row("b", { [key("x")]: 1 }, { started: null as unknown as string });
    expect(() => one.save([row("a", { [key("x")]: 2 }), broken], new Map([[0, "2"]]))).toThrow("NOT NULL");
    expect([one.session("a")!.counts, one.counts("chat")[0]!.n, one.cursor(0)]).toEqual([{ [key("x")]: 1 }, 1, "1"]);
  });

  it("gives the newest sessions of a flow", () => {
    const one = store();
    const at = (sid: string, day: number, flow = "chat") => row(sid, {}, { last: `2026-01-0${day}`, flow });
    one.save([at("a", 2), at("b", 3), at("c", 1), at("d", 9, "other")], new Map());
    expect(one.sessions("chat", 2).map((session) => session.sid)).toEqual(["b", "a"]);
  });

  it("forgets everything when it is to be built anew", () => {
    const one = store();
    one.save([row("a", { [key("x")]: 1 })], new Map([[0, "1"]]));
    one.clear();
    expect([one.session("a"), one.counts("chat"), one.cursor(0)]).toEqual([undefined, [], undefined]);
  });

  it("throws away a file of another version and one that is no database", () => {
    store().save([row("a", {})], new Map([[0, "1"]]));
    open.splice(0)[0]!.close();
    const db = new Database(file());
    db.pragma("user_version = 1");
    db.close();
    expect(store().cursor(0)).toBeUndefined();
    open.splice(0)[0]!.close();
    writeFileSync(file(), "no database at all, but long enough to look at ".repeat(10));
    const again = store();
    again.save([row("a", {})], new Map([[0, "1"]]));
    expect([again.cursor(0), existsSync(file())]).toEqual(["1", true]);
  });
});

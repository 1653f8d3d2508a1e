import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import type { Part } from "./fold.js";
import { ConversationReader } from "./reading.js";
import { ProjectionStore } from "./store.js";

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
const part = (sid: string, counts: Record<string, number>, more: Partial<Part> = {}): Part => ({
  sid,
  n: 1,
  flow: "chat",
  version: 1,
  started: "2026-01-01T00:00:00.000Z",
  last: "2026-01-01T00:00:00.000Z",
  seq: 1,
  messages: 1,
  answers: 0,
  status: "waiting",
  waits: undefined,
  step: undefined,
  said: undefined,
  page: undefined,
  values: {},
  counts,
  texts: [],
  given: [],
  subject: undefined,
  handOffs: [],
  ...more,
});
const NONE = new Map<number, string>();
const reader = (of: ProjectionStore) => new ConversationReader(of);
const sent = (of: ProjectionStore, filter = {}) =>
  reader(of)
    .counts("chat", filter)
    .filter(({ kind }) => kind === "sent")
    .map(({ name, times, conversations }) => `${name} ${times} in ${conversations}`);

describe("ProjectionStore", () => {
  it("keeps conversations, words, answers, counts and cursors over a restart", async () => {
    const first = store();
    const said = { texts: [{ seq: 1, text: "hello there" }], given: [{ seq: 2, column: "q:a", text: "yes" }] };
    first.save(
      [part("a", { "sent x": 2 }, { ...said, status: "ended", values: { name: "Ada" } })],
      new Map([[0, "7"]]),
    );
    first.close();
    open.splice(0);
    const again = store();
    const [row] = await reader(again).list({ text: "hel" }, 10);
    expect(row).toMatchObject({ sid: "a", flow: "chat", status: "ended", values: { name: "Ada" } });
    expect(reader(again).answers([row!]).get(row!.no)).toEqual([{ col: "q:a", text: "yes" }]);
    expect(await reader(again).list({ text: "ada" }, 10)).toHaveLength(1);
    expect(sent(again)).toEqual(["x 2 in 1"]);
    expect([again.cursor(0), again.cursor(1), again.has("a"), again.has("b")]).toEqual(["7", undefined, true, false]);
  });

  it("counts each conversation's share once, however often it is written, by version and day", () => {
    const one = store();
    one.save([part("a", { "sent x": 1 }), part("b", { "sent x": 1, "sent y": 1 })], NONE);
    const later = { version: 2, started: "2026-01-02T05:30:00.000Z" };
    for (let i = 0; i < 2; i++) one.save([part("a", { "sent x": 3 }), part("c", { "sent x": 1 }, later)], NONE);
    expect(sent(one)).toEqual(["x 5 in 3", "y 1 in 1"]);
    expect(sent(one, { version: 1 })).toEqual(["x 4 in 2", "y 1 in 1"]);
    expect(sent(one, { from: "2026-01-02T00:00:00.000Z" })).toEqual(["x 1 in 1"]);
    expect(sent(one, { to: "2026-01-02T00:00:00.000Z" })).toEqual(["x 4 in 2", "y 1 in 1"]);
    expect(reader(one).counts("other", {})).toEqual([]);
  });

  it("writes each word and answer once, and the page's values as they are now", () => {
    const one = store();
    const texts = [{ seq: 1, text: "first" }];
    one.save([part("a", {}, { texts, values: { name: "Ada" } })], NONE);
    const more = { seq: 2, texts: [...texts, { seq: 2, text: "second" }], values: { name: "Grace" } };
    for (let i = 0; i < 2; i++) one.save([part("a", {}, more)], NONE);
    const texts2 = one.db.prepare("SELECT text FROM said ORDER BY rowid").pluck().all();
    expect(texts2).toEqual(["Grace", "first", "second"]);
  });

  it("[P17] erasing a session takes its words and its share of every count back, once", async () => {
    const one = store();
    const texts = [{ seq: 1, text: "secret" }];
    one.save(
      [part("a", { "sent x": 2 }, { texts }), part("a", { "sent x": 1 }, { n: 2 }), part("b", { "sent x": 1 })],
      NONE,
    );
    one.erase("a");
    one.erase("a");
    one.erase("unknown");
    expect([one.has("a"), sent(one), await reader(one).list({ text: "secret" }, 9)]).toEqual([false, ["x 1 in 1"], []]);
    one.erase("b");
    for (const table of ["count", "total", "said", "answer", "conversation", "hand_off"]) {
      expect(one.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
    }
  });

  it("[P17] leaves no word of an erased session in its files, in the full-text index neither", async () => {
    const one = store();
    const word = "qzxwvkjypbmfgdhcltsrnoaeiu";
    const words = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}${i}`).join(" ");
    const said = (text: string) => ({ texts: [{ seq: 1, text }] });
    one.save([part("a", {}, said(`I am ${word} indeed`))], NONE);
    // Segments merge, and the word is written again elsewhere.
    for (let i = 0; i < 200; i++) one.save([part(`b${i}`, {}, said(words(`qz${i}w`, 40)))], NONE);
    const stored = () =>
      readdirSync(folder.path)
        .map((name) => readFileSync(join(folder.path, name)).toString("latin1"))
        .join("");
    // A term stands in the index without what it shares with the one before it.
    const tail = word.slice(6);
    one.scrub();
    expect(stored().split(tail).length - 1).toBeGreaterThan(1);
    const reading = new Database(file(), { readonly: true });
    reading.exec("BEGIN; SELECT count(*) FROM conversation");
    reading.prepare("SELECT count(*) FROM conversation").get();
    one.erase("a");
    expect([one.scrub(), stored().includes(tail)]).toEqual([false, true]);
    reading.exec("COMMIT");
    reading.close();
    expect([one.scrub(), stored().includes(tail)]).toEqual([true, false]);
    expect(await reader(one).list({ text: "qz7w39" }, 10)).toHaveLength(1);
    one.db.exec("INSERT INTO said (said) VALUES ('integrity-check')");
  });

  it("writes rows, counts and cursors together or not at all", () => {
    const one = store();
    one.save([part("a", { "sent x": 1 })], new Map([[0, "1"]]));
    const broken = part("b", { "sent x": 1 }, { started: null as unknown as string });
    expect(() => one.save([part("a", { "sent x": 2 }), broken], new Map([[0, "2"]]))).toThrow("NOT NULL");
    expect([one.has("b"), sent(one), one.cursor(0)]).toEqual([false, ["x 1 in 1"], "1"]);
  });

  it("forgets everything when it is to be built anew", async () => {
    const one = store();
    one.save([part("a", { "sent x": 1 }, { texts: [{ seq: 1, text: "word" }] })], new Map([[0, "1"]]));
    one.clear();
    expect([one.has("a"), sent(one), one.cursor(0)]).toEqual([false, [], undefined]);
    expect(await reader(one).list({ text: "word" }, 9)).toEqual([]);
  });

  it("throws away a file of another version and one that is no database", () => {
    store().save([part("a", {})], new Map([[0, "1"]]));
    open.splice(0)[0]!.close();
    const db = new Database(file());
    db.pragma("user_version = 1");
    db.close();
    expect(store().cursor(0)).toBeUndefined();
    open.splice(0)[0]!.close();
    writeFileSync(file(), "no database at all, but long enough to look at ".repeat(10));
    const again = store();
    again.save([part("a", {})], new Map([[0, "1"]]));
    expect([again.cursor(0), existsSync(file())]).toEqual(["1", true]);
  });
});

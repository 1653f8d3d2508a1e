import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@parley/shared/flow/compile";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { type LogRecord, RECORD_VERSION } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import { replay } from "@parley/shared/session/replay";
import { STEPS } from "@parley/shared/session/step";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_PARTITIONS } from "../log/queued-log.js";
import { logSchema, openSqliteLog } from "../log/sqlite.js";
import { KEYS_SCHEMA, KeyFile } from "../sealing/key-file.js";
import { openDatabase, STUDIO_SCHEMA } from "../studio/database.js";
import { StudioStore } from "../studio/store.js";
import { text } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { newestOf, type Schema, stepForward } from "./step-forward.js";

let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.dispose());

/** From the first to the newest: whoever raises the number has to keep what it was. */
const upTo = (newest: number) => Array.from({ length: newest }, (_, i) => i + 1);

/** A small file of that number, made by the code of its time. */
function fixture(name: string): string {
  const url = new URL(`fixtures/${name}`, import.meta.url);
  if (existsSync(url)) return readFileSync(url, "utf8");
  throw new Error(`schema/fixtures/${name} is missing: whoever raises a number commits a small file of it.`);
}

/** A database of the folder as the fixture says. */
function made(name: string, number: number): string {
  const file = join(folder.path, `${name}.db`);
  const db = new Database(file);
  db.exec(fixture(`${name}-${number}.sql`));
  expect(db.pragma("user_version", { simple: true })).toBe(number);
  db.close();
  return file;
}

/** Names and definitions, without how their lines are broken. */
const schemaOf = (db: Database.Database) =>
  db
    .prepare<[], { name: string; sql: string | null }>("SELECT name, sql FROM sqlite_schema ORDER BY name")
    .all()
    .map(({ name, sql }) => [name, sql?.replace(/\s+/g, " ").replace(/\( /g, "(").replace(/ \)/g, ")")]);

function rowsOf(db: Database.Database): Map<string, unknown[]> {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  return new Map(tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()]));
}

const readOnly = <T>(file: string, read: (db: Database.Database) => T): T => {
  const db = new Database(file, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
};

describe("files of every number", () => {
  it.each(upTo(newestOf(STUDIO_SCHEMA)))(
    "studio.db %i is led to the newest schema, and keeps what it has",
    async (n) => {
      const file = made("studio", n);
      const before = readOnly(file, rowsOf);
      const db = openDatabase(file);
      const fresh = openDatabase(":memory:");
      expect(schemaOf(db)).toEqual(schemaOf(fresh));
      for (const [table, rows] of before) expect([table, rowsOf(db).get(table)]).toEqual([table, rows]);
      expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
      db.close();
      const copy = `${file}.schema-${n}`;
      const newest = newestOf(STUDIO_SCHEMA);
      expect(readdirSync(folder.path).filter((name) => name.includes("schema"))).toEqual(
        n < newest ? [`studio.db.schema-${n}`] : [],
      );
      if (n < newest) {
        expect(statSync(copy).mode & 0o777).toBe(0o600);
        expect(readOnly(copy, rowsOf)).toEqual(before);
        expect(readOnly(copy, (old) => old.pragma("user_version", { simple: true }))).toBe(n);
      }
      const store = new StudioStore(file, () => 0);
      const flow = store.flows.get("shop")!;
      expect(JSON.parse((await store.drafts.texts(store.drafts.current(flow.key))).json)).toHaveProperty("start");
      store.close();
    },
  );

  it.each(upTo(newestOf(logSchema(DEFAULT_PARTITIONS))))("log.db %i is read, and goes on", async (n) => {
    const file = made("log", n);
    const records = readOnly(file, (db) =>
      db.prepare<[], string>("SELECT data FROM record ORDER BY pos").pluck().all(),
    ).map((data) => JSON.parse(data) as LogRecord);
    expect(records.length).toBeGreaterThan(5);
    const { sid } = records[0]!;
    const log = await openSqliteLog({ file });
    expect(await log.read(sid)).toEqual(records);
    await log.append([text(sid, "next")]);
    expect((await log.read(sid)).length).toBe(records.length + 1);
    await log.close();
  });

  it.each(upTo(newestOf(KEYS_SCHEMA)))("session-keys.db %i gives its keys, and none that was dropped", (n) => {
    const [kept, dropped] = ["2".repeat(40), "3".repeat(40)];
    const keys = new KeyFile(made("keys", n));
    expect(keys.of([kept, dropped])).toEqual(
      new Map([
        [kept, Buffer.alloc(32, 7)],
        [dropped, undefined],
      ]),
    );
    keys.close();
  });
});

describe("records, rules and loaders of every number", () => {
  type Recording = { readonly step: number; readonly flow: unknown; readonly records: readonly LogRecord[] };
  const recorded = new URL("../../../flows/recorded/", import.meta.url);
  const recordings = readdirSync(recorded)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(new URL(name, recorded), "utf8")) as Recording);

  // How each was shown and answered is looked at in shared (recorded.test.ts).
  it.each(upTo(RECORD_VERSION))("records of format %i are in a recorded conversation, which is read", (v) => {
    const of = recordings.filter(({ records }) => records.some((record) => record.v === v));
    expect(of.length, `flows/recorded has no conversation of format ${v}: keep one`).toBeGreaterThan(0);
    for (const { records } of of) expect(conversation(records).after.stopped).toBe(undefined);
  });

  it.each(upTo(Math.max(...STEPS)))("rules %i step a recorded conversation to its end", (step) => {
    expect(STEPS).toContain(step);
    const of = recordings.filter((one) => one.step === step);
    expect(of.length, `flows/recorded has no conversation of rules ${step}: keep one`).toBeGreaterThan(0);
    for (const { records, flow } of of) expect(replay(records, () => compile(flow)).owed).toEqual([]);
  });

  // Each folder there is run by a browser (e2e/widget-load.spec.ts).
  it.each(upTo(Number(/\d+$/.exec(SUBPROTOCOL)![0])))("a loader of protocol %i is kept", (n) => {
    const loader = new URL(`../../../e2e/fixtures/widget-${n}/widget.js`, import.meta.url);
    expect(existsSync(loader), `e2e/fixtures/widget-${n} is missing: keep the loader and its conversation`).toBe(true);
  });
});

describe("stepping a file forward", () => {
  const schema = (...steps: string[]): Schema => ({ make: "CREATE TABLE a (n)", steps });
  const open = () => new Database(join(folder.path, "some.db"));

  it("leaves a newer file as it is, and says so", () => {
    const db = open();
    stepForward(db, schema("CREATE TABLE b (n)"));
    db.close();
    const before = readFileSync(join(folder.path, "some.db"));
    const again = open();
    expect(() => stepForward(again, schema())).toThrow("made by a newer Parley (its schema is 2, this one knows 1)");
    again.close();
    expect(readFileSync(join(folder.path, "some.db"))).toEqual(before);
    expect(readdirSync(folder.path)).toEqual(["some.db"]);
  });

  it("stops before the step that fails, and goes on from there", () => {
    const db = open();
    stepForward(db, schema());
    const steps = ["CREATE TABLE b (n)", "CREATE TABLE c (n); CREATE TABLE b (n)", "CREATE TABLE d (n)"];
    expect(() => stepForward(db, schema(...steps))).toThrow("table b already exists");
    expect([db.pragma("user_version", { simple: true }), [...rowsOf(db).keys()]]).toEqual([2, ["a", "b"]]);
    steps[1] = "CREATE TABLE c (n)";
    stepForward(db, schema(...steps));
    expect([...rowsOf(db).keys()]).toEqual(["a", "b", "c", "d"]);
    db.close();
    // The last copy stays.
    expect(readdirSync(folder.path).sort()).toEqual(["some.db", "some.db.schema-2"]);
  });
});

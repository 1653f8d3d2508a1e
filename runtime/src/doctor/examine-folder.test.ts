import { createHash } from "node:crypto";
import { chmodSync, cpSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runDoctor } from "../cli/log-commands.js";
import { choose, V1Client } from "../testing/clients.js";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";
import { examineFolder } from "./examine-folder.js";

const GIB = 1024 ** 3;
const whole = scratch();
const sound = join(whole.path, "data");
let folder: ReturnType<typeof scratch>;
let data: string;
/** What the doctor says of a folder whose server runs. */
let running: { said: string; code: number };

const doctor = async (env: Record<string, string>) => {
  let said = "";
  const stdout = (text: string) => {
    said += text;
  };
  const io = { ask: async () => "", cwd: whole.path, fetch, env, stdout };
  const code = await runDoctor([], io);
  return { said, code };
};

/** A folder of a server that was used, and killed. */
beforeAll(async () => {
  const server = await startServer({ dataDir: sound, args: ["--log-level", "warn"] });
  const guest = await V1Client.connect(`${server.wsUrl}chat/bot-assistant`);
  await guest.send(choose("lang", "go"), { id: "a" });
  await guest.seq(4);
  running = await doctor({ DATA_DIR: sound });
  await server.stop("SIGTERM");
});
afterAll(() => whole.dispose());
beforeEach(() => {
  folder = scratch();
  data = join(folder.path, "data");
  cpSync(sound, data, { recursive: true });
  for (const name of ["log.db", "studio.db", "projections.db", "lock.db", "workflow.json"])
    chmodSync(join(data, name), 0o600);
  chmodSync(data, 0o700);
});
afterEach(() => folder.dispose());

const look = (more: Partial<Parameters<typeof examineFolder>[1]> = {}) =>
  examineFolder(data, { sealed: false, now: Date.now(), minFree: GIB / 4, free: GIB, ...more });
const lines = (...args: Parameters<typeof look>) =>
  look(...args).findings.map(({ where, what, todo }) => `${where}: ${what}. ${todo}`);

function change(name: string, work: (db: Database.Database) => void): void {
  const db = new Database(join(data, name));
  work(db);
  db.close();
}

/** Writes over the middle of a file. */
function spoil(name: string): void {
  const path = join(data, name);
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4096, bytes.length);
  writeFileSync(path, bytes);
}

describe("a data folder", () => {
  it("in which nothing is wrong has no finding, while a server works in it and after", () => {
    expect(running.said).toMatch(/Held by +the server with process id \d+, serving\n/);
    expect(running.said).toMatch(/Found +nothing wrong\n/);
    expect(running.code).toBe(0);
    expect(look()).toEqual({ holder: undefined, findings: [] });
    expect(examineFolder(join(data, "none"), { sealed: false, now: 0, minFree: 0 })).toEqual({
      holder: undefined,
      findings: [],
    });
  });

  it("is not changed by being looked at", () => {
    const digest = (name: string) =>
      createHash("sha256")
        .update(readFileSync(join(data, name)))
        .digest("hex");
    const names = ["log.db", "studio.db", "projections.db", "workflow.json"];
    const before = names.map(digest);
    look();
    expect(names.map(digest)).toEqual(before);
  });

  it("is one line a finding for people, and a 1 for programs", async () => {
    writeFileSync(join(data, "log.db.suspect"), "SQLITE_IOERR_WRITE\n", { mode: 0o600 });
    const { said, code } = await doctor({ DATA_DIR: data });
    expect(code).toBe(1);
    expect(said).toMatch(
      /Found +1 wrong\nWrong +log\.db\.suspect: log\.db could not be written or read \(SQLITE_IOERR_WRITE\)\. Look/,
    );
  });

  type Case = readonly [what: string, spoils: () => void, finding: RegExp, more?: Parameters<typeof look>[0]];
  const cases: readonly Case[] = [
    ["a damaged log", () => spoil("log.db"), /^log\.db: it is damaged.*\. Put a backup/],
    ["a damaged file of the studio", () => spoil("studio.db"), /^studio\.db: it is damaged.*\. Put a backup/],
    ["damaged lists", () => spoil("projections.db"), /^projections\.db: it is damaged.*\. Stop the server, delete/],
    [
      "no database at all",
      () => writeFileSync(join(data, "studio.db"), "x".repeat(9_000)),
      /^studio\.db: it is damaged.*not a database/,
    ],
    ["a log cut short", () => truncateSync(join(data, "log.db"), 8_192), /^log\.db: it is damaged/],
    [
      "a newer log",
      () => change("log.db", (db) => db.pragma("user_version = 9")),
      /^log\.db: .*schema is 9, this one knows 1\)\. Start that version/,
    ],
    [
      "a newer file of the studio",
      () => change("studio.db", (db) => db.pragma("user_version = 99")),
      /^studio\.db: .*newer Parley/,
    ],
    ["a folder for everybody", () => chmodSync(data, 0o755), /^\.: others .*chmod 700/],
    ["a file for everybody", () => chmodSync(join(data, "log.db"), 0o644), /^log\.db: others .*chmod 600/],
    [
      "a record that is none",
      () => change("log.db", (db) => db.exec("UPDATE record SET data = 'x' WHERE pos = 2")),
      /^log\.db: record 2 cannot be read\. Put/,
    ],
    [
      "a record of another session",
      () =>
        change("log.db", (db) =>
          db.exec('UPDATE record SET data = replace(data, \'"sid":"\', \'"sid":"0\') WHERE pos = 2'),
        ),
      /^log\.db: record 2 is not of the session/,
    ],
    [
      "a record of a newer format",
      () =>
        change("log.db", (db) => db.exec("UPDATE record SET data = replace(data, '\"v\":1', '\"v\":7') WHERE pos = 2")),
      /^log\.db: record 2 has the format 7/,
    ],
    [
      "a record that is lost",
      () => change("log.db", (db) => db.exec("DELETE FROM record WHERE pos = 3")),
      /^log\.db: what stands before record 4 of the session/,
    ],
    [
      "a last record that is lost",
      () => change("log.db", (db) => db.exec("UPDATE session SET last = 1")),
      /^log\.db: the session [0-9a-f]{40} does not lead/,
    ],
    [
      "a version without its text",
      () => change("log.db", (db) => db.exec("DELETE FROM control WHERE pos = 1")),
      /^log\.db: a published version of the flow bot-assistant is not/,
    ],
    [
      "a missing text",
      () => change("studio.db", (db) => db.exec("DELETE FROM blob WHERE digest = (SELECT json FROM state LIMIT 1)")),
      /^studio\.db: the text [0-9a-f]{64} is missing, which a row of "state" names/,
    ],
    [
      "a changed text",
      () => change("studio.db", (db) => db.exec("UPDATE blob SET data = x'00'")),
      /^studio\.db: the text [0-9a-f]{64} is not what its digest says/,
    ],
    [
      "a row of nothing",
      () => change("studio.db", (db) => db.exec("PRAGMA foreign_keys = OFF; DELETE FROM flow")),
      /^studio\.db: a row of "state" is of a row of "flow"/,
    ],
    [
      "lists ahead of the log",
      () => change("projections.db", (db) => db.exec("UPDATE cursor SET cursor = '9999'")),
      /^projections\.db: it is ahead of the log/,
    ],
    [
      "a place ahead of the log",
      () => writeFileSync(join(data, "workflow.json"), '{"v":1,"places":[[0,"9999",[],[]]]}'),
      /^workflow\.json: it is ahead of the log/,
    ],
    ["keys that are missing", () => undefined, /^session-keys\.db: it is missing/, { sealed: true }],
    ["a full disk", () => undefined, /^\.: only 5 MiB are free/, { free: 5 * 1024 * 1024 }],
    ["a disk fuller than MIN_FREE", () => undefined, /^\.: only 1024 MiB are free/, { minFree: 2 * GIB }],
    ["what broke off", () => left("studio.db.123.tmp"), /^studio\.db\.123\.tmp: it was left behind .*Delete it/],
    [
      "a copy from before an upgrade",
      () => left("studio.db.schema-3"),
      /^studio\.db\.schema-3: it is studio\.db as it was before .* schema 3/,
    ],
    [
      "a write-ahead file that grows",
      () => grow("projections.db-wal"),
      /^projections\.db-wal: it has 65 MiB: another program/,
    ],
  ];
  for (const [what, spoils, finding, more] of cases) {
    it(`tells of ${what}`, () => {
      spoils();
      expect(lines(more)).toContainEqual(expect.stringMatching(finding));
    });
  }

  it("tells of pictures that are missing or changed", () => {
    change("studio.db", (db) => {
      db.exec(
        "INSERT INTO picture VALUES ('a.png', 1, 1, 1, NULL, 'x', 0, NULL), ('b.png', 1, 1, 1, NULL, 'x', 0, NULL)",
      );
      db.exec("INSERT INTO picture_data VALUES ('b.png', x'00')");
    });
    expect(lines()).toEqual([
      expect.stringContaining("the picture a.png is missing"),
      expect.stringContaining("the picture b.png is not what its name says"),
    ]);
  });

  function left(name: string): void {
    writeFileSync(join(data, name), "", { mode: 0o600 });
    utimesSync(join(data, name), 0, 0);
  }
  function grow(name: string): void {
    writeFileSync(join(data, name), "", { mode: 0o600 });
    truncateSync(join(data, name), 65 * 1024 * 1024);
  }
});

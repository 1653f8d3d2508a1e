import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CommitFaults } from "../testing/faults.js";
import { idsOf } from "../testing/log-readers.js";
import { ERASED, sidOf, text } from "../testing/records.js";
import { countRows } from "../testing/rows-given.js";
import { scratch } from "../testing/server.js";
import { eventLogContract, type Subject, type SubjectOptions } from "./event-log.contract.js";
import type { EventLog } from "./event-log.js";
import { leaveMark, readMark } from "./mark.js";
import { openSqliteLog, SCHEMA_VERSION } from "./sqlite.js";

const { workers } = vi.hoisted(() => ({ workers: [] as Worker[] }));
vi.mock("node:worker_threads", async (original) => {
  const real = await original<typeof import("node:worker_threads")>();
  class Watched extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      super(...args);
      workers.push(this);
    }
  }
  return { ...real, Worker: Watched };
});

const rows = countRows();

async function open({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject & { file: string }> {
  const folder = scratch();
  const file = join(folder.path, "log.db");
  const faults = new CommitFaults();
  const { beforeCommit, afterCommit } = faults;
  const start = (number = partitions) =>
    openSqliteLog({ ...options, file, partitions: number, beforeCommit, afterCommit });
  let log: EventLog = await start();
  return {
    log,
    file,
    faults,
    async reopen(changed) {
      await log.close();
      log = await start(changed?.partitions);
      return log;
    },
    stored: () => Buffer.concat(readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)))),
    rowsRead: rows,
    async dispose() {
      await log.close();
      folder.dispose();
    },
  };
}

eventLogContract("sqlite", { open });

describe("the sqlite log", () => {
  const cleanup: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of cleanup.splice(0).reverse()) await step();
  });
  const opened = async (options?: SubjectOptions) => {
    const subject = await open(options);
    cleanup.push(() => subject.dispose());
    return subject;
  };

  it("finds what it reads by an index, however large the file is", async () => {
    const prepared = new Set<string>();
    const { prepare } = Database.prototype;
    vi.spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database.Database, sql) {
      prepared.add(sql);
      return prepare.call(this, sql);
    });
    cleanup.push(() => vi.restoreAllMocks());
    const { file } = await opened();
    const db = new Database(file, { readonly: true });
    cleanup.push(() => db.close());
    const reads = [...prepared].filter((sql) => /^SELECT .* FROM (record|control|session)/.test(sql));
    expect(reads.length).toBeGreaterThanOrEqual(4);
    for (const sql of reads) {
      const parameters = sql.split("?").length - 1;
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...new Array<number>(parameters).fill(1));
      for (const { detail } of plan as { detail: string }[]) {
        expect(detail, sql).not.toMatch(/^SCAN|TEMP B-TREE/);
      }
    }
  });

  it("[P11] resolves nothing while another holds the database, and goes on by itself after", async () => {
    const { file, log } = await opened();
    await log.append([text(sidOf(0), "before")]);
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    const during = log.append([text(sidOf(0), "during")]);
    await expect(during).rejects.toMatchObject({ code: "not-stored" });
    expect(log.health().ok).toBe(false);
    other.exec("COMMIT");
    other.close();
    await log.append([text(sidOf(0), "after")]);
    expect(await idsOf(log, sidOf(0))).toEqual(["c.before", "c.after"]);
    expect(log.health().ok).toBe(true);
  });

  it("[P11] goes on when its writer's thread has ended, and says that it does not know what became of a commit", async () => {
    const { log, faults } = await opened();
    await log.append([text(sidOf(0), "1")]);
    const commit = faults.hold();
    const lost = log.append([text(sidOf(0), "2")]);
    await commit.reached;
    const ended = workers.at(-1)!.terminate();
    commit.release();
    await expect(lost).rejects.toMatchObject({ code: "unknown" });
    await ended;
    await log.append([text(sidOf(0), "2")]);
    expect(await idsOf(log, sidOf(0))).toEqual(["c.1", "c.2"]);
  });

  it("[P17] says so when another reader keeps the text of an erased session in the files, and erases it when asked again", async () => {
    const { file, log, stored } = await opened();
    await log.append([text(sidOf(0), "1", "the secret word")]);
    const other = new Database(file);
    other.exec("BEGIN");
    other.prepare("SELECT count(*) FROM record").get();
    await expect(log.erase(sidOf(0), ERASED)).rejects.toMatchObject({ name: "AppendError", code: "unknown" });
    expect(await log.read(sidOf(0))).toEqual([]);
    other.close();
    await log.erase(sidOf(0), ERASED);
    expect(stored().includes("secret word")).toBe(false);
  });

  it("[P12] a marked start reads all of the file: a sound one loses the mark, a damaged one is left as it is", async () => {
    const { file, log } = await opened();
    for (let n = 0; n < 40; n++) await log.append([text(sidOf(n), "1", "x".repeat(4_000))]);
    await log.close();
    const tell = vi.fn();
    const start = () => openSqliteLog({ file, partitions: 2, tell });
    leaveMark(file, "SQLITE_IOERR_WRITE");
    await (await start()).close();
    expect(readMark(file)).toBeUndefined();
    expect(tell).toHaveBeenCalledOnce();
    const bytes = readFileSync(file);
    const damaged = Buffer.from(bytes).fill(0xaa, bytes.length / 2, bytes.length / 2 + 4096);
    writeFileSync(file, damaged);
    await (await start()).close(); // It looks at the ends alone.
    leaveMark(file, "SQLITE_IOERR_WRITE");
    await expect(start()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining("backup") });
    expect(readFileSync(file).equals(damaged)).toBe(true);
    expect(readMark(file)).toBe("SQLITE_IOERR_WRITE");
  });

  it("[P12] a writer that finds the file damaged takes nothing, and no other is tried", async () => {
    const { file, log } = await opened({ probeEvery: 1 });
    for (let n = 0; n < 40; n++) await log.append([text(sidOf(n), "1", "x".repeat(4_000))]);
    const other = new Database(file);
    other.pragma("wal_checkpoint(TRUNCATE)");
    other.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xaa, bytes.length / 2, bytes.length / 2 + 4096));
    leaveMark(file, "SQLITE_CORRUPT");
    await workers.at(-1)!.terminate();
    const began = workers.length;
    for (let tries = 0; tries < 3; tries++) {
      const refused = expect(log.append([text(sidOf(0), "2")])).rejects;
      await refused.toMatchObject({ code: "not-stored", message: expect.stringContaining("is damaged") });
    }
    expect(workers.length).toBe(began + 1);
    expect(log.health()).toMatchObject({ ok: false, problem: expect.stringContaining("Stop the server") });
    expect(readMark(file)).toBe("SQLITE_CORRUPT");
  });

  it("refuses a newer format, what is no database, and a folder that is not there, each in a sentence", async () => {
    const { file, log } = await opened();
    await log.close();
    const refusal = (path: string) => openSqliteLog({ file: path, partitions: 2 }).catch((error: unknown) => error);
    const db = new Database(file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    expect(await refusal(file)).toMatchObject({ code: "newer-version", message: expect.stringContaining(file) });
    writeFileSync(file, "not a database, but a text of some length that is none".repeat(20));
    expect(await refusal(file)).toMatchObject({ code: "corrupt", message: expect.stringContaining("backup") });
    expect(await refusal(join(file, "log.db"))).toMatchObject({ code: "not-writable" });
  });
});

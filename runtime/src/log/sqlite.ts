import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { reason } from "../errors.js";
import { givesSpaceBack } from "../schema/space.js";
import { NewerSchemaError, newestOf, type Schema, stepForward } from "../schema/step-forward.js";
import { type EventLog, LogOpenError } from "./event-log.js";
import { codeOf, firstDamage, isSuspect, leaveMark, readMark, removeMark } from "./mark.js";
import { createQueuedLog, DEFAULT_PARTITIONS, type LogOptions } from "./queued-log.js";
import { sessionReader } from "./session-rows.js";
import type { Answer, Ask, Given } from "./sqlite-worker.js";
import { CommitError, type Heads, type Row, type SessionRow, type Store } from "./store.js";
import { workerUrl } from "./worker-url.js";

/**
 * A session's records are found from its last one, each of which names the one before it. An index of them would change
 * a page for nearly every session of a commit; numbered as they began, active sessions stand side by side instead.
 */
const MAKE = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE session (
    no INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, erased INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE record (pos INTEGER PRIMARY KEY, session INTEGER NOT NULL, prev INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE TABLE control (pos INTEGER PRIMARY KEY, data TEXT NOT NULL);
`;
/** Of a log with so many partitions. */
export const logSchema = (partitions: number): Schema => ({
  make(db) {
    db.exec(MAKE);
    db.prepare("INSERT INTO meta VALUES ('partitions', ?)").run(partitions);
  },
  steps: [],
});
export const SCHEMA_VERSION = newestOf(logSchema(DEFAULT_PARTITIONS));

export type SqliteOptions = LogOptions & {
  readonly file: string;
  readonly tell?: (sentence: string) => void;
  readonly onCommit?: (seconds: number) => void;
};

/** Of the writer's thread: what it is given is garbage after a commit, so a small young space is enough. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * The embedded event log: one SQLite file, one writer in a thread of its own, reads through a read-only connection.
 * A file that an I/O error has marked is read to its end first.
 * @param options `file`: made when it is not there; `partitions` of a new log; `tell`: of what takes long; `onCommit` is
 *   told what each commit took
 * @throws LogOpenError a newer version, another number of partitions, no database, damaged, not writable
 */
export async function openSqliteLog(options: SqliteOptions): Promise<EventLog> {
  const { file, tell, onCommit } = options;
  checkMarked(file, tell);
  const partitions = prepare(file, options.partitions ?? DEFAULT_PARTITIONS);
  const writer = new Writer(
    (suspect) =>
      new Worker(workerUrl("sqlite-worker", import.meta.url), {
        workerData: { file, suspect } satisfies Given,
        resourceLimits,
      }),
    onCommit,
  );
  try {
    const heads = await writer.ask({ kind: "heads" });
    const reader = new Database(file, { readonly: true });
    reader.pragma("busy_timeout = 1000");
    reader.pragma("cache_size = -2000"); // 2 MB: the system keeps the file's pages as well.
    return createQueuedLog(sqliteStore(file, writer, reader), heads, { ...options, partitions });
  } catch (cause) {
    await writer.ask({ kind: "close" }).catch(() => undefined);
    throw notWritable(file, cause);
  }
}

function notWritable(file: string, cause: unknown): LogOpenError {
  const message = `The log ${file} cannot be opened: ${reason(cause)}. Check the folder's rights and space.`;
  return new LogOpenError("not-writable", message, { cause });
}

function newer(file: string, { found, known }: NewerSchemaError): LogOpenError {
  const message = `The log ${file} was written by a newer Parley (its format is ${found}, this one reads ${known}). Start that version, or another data folder.`;
  return new LogOpenError("newer-version", message);
}

/** What SQLite says of a damaged file, as one sentence; undefined for any other failure. */
function damaged(file: string, cause: unknown): LogOpenError | undefined {
  if (!/CORRUPT|NOTADB/.test(codeOf(cause))) return undefined;
  return isDamaged(file, reason(cause), cause);
}

const isDamaged = (file: string, what: string, cause?: unknown): LogOpenError =>
  new LogOpenError("corrupt", `The log ${file} is damaged (${what}). Put a backup in its place.`, { cause });

/** Whether a file that an I/O error has marked is whole; nothing of it is changed. @throws LogOpenError `corrupt`, `not-writable` */
function checkMarked(file: string, tell: SqliteOptions["tell"]): void {
  const mark = readMark(file);
  if (mark === undefined) return;
  tell?.(`The log ${file} has met an error (${mark}) and is read to its end before anything is taken.`);
  let db: Database.Database | undefined;
  let damage: string | undefined;
  try {
    if (existsSync(file)) {
      db = new Database(file, { readonly: true });
      damage = firstDamage(db);
    }
  } catch (cause) {
    throw notWritable(file, cause);
  } finally {
    db?.close();
  }
  if (damage !== undefined) throw isDamaged(file, damage);
  removeMark(file);
}

/** Makes the schema, or checks it; the number of partitions. */
function prepare(file: string, wanted: number): number {
  let db: Database.Database | undefined;
  try {
    db = new Database(file);
    givesSpaceBack(db);
    db.pragma("journal_mode = WAL");
    stepForward(db, logSchema(wanted));
    const row = db.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'partitions'").get();
    // Damage at the end, where the writer will begin, is told as such.
    for (const stream of ["record", "control"]) db.prepare(`SELECT max(pos) FROM ${stream}`).get();
    const partitions = row?.value ?? wanted;
    if (partitions === wanted) return partitions;
    throw new LogOpenError(
      "partitions",
      `The log ${file} was made with ${partitions} partitions, not ${wanted}; another number would move running conversations. Set it back to ${partitions}.`,
    );
  } catch (cause) {
    if (cause instanceof LogOpenError) throw cause;
    if (cause instanceof NewerSchemaError) throw newer(file, cause);
    throw damaged(file, cause) ?? notWritable(file, cause);
  } finally {
    db?.close();
  }
}

type Waiting = { resolve: (answer: Heads) => void; reject: (error: CommitError) => void };

/** A thread that writes, and who waits for its answers. */
type Running = { readonly worker: Worker; readonly waiting: Waiting[] };

/**
 * Asks the worker; it answers in order. One that ended is started again by the next question; one that ended by an I/O
 * error, with the duty to prove the file before it takes anything; and none after one that found the file damaged.
 */
class Writer {
  #running: Running | undefined;
  #suspect = false;
  #damaged: string | undefined;

  constructor(
    private readonly start: (suspect: boolean) => Worker,
    private readonly onCommit: SqliteOptions["onCommit"],
  ) {}

  ask(ask: Ask): Promise<Heads> {
    if (this.#damaged !== undefined) return Promise.reject(new CommitError(this.#damaged, { certain: true }));
    this.#running ??= this.#begin();
    const { worker, waiting } = this.#running;
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(ask);
    });
  }

  #begin(): Running {
    const worker = this.start(this.#suspect);
    const running: Running = { worker, waiting: [] };
    const gone = () => {
      if (this.#running === running) this.#running = undefined;
    };
    worker.on("message", (answer: Answer) => {
      const { resolve, reject } = running.waiting.shift()!;
      if (answer.ok) {
        this.#suspect = false;
        if (answer.seconds !== undefined) this.onCommit?.(answer.seconds);
        return resolve(answer.heads);
      }
      if (answer.end !== undefined) gone();
      if (answer.end === "suspect") this.#suspect = true;
      if (answer.end === "damaged") this.#damaged = answer.message;
      reject(new CommitError(answer.message, { certain: answer.certain, heads: answer.heads }));
    });
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => {
      gone();
      const why = cause === undefined ? "" : `: ${reason(cause)}`;
      const error = new CommitError(`The log's writer has ended${why}.`, { certain: false, cause });
      for (const { reject } of running.waiting.splice(0)) reject(error);
    });
    return running;
  }
}

function sqliteStore(file: string, writer: Writer, reader: Database.Database): Store {
  const records = reader.prepare<[number, number, number], SessionRow>(
    "SELECT pos, sid, data FROM record JOIN session ON no = session WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const session = sessionReader(reader);
  const control = reader.prepare<[number, number, number], Row>(
    "SELECT pos, data FROM control WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const erased = reader.prepare<[string], { erased: number }>("SELECT erased FROM session WHERE sid = ?");
  const read = <R>(rows: () => R): R => {
    try {
      return rows();
    } catch (cause) {
      // Reading goes on where it can; the next start reads everything.
      if (isSuspect(cause)) leaveMark(file, codeOf(cause));
      throw damaged(file, cause) ?? cause;
    }
  };
  return {
    async commit(group) {
      await writer.ask({ kind: "commit", group });
    },
    heads: () => writer.ask({ kind: "heads" }),
    async probe() {
      await writer.ask({ kind: "probe" });
    },
    records: (after, upTo, limit) => read(() => records.all(after, upTo, limit)),
    session: (sid, after, upTo) => read(() => session(sid, after, upTo)),
    control: (after, upTo, limit) => read(() => control.all(after, upTo, limit)),
    erased: (sid) => read(() => erased.get(sid)?.erased === 1),
    async scrub() {
      await writer.ask({ kind: "scrub" });
    },
    async close() {
      reader.close();
      await writer.ask({ kind: "close" }).catch(() => undefined); // The file is as good without the last checkpoint.
    },
  };
}

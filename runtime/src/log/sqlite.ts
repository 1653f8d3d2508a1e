import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { reason } from "../errors.js";
import { type EventLog, LogOpenError } from "./event-log.js";
import { createQueuedLog, DEFAULT_PARTITIONS, type LogOptions } from "./queued-log.js";
import { sessionReader } from "./session-rows.js";
import type { Answer, Ask } from "./sqlite-worker.js";
import { CommitError, type Heads, type Row, type SessionRow, type Store } from "./store.js";
import { workerUrl } from "./worker-url.js";

export const SCHEMA_VERSION = 1;
/**
 * A session's records are found from its last one, each of which names the one before it. An index of them would change
 * a page for nearly every session of a commit; numbered as they began, active sessions stand side by side instead.
 */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE session (
    no INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, erased INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE record (pos INTEGER PRIMARY KEY, session INTEGER NOT NULL, prev INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE TABLE control (pos INTEGER PRIMARY KEY, data TEXT NOT NULL);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Of the writer's thread: what it is given is garbage after a commit, so a small young space is enough. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * The embedded event log: one SQLite file, one writer in a thread of its own, reads through a read-only connection.
 * @param options `file`: made when it is not there; `partitions` of a new log
 * @throws LogOpenError a newer version, another number of partitions, no database, not writable
 */
export async function openSqliteLog(options: LogOptions & { readonly file: string }): Promise<EventLog> {
  const { file } = options;
  const partitions = prepare(file, options.partitions ?? DEFAULT_PARTITIONS);
  const writer = new Writer(
    () => new Worker(workerUrl("sqlite-worker", import.meta.url), { workerData: { file }, resourceLimits }),
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

/** What SQLite says of a damaged file, as one sentence; undefined for any other failure. */
function damaged(file: string, cause: unknown): LogOpenError | undefined {
  if (!/CORRUPT|NOTADB/.test((cause as { code?: string }).code ?? "")) return undefined;
  const message = `The log ${file} is damaged (${reason(cause)}). Put a backup in its place.`;
  return new LogOpenError("corrupt", message, { cause });
}

/** Makes the schema, or checks it; the number of partitions. */
function prepare(file: string, wanted: number): number {
  let db: Database.Database | undefined;
  try {
    db = new Database(file);
    db.pragma("journal_mode = WAL");
    const version = db.pragma("user_version", { simple: true }) as number;
    if (version > SCHEMA_VERSION) {
      throw new LogOpenError(
        "newer-version",
        `The log ${file} was written by a newer Parley (its format is ${version}, this one reads ${SCHEMA_VERSION}). Start that version, or another data folder.`,
      );
    }
    if (version === 0) {
      db.transaction(() => {
        db!.exec(SCHEMA);
        db!.prepare("INSERT INTO meta VALUES ('partitions', ?)").run(wanted);
      })();
    }
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
    throw damaged(file, cause) ?? notWritable(file, cause);
  } finally {
    db?.close();
  }
}

type Waiting = { resolve: (answer: Heads) => void; reject: (error: CommitError) => void };

/** Asks the worker; it answers in order. One that ended is started again by the next question. */
class Writer {
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];

  constructor(private readonly start: () => Worker) {}

  ask(ask: Ask): Promise<Heads> {
    this.#worker ??= this.#begin();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      worker.postMessage(ask);
    });
  }

  #begin(): Worker {
    const worker = this.start();
    worker.on("message", (answer: Answer) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (answer.ok) resolve(answer.heads);
      else reject(new CommitError(answer.message, { certain: answer.certain, heads: answer.heads }));
    });
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => {
      this.#worker = undefined;
      const why = cause === undefined ? "" : `: ${reason(cause)}`;
      const error = new CommitError(`The log's writer has ended${why}.`, { certain: false, cause });
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
    return worker;
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

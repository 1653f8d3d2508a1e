import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { reason } from "../errors.js";
import { type EventLog, LogOpenError } from "./event-log.js";
import { createQueuedLog, DEFAULT_PARTITIONS, type LogOptions } from "./queued-log.js";
import type { Answer, Ask } from "./sqlite-worker.js";
import { CommitError, type Heads, type Row, type SessionRow, type Store } from "./store.js";
import { workerUrl } from "./worker-url.js";

export const SCHEMA_VERSION = 1;
/** Session numbers keep the index entries of active sessions side by side: a commit touches few pages. */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE session (no INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, erased INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE record (pos INTEGER PRIMARY KEY, session INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE INDEX record_session ON record (session, pos);
  CREATE TABLE control (pos INTEGER PRIMARY KEY, data TEXT NOT NULL);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * The embedded event log: one SQLite file, one writer in a thread of its own, reads through a read-only connection.
 * @param options `file`: made when it is not there; `partitions` of a new log
 * @throws LogOpenError a newer version, another number of partitions, no database, not writable
 */
export async function openSqliteLog(options: LogOptions & { readonly file: string }): Promise<EventLog> {
  const { file } = options;
  const partitions = prepare(file, options.partitions ?? DEFAULT_PARTITIONS);
  const writer = new Writer(new Worker(workerUrl("sqlite-worker", import.meta.url), { workerData: { file } }));
  const heads = await writer.ask({ kind: "heads" });
  const reader = new Database(file, { readonly: true });
  reader.pragma("busy_timeout = 1000");
  return createQueuedLog(sqliteStore(writer, reader), heads, { ...options, partitions });
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
    const partitions = row?.value ?? wanted;
    if (partitions === wanted) return partitions;
    throw new LogOpenError(
      "partitions",
      `The log ${file} was made with ${partitions} partitions, not ${wanted}; another number would move running conversations. Set it back to ${partitions}.`,
    );
  } catch (cause) {
    if (cause instanceof LogOpenError) throw cause;
    const code = (cause as { code?: string }).code ?? "";
    if (/CORRUPT|NOTADB/.test(code)) {
      throw new LogOpenError("corrupt", `The log ${file} is damaged (${reason(cause)}). Put a backup in its place.`, {
        cause,
      });
    }
    throw new LogOpenError(
      "not-writable",
      `The log ${file} cannot be opened: ${reason(cause)}. Check the folder's rights and space.`,
      { cause },
    );
  } finally {
    db?.close();
  }
}

/** Asks the worker; it answers in order. */
class Writer {
  readonly #waiting: { resolve: (answer: Heads) => void; reject: (error: CommitError) => void }[] = [];
  #dead: CommitError | undefined;

  constructor(private readonly worker: Worker) {
    worker.on("message", (answer: Answer) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (answer.ok) resolve(answer.heads);
      else reject(new CommitError(answer.message, { certain: answer.certain, heads: answer.heads }));
    });
    worker.on("error", (cause) => this.#end(cause));
    worker.on("exit", () => this.#end(undefined));
  }

  ask(ask: Ask): Promise<Heads> {
    if (this.#dead) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.worker.postMessage(ask);
    });
  }

  #end(cause: unknown): void {
    this.#dead ??= new CommitError(`The log's writer has ended${cause === undefined ? "" : `: ${reason(cause)}`}.`, {
      certain: false,
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#dead);
  }
}

function sqliteStore(writer: Writer, reader: Database.Database): Store {
  const records = reader.prepare<[number, number, number], SessionRow>(
    "SELECT pos, sid, data FROM record JOIN session ON no = session WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const session = reader.prepare<[string, number, number, number], Row>(
    "SELECT pos, data FROM record WHERE session = (SELECT no FROM session WHERE sid = ?) AND pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const control = reader.prepare<[number, number, number], Row>(
    "SELECT pos, data FROM control WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const erased = reader.prepare<[string], { erased: number }>("SELECT erased FROM session WHERE sid = ?");
  return {
    async commit(group) {
      await writer.ask({ kind: "commit", group });
    },
    heads: () => writer.ask({ kind: "heads" }),
    async probe() {
      await writer.ask({ kind: "probe" });
    },
    records: (after, upTo, limit) => records.all(after, upTo, limit),
    session: (sid, after, upTo, limit) => session.all(sid, after, upTo, limit),
    control: (after, upTo, limit) => control.all(after, upTo, limit),
    erased: (sid) => erased.get(sid)?.erased === 1,
    async scrub() {
      await writer.ask({ kind: "scrub" });
    },
    async close() {
      reader.close();
      await writer.ask({ kind: "close" }).catch(() => undefined); // The file is as good without the last checkpoint.
    },
  };
}

import { setTimeout as delay } from "node:timers/promises";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { reason } from "../errors.js";
import { type Cursor, LogOpenError, type Tail } from "./event-log.js";
import { partitionOf } from "./queued-log.js";
import type { LogReader } from "./reader.js";
import { sessionReader } from "./session-rows.js";
import { SCHEMA_VERSION } from "./sqlite.js";
import type { SessionRow } from "./store.js";

/** Records looked at in one go: a reader never holds the file's state for long, which would hold up the eraser. */
const CHUNK = 500;
/** Between two looks whether the server has appended something, in ms: another process is not told. */
const LOOK = 250;

/**
 * Reads the log's file of a server, also while that runs: the file lets many read beside the one who writes. Its places
 * are those of the server's own log.
 * @throws LogOpenError `not-writable` no such file, or none that this user may read; `newer-version`
 */
export function openSqliteReader(file: string): LogReader {
  const { db, partitions } = open(file);
  const rows = db.prepare<[number, number], SessionRow>(
    "SELECT pos, sid, data FROM record JOIN session ON no = session WHERE pos > ? ORDER BY pos LIMIT ?",
  );
  const last = db.prepare<[], { pos: number | null }>("SELECT max(pos) AS pos FROM record");
  const erased = db.prepare<[string], { erased: number }>("SELECT erased FROM session WHERE sid = ?");
  const session = sessionReader(db);
  const head = (): number => last.get()?.pos ?? 0;
  return {
    partitions,
    start: "0",
    async read(sid) {
      if (erased.get(sid)?.erased === 1) return [];
      return session(sid, 0, Number.MAX_SAFE_INTEGER).map(({ data }) => JSON.parse(data) as LogRecord);
    },
    async *subscribe(partition, after, { signal }): AsyncGenerator<Tail<LogRecord>> {
      let at = Number(after ?? 0);
      while (!signal.aborted) {
        const found = rows.all(at, CHUNK);
        at = found.at(-1)?.pos ?? at;
        const own = found.filter(({ sid }) => partitionOf(sid, partitions) === partition);
        // Those of other partitions too bring it nearer to the head, which is one for all.
        if (found.length > 0) yield { records: own.map(({ data }) => JSON.parse(data) as LogRecord), cursor: `${at}` };
        if (found.length < CHUNK) await delay(LOOK, undefined, { signal }).catch(() => undefined);
      }
    },
    head: async () => `${head()}`,
    reached: (a: Cursor, b: Cursor) => Number(a) <= Number(b),
    async close() {
      db.close();
    },
  };
}

function open(file: string): { db: Database.Database; partitions: number } {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    db.pragma("busy_timeout = 1000");
    const version = db.pragma("user_version", { simple: true }) as number;
    if (version > SCHEMA_VERSION) {
      const message = `The log ${file} was written by a newer Parley (its format is ${version}, this one reads ${SCHEMA_VERSION}). Read it with that version.`;
      throw new LogOpenError("newer-version", message);
    }
    const made = db.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'partitions'").get();
    if (made === undefined) throw new Error("it is no log");
    return { db, partitions: made.value };
  } catch (cause) {
    db?.close();
    if (cause instanceof LogOpenError) throw cause;
    const message = `The log ${file} cannot be read (${reason(cause)}). Name the data folder of a server that keeps its log in a file, as the user that it runs as.`;
    throw new LogOpenError("not-writable", message, { cause });
  }
}

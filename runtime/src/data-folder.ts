import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { reason } from "./errors.js";

/** What the process that holds a data folder does: serves, or lets its last visitors go. */
export type FolderState = "serving" | "draining";

/** Of the folder's `server.json`, for whoever finds the folder held. */
type Holder = { readonly pid: number; readonly state: FolderState; readonly since: string };

export type DataFolderOptions = {
  /** Milliseconds to wait for a holder that drains, at most. */
  readonly drainWaitMs: number;
  readonly now?: () => Date;
  /** Ends the waiting: the promise rejects with its reason. */
  readonly signal?: AbortSignal;
};

/** A data folder that this process alone holds. */
export interface DataFolder {
  readonly dir: string;
  /** Tells a process that waits for the folder what this one does. */
  setState(state: FolderState): void;
  /** Lets the folder go; more than once is once. The kernel does it for a process that is killed. */
  release(): void;
}

/** A data folder that cannot be used: one sentence that names it and what to do, and a stable code. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
  constructor(
    readonly code: "not-writable" | "in-use",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

const POLL_MS = 50;
/** Between taking the lock and writing who took it, a holder is not known by name: so long it is given, in ms. */
const NAMELESS_MS = 500;

/**
 * Makes the folder (mode 0700) if it is missing, checks that it can be written, and locks it for this process. A folder
 * whose holder drains is waited for.
 *
 * @throws DataFolderError `not-writable`, or `in-use` if its holder serves or does not let go in time
 */
export async function openDataFolder(dir: string, options: DataFolderOptions): Promise<DataFolder> {
  const { drainWaitMs, now = () => new Date(), signal } = options;
  prepare(dir);
  for (let waited = 0; ; waited += POLL_MS) {
    signal?.throwIfAborted();
    const unlock = tryLock(dir);
    if (unlock !== undefined) return hold(dir, unlock, now);
    const holder = readHolder(dir);
    const limit = holder === undefined ? Math.min(NAMELESS_MS, drainWaitMs) : drainWaitMs;
    if (holder?.state === "serving" || waited >= limit) throw inUse(dir, holder, waited);
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

function hold(dir: string, unlock: () => void, now: () => Date): DataFolder {
  let held = true;
  const setState = (state: FolderState) => {
    if (held)
      replaceFile(join(dir, "server.json"), JSON.stringify({ pid: process.pid, state, since: now().toISOString() }));
  };
  try {
    setState("serving");
  } catch (cause) {
    unlock();
    throw notWritable(dir, cause);
  }
  return {
    dir,
    setState,
    release() {
      if (!held) return;
      held = false;
      rmSync(join(dir, "server.json"), { force: true });
      unlock();
    },
  };
}

function prepare(dir: string): void {
  const probe = join(dir, `.write-check-${process.pid}`);
  try {
    makeFolder(dir);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw notWritable(dir, cause);
  }
}

/** Makes a folder, mode 0700, with the folders above it. Not by Node's own `recursive`, which never returns where a file system makes no folders. */
export function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (cause) {
    // Another process may have been first.
    if (!existsSync(dir)) throw cause;
  }
}

/**
 * Takes the folder's lock without waiting. Node has no `flock`; SQLite's exclusive lock on an empty database is a kernel
 * lock too, gone with its process. Nothing is written, and without a journal no stale file can be left.
 */
function tryLock(dir: string): (() => void) | undefined {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(dir, "lock.db"), { timeout: 0 });
    lock.pragma("journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock?.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith("SQLITE_BUSY")) return undefined;
    throw notWritable(dir, cause);
  }
  const held = lock;
  return () => {
    held.close();
  };
}

/** Who holds a data folder, in words, without taking it; undefined: nobody does. */
export function holderOf(dir: string): string | undefined {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(dir, "lock.db"), { readonly: true, fileMustExist: true, timeout: 0 });
    lock.prepare("SELECT count(*) FROM sqlite_schema").get();
    return undefined;
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError && cause.code.startsWith("SQLITE_BUSY"))) return undefined;
    const holder = readHolder(dir);
    return holder === undefined ? "another process" : `the server with process id ${holder.pid}, ${holder.state}`;
  } finally {
    lock?.close();
  }
}

function readHolder(dir: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(join(dir, "server.json"), "utf8")) as Partial<Holder> | null;
    const known = holder?.state === "serving" || holder?.state === "draining";
    return known && Number.isInteger(holder?.pid) ? (holder as Holder) : undefined;
  } catch {
    // Missing or cut short: the holder has not said yet who it is.
    return undefined;
  }
}

/** A reader sees the old content or the new one, never a part. */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}

function inUse(dir: string, holder: Holder | undefined, waited: number): DataFolderError {
  const who = holder === undefined ? "another process" : `the server with process id ${holder.pid}`;
  const what = holder?.state === "draining" ? `, which is stopping and did not let go within ${waited / 1000} s` : "";
  return new DataFolderError(
    "in-use",
    `The data folder ${dir} is in use by ${who}${what}: stop that one first, or choose another folder with DATA_DIR.`,
  );
}

function notWritable(dir: string, cause: unknown): DataFolderError {
  return new DataFolderError(
    "not-writable",
    `The data folder ${dir} cannot be written (${reason(cause)}): make it writable for this user, or choose another with DATA_DIR.`,
    { cause },
  );
}

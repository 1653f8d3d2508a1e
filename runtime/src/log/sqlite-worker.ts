import { parentPort, workerData } from "node:worker_threads";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { reached } from "../fault-points.js";
import { giveSpaceBack } from "../schema/space.js";
import { linksTo } from "./erased.js";
import { codeOf, firstDamage, isSuspect, leaveMark, readMark, removeMark } from "./mark.js";
import { Recent } from "./recent.js";
import type { Group, Heads } from "./store.js";

/** The one writer of a log's file. It commits what it is given, off the server's event loop. */
export type Ask =
  | { readonly kind: "commit"; readonly group: Group }
  | { readonly kind: "heads" | "probe" | "scrub" | "close" };
/**
 * `certain`: nothing of a failed commit is stored. `heads` is told where it could be asked.
 * `suspect`: the file is marked, and this writer has ended; the next one proves it first. `damaged`: it could not.
 */
export type Answer =
  | {
      readonly ok: true;
      readonly heads: Heads;
      /** Of a commit: what COMMIT took, the sync of the disk included. */
      readonly seconds?: number;
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly certain: boolean;
      readonly heads?: Heads;
      readonly end?: "suspect" | "damaged";
    };
/** `suspect`: an earlier writer has failed, and perhaps could not even leave the mark. */
export type Given = { readonly file: string; readonly suspect: boolean };

const port = parentPort!;
const { file, suspect } = workerData as Given;
const db = new Database(file);
db.pragma("journal_mode = WAL");
// P2: this connection's own setting, read back: the build's default for WAL would lose commits at a power loss.
db.pragma("synchronous = FULL");
if (db.pragma("synchronous", { simple: true }) !== 2) throw new Error("SQLite does not take synchronous = FULL");
db.pragma("secure_delete = ON");
const BUSY_TIMEOUT = 1_000;
db.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
// 4 MB: pages that lately changed are in the write-ahead log and in the system's cache as well.
db.pragma("cache_size = -4000");
db.pragma("wal_autocheckpoint = 2000");
db.pragma("journal_size_limit = 67108864");

const addSession = db.prepare("INSERT OR IGNORE INTO session (sid) VALUES (?)");
const findSession = db.prepare<[string], Session>("SELECT no, last FROM session WHERE sid = ?");
const setLast = db.prepare("UPDATE session SET last = ? WHERE no = ?");
const addRecord = db.prepare("INSERT INTO record (pos, session, prev, data) VALUES (?, ?, ?, ?)");
const addControl = db.prepare("INSERT INTO control (pos, data) VALUES (?, ?)");
const markErased = db.prepare("UPDATE session SET erased = 1 WHERE no = ?");
const prevOf = db.prepare<[number], { prev: number }>("SELECT prev FROM record WHERE pos = ?");
const deleteRecord = db.prepare("DELETE FROM record WHERE pos = ?");
const makeFirst = db.prepare("UPDATE record SET prev = 0 WHERE pos = ?");
const setPrev = db.prepare("UPDATE record SET prev = ? WHERE pos = ?");
const recordAt = db.prepare<[number], { prev: number; data: string }>("SELECT prev, data FROM record WHERE pos = ?");
const deleteSession = db.prepare("DELETE FROM session WHERE no = ?");
const recordHead = db.prepare<[], { pos: number | null }>("SELECT max(pos) AS pos FROM record");
const controlHead = db.prepare<[], { pos: number | null }>("SELECT max(pos) AS pos FROM control");

/** `last`: the place of its last record, 0 before the first. */
type Session = { readonly no: number; last: number };

/** Sessions that were written to lately. Changed before a commit, so cleared when one fails. */
const sessions = new Recent<Session>(50_000);

function sessionOf(sid: string): Session {
  const known = sessions.get(sid);
  if (known !== undefined) return known;
  addSession.run(sid);
  const session = findSession.get(sid)!;
  sessions.set(sid, session);
  return session;
}

function add(group: Group): void {
  const grown = new Set<Session>();
  for (let i = 0; i < group.sids.length; i++) {
    const session = sessionOf(group.sids[i]!);
    const pos = group.first + i;
    addRecord.run(pos, session.no, session.last, group.data[i]!);
    session.last = pos;
    grown.add(session);
  }
  for (const { no, last } of grown) setLast.run(last, no);
}

/** Deletes what stands before the record at `pos`, which begins its session from now on. */
function deleteBefore(pos: number): void {
  let before = prevOf.get(pos)?.prev ?? 0;
  makeFirst.run(pos);
  while (before > 0) {
    const next = prevOf.get(before)?.prev ?? 0;
    deleteRecord.run(before);
    before = next;
  }
}

/** Deletes each `Link` to a session; a person of whom nothing else is known leaves no name either. */
function deleteLinks(person: string, sid: string): void {
  const session = findSession.get(person);
  if (session === undefined) return;
  const kept: number[] = [];
  for (let pos = session.last; pos > 0; ) {
    const { prev, data } = recordAt.get(pos)!;
    if (linksTo(JSON.parse(data) as LogRecord, sid)) deleteRecord.run(pos);
    else kept.push(pos);
    pos = prev;
  }
  for (const [i, pos] of kept.entries()) setPrev.run(kept[i + 1] ?? 0, pos);
  if (kept.length > 0) setLast.run(kept[0], session.no);
  else deleteSession.run(session.no);
  sessions.delete(person);
}

const version = db.pragma("user_version", { simple: true }) as number;
let proven = !suspect && readMark(file) === undefined;

/** Writes what is there already, all the way to the disk. */
const writeThrough = (): unknown => db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; COMMIT`);

/** After an I/O error nothing is taken before this connection has written and the whole file was found sound. */
function prove(): Answer | undefined {
  if (proven) return undefined;
  try {
    // While nothing can be written there is no need to read everything. Into a file that said it is damaged nothing is.
    const mark = readMark(file);
    if (mark === undefined || /^(SQLITE_IOERR|$)/.test(mark)) writeThrough();
    const damage = firstDamage(db);
    if (damage !== undefined) {
      const message = `The log ${file} is damaged (${damage}). Stop the server and put a backup in its place.`;
      return { ok: false, message, certain: true, end: "damaged" };
    }
    removeMark(file);
    proven = true;
    return undefined;
  } catch (error) {
    return failed(error, true);
  }
}

const heads = (): Heads => ({ records: recordHead.get()?.pos ?? 0, control: controlHead.get()?.pos ?? 0 });

function commit(group: Group): Answer {
  let committing = false;
  try {
    db.exec("BEGIN IMMEDIATE");
    add(group);
    for (let i = 0; i < group.control.length; i++) addControl.run(group.controlFirst + i, group.control[i]!);
    for (const { sid, pos, person } of group.erased) {
      markErased.run(sessionOf(sid).no);
      deleteBefore(pos);
      if (person !== undefined) deleteLinks(person, sid);
    }
    committing = true;
    reached("before commit");
    const began = performance.now();
    db.exec("COMMIT");
    const seconds = (performance.now() - began) / 1000;
    reached("after commit");
    return { ok: true, heads: { records: 0, control: 0 }, seconds };
  } catch (error) {
    return failed(error, !committing);
  }
}

function failed(error: unknown, certain: boolean): Answer {
  sessions.clear();
  const message = `The log cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  if (isSuspect(error)) {
    // What this connection believes of the file may be wrong: nobody is told where it stands.
    leaveMark(file, codeOf(error));
    return { ok: false, message, certain, end: "suspect" };
  }
  try {
    if (db.inTransaction) db.exec("ROLLBACK");
    return { ok: false, message, certain, ...(proven && { heads: heads() }) };
  } catch {
    return { ok: false, message, certain }; // Where it stands is asked again before the next commit.
  }
}

/** Free pages that go back to the disk with each erasing: more than it frees, and few enough to wait for. */
const SHRINK = 256;

/** Moves everything to the database file and empties the write-ahead log, which a reader elsewhere may hold up. */
function checkpoint(must: boolean): void {
  // Not waited for: it is asked for again, and visitors are answered meanwhile.
  db.pragma("busy_timeout = 0");
  let done: { busy: number } | undefined;
  try {
    [done] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  } finally {
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
  }
  if (must && done?.busy !== 0) throw new Error("another program reads the log's file.");
}

function answer(ask: Ask): Answer {
  if (ask.kind === "commit") return commit(ask.group);
  try {
    if (ask.kind === "probe") writeThrough();
    if (ask.kind === "scrub") giveSpaceBack(db, SHRINK);
    if (ask.kind === "scrub" || ask.kind === "close") checkpoint(ask.kind === "scrub");
    const now = heads();
    if (ask.kind === "close") db.close();
    return { ok: true, heads: now };
  } catch (error) {
    return failed(error, true);
  }
}

port.on("message", (ask: Ask) => {
  const told = (ask.kind === "close" ? undefined : prove()) ?? answer(ask);
  const ends = ask.kind === "close" || (!told.ok && told.end !== undefined);
  if (ends && db.open) db.close();
  port.postMessage(told);
  if (ends) port.close();
});

import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { Recent } from "./recent.js";
import type { Group, Heads } from "./store.js";

/** The one writer of a log's file. It commits what it is given, off the server's event loop. */
export type Ask =
  | { readonly kind: "commit"; readonly group: Group }
  | { readonly kind: "heads" | "probe" | "scrub" | "close" };
/** `certain`: nothing of a failed commit is stored. `heads` is told where it could be asked. */
export type Answer =
  | { readonly ok: true; readonly heads: Heads }
  | { readonly ok: false; readonly message: string; readonly certain: boolean; readonly heads?: Heads };

const port = parentPort!;
const db = new Database((workerData as { file: string }).file);
db.pragma("journal_mode = WAL");
// P2: this connection's own setting, read back: the build's default for WAL would lose commits at a power loss.
db.pragma("synchronous = FULL");
if (db.pragma("synchronous", { simple: true }) !== 2) throw new Error("SQLite does not take synchronous = FULL");
db.pragma("secure_delete = ON");
db.pragma("busy_timeout = 1000");
db.pragma("wal_autocheckpoint = 2000");
db.pragma("journal_size_limit = 67108864");

const addSession = db.prepare("INSERT OR IGNORE INTO session (sid) VALUES (?)");
const sessionNo = db.prepare<[string], { no: number }>("SELECT no FROM session WHERE sid = ?");
const addRecord = db.prepare("INSERT INTO record (pos, session, data) VALUES (?, ?, ?)");
const addControl = db.prepare("INSERT INTO control (pos, data) VALUES (?, ?)");
const markErased = db.prepare("UPDATE session SET erased = 1 WHERE no = ?");
const deleteBefore = db.prepare("DELETE FROM record WHERE session = ? AND pos < ?");
const recordHead = db.prepare<[], { pos: number | null }>("SELECT max(pos) AS pos FROM record");
const controlHead = db.prepare<[], { pos: number | null }>("SELECT max(pos) AS pos FROM control");

/** Numbers of sessions that were written to lately. Filled before a commit, so cleared when one fails. */
const numbers = new Recent<number>(50_000);

function numberOf(sid: string): number {
  const known = numbers.get(sid);
  if (known !== undefined) return known;
  addSession.run(sid);
  const { no } = sessionNo.get(sid)!;
  numbers.set(sid, no);
  return no;
}

const heads = (): Heads => ({ records: recordHead.get()?.pos ?? 0, control: controlHead.get()?.pos ?? 0 });

function commit(group: Group): Answer {
  let committing = false;
  try {
    db.exec("BEGIN IMMEDIATE");
    for (let i = 0; i < group.sids.length; i++)
      addRecord.run(group.first + i, numberOf(group.sids[i]!), group.data[i]!);
    for (let i = 0; i < group.control.length; i++) addControl.run(group.controlFirst + i, group.control[i]!);
    for (const { sid, pos } of group.erased) {
      markErased.run(numberOf(sid));
      deleteBefore.run(numberOf(sid), pos);
    }
    committing = true;
    db.exec("COMMIT");
    return { ok: true, heads: { records: 0, control: 0 } };
  } catch (error) {
    return failed(error, !committing);
  }
}

function failed(error: unknown, certain: boolean): Answer {
  numbers.clear();
  const message = `The log cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  try {
    if (db.inTransaction) db.exec("ROLLBACK");
    return { ok: false, message, certain, heads: heads() };
  } catch {
    return { ok: false, message, certain }; // Where it stands is asked again before the next commit.
  }
}

function answer(ask: Ask): Answer {
  if (ask.kind === "commit") return commit(ask.group);
  try {
    if (ask.kind === "probe") db.exec("BEGIN IMMEDIATE; COMMIT");
    if (ask.kind === "scrub" || ask.kind === "close") db.pragma("wal_checkpoint(TRUNCATE)");
    const now = heads();
    if (ask.kind === "close") db.close();
    return { ok: true, heads: now };
  } catch (error) {
    return failed(error, true);
  }
}

port.on("message", (ask: Ask) => {
  port.postMessage(answer(ask));
  if (ask.kind === "close") port.close();
});

import { type ControlRecord, type LogRecord, RECORD_VERSION } from "@parley/shared/record";
import type Database from "better-sqlite3";
import { sha256 } from "../registry/registry.js";
import { type Finding, FROM_BACKUP } from "./finding.js";

/** Rows read in one go. */
const PAGE = 1_000;
/** Of one kind so many are told. */
const TOLD = 5;
const WHERE = "log.db";
const SID = /^[0-9a-f]{40}$/;

type Row = { readonly pos: number; readonly session: number; readonly prev: number; readonly data: string };
type Session = { readonly no: number; readonly sid: string; readonly last: number };

/** Reads every record: each can be read and is its session's, and each session leads from its last to its first. */
export function examineRecords(db: Database.Database): Finding[] {
  const findings: Finding[] = [];
  const tell = (what: string, todo = FROM_BACKUP) =>
    findings.length < TOLD && findings.push({ where: WHERE, what, todo });
  // What comes meanwhile is not looked at.
  const head = db.prepare<[], number | null>("SELECT max(pos) FROM record").pluck().get() ?? 0;
  const rows = db.prepare<[number, number, number], Row>(
    "SELECT pos, session, prev, data FROM record WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  );
  const session = db.prepare<[number], Session>("SELECT no, sid, last FROM session WHERE no = ?");
  const lasts = new Map<number, number>();
  for (let at = 0; ; ) {
    const page = rows.all(at, head, PAGE);
    for (const row of page) {
      const sid = session.get(row.session)?.sid;
      const what = sid === undefined ? "is of a session that is not there" : unreadable(row.data, sid);
      if (what !== undefined) tell(`record ${row.pos} ${what}`);
      else if (row.prev !== (lasts.get(row.session) ?? 0) && !erasedMeanwhile(db, row)) {
        tell(`what stands before record ${row.pos} of the session ${sid} is lost`);
      }
      lasts.set(row.session, row.pos);
    }
    at = page.at(-1)?.pos ?? head;
    if (page.length < PAGE) break;
  }
  for (const [no, last] of lasts) {
    const now = session.get(no);
    if (now && now.last < last) tell(`the session ${now.sid} does not lead to its last record ${last}`);
    if (now && now.last > last && now.last <= head)
      tell(`the last record ${now.last} of the session ${now.sid} is lost`);
  }
  return findings;
}

/** An erasing beside takes records away: then the row is another now. */
function erasedMeanwhile(db: Database.Database, { pos, prev }: Row): boolean {
  const now = db.prepare<[number], number>("SELECT prev FROM record WHERE pos = ?").pluck().get(pos);
  return now !== prev;
}

function unreadable(data: string, sid: string): string | undefined {
  let record: Partial<LogRecord>;
  try {
    record = JSON.parse(data) as Partial<LogRecord>;
  } catch {
    return "cannot be read";
  }
  if (!SID.test(sid) || record.sid !== sid) return "is not of the session that it stands in";
  if (typeof record.id !== "string" || Number.isNaN(Date.parse(`${record.timestamp}`))) return "lacks its id or time";
  if (typeof record.v !== "number") return "lacks the number of its format";
  return record.v > RECORD_VERSION ? `has the format ${record.v} of a newer Parley` : undefined;
}

/** Looks whether each published version has its text, by its digest. */
export function examineVersions(db: Database.Database): Finding[] {
  const findings: Finding[] = [];
  const rows = db.prepare<[number, number], { pos: number; data: string }>(
    "SELECT pos, data FROM control WHERE pos > ? ORDER BY pos LIMIT ?",
  );
  const parts = new Map<string, string[]>();
  const whole = new Set<string>();
  for (let at = 0; ; ) {
    const page = rows.all(at, PAGE);
    for (const { pos, data } of page) {
      const message = messageOf(data);
      if (message?.kind === "Part") {
        const all = parts.get(message.digest) ?? [];
        all[message.n] = message.data;
        parts.set(message.digest, all);
      } else if (message?.kind === "Published" && !whole.has(message.digest)) {
        const { digest } = message;
        const text = Buffer.concat((parts.get(digest) ?? []).map((part) => Buffer.from(part ?? "", "base64")));
        parts.delete(digest);
        whole.add(digest);
        if (sha256(text) === digest) continue;
        const what = `a published version of the flow ${message.flow} is not what its digest says`;
        findings.push({ where: WHERE, what, todo: FROM_BACKUP });
      } else if (message === undefined) {
        findings.push({ where: WHERE, what: `record ${pos} of what is published cannot be read`, todo: FROM_BACKUP });
      }
    }
    if (page.length < PAGE) return findings.slice(0, TOLD);
    at = page.at(-1)!.pos;
  }
}

function messageOf(data: string): ControlRecord["payload"]["message"] | undefined {
  try {
    return (JSON.parse(data) as ControlRecord).payload.message;
  } catch {
    return undefined;
  }
}

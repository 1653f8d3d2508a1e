import { isErased, type LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { reason } from "../../errors.js";
import { LogOpenError } from "../event-log.js";
import { type ReadSession, sessionReader } from "../session-rows.js";
import type { Row } from "../store.js";
import type { Place } from "./cursor.js";

const FORMAT = 1;
/** Places of a partition stand together in the file: as many as there can be of them. */
const SPAN = 2 ** 44;
/** Rows taken out at once, so that nobody waits for a trimmed partition. */
const TRIMMED = 2_000;
const SCHEMA = `
  CREATE TABLE place (partition INTEGER PRIMARY KEY, count INTEGER NOT NULL, id TEXT NOT NULL, base INTEGER NOT NULL);
  CREATE TABLE session (
    no INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, erased INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE record (pos INTEGER PRIMARY KEY, session INTEGER NOT NULL, prev INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE TABLE link (target TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (target, pos)) WITHOUT ROWID;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${FORMAT};
`;

/** A record of a topic as it was read: without `record` it is none of ours. */
export type Taken<R> = {
  readonly count: number;
  readonly id: string;
  readonly record: R | undefined;
  readonly text: string;
};
/** Where a partition was read up to, and where what is left of it begins. */
export type Kept = Place & { readonly base: number };
/** What became of records: which do not count, by their places, and which links went with a session that ended. */
export type Added = {
  readonly void: ReadonlySet<number>;
  readonly links: readonly { readonly partition: number; readonly count: number }[];
};

/**
 * What a process has read of the topics, in a file of its data folder: Fluvio cannot read one session. Each change and
 * the place up to which the topic was read are one transaction. It can be thrown away: the topic is read again.
 */
export class IndexFile {
  readonly #db: Database.Database;
  readonly #session: ReadSession;
  readonly #statements: ReturnType<typeof statements>;

  /**
   * @param file made where it is not there; ":memory:" for one of this process
   * @param log the topic's name: what was read of another is forgotten
   * @throws LogOpenError `not-writable`, `newer-version`
   */
  constructor(file: string, log: string) {
    try {
      this.#db = new Database(file);
      this.#db.pragma("journal_mode = WAL");
      // What a power loss takes is read again; what is there is whole.
      this.#db.pragma("synchronous = NORMAL");
      this.#db.pragma("secure_delete = ON");
      this.#db.pragma("busy_timeout = 1000");
      this.#db.pragma("wal_autocheckpoint = 2000");
      this.#prepare(log);
    } catch (cause) {
      if (cause instanceof LogOpenError) throw cause;
      const message = `The index ${file} cannot be opened (${reason(cause)}): check the folder's rights and space, or delete the file, which is built anew.`;
      throw new LogOpenError("not-writable", message, { cause });
    }
    this.#session = sessionReader(this.#db);
    this.#statements = statements(this.#db);
  }

  #prepare(log: string): void {
    const version = this.#db.pragma("user_version", { simple: true }) as number;
    if (version > FORMAT) {
      const message = `The index ${this.#db.name} was written by a newer Parley (its format is ${version}, this one reads ${FORMAT}). Delete it: it is built anew.`;
      throw new LogOpenError("newer-version", message);
    }
    if (version === 0) this.#db.exec(SCHEMA);
    const known = this.#db.prepare<[], { value: string }>("SELECT value FROM meta WHERE name = 'log'").get()?.value;
    if (known === log) return;
    for (const table of ["place", "session", "record", "link", "meta"]) this.#db.exec(`DELETE FROM ${table}`);
    this.#db.prepare("INSERT INTO meta VALUES ('log', ?)").run(log);
  }

  kept(partition: number): Kept {
    return this.#statements.place.get(partition) ?? { count: 0, id: "", base: 0 };
  }

  /** Takes up what was read of conversations, and how far. */
  addRecords(partition: number, taken: readonly Taken<LogRecord>[]): Added {
    const added = { void: new Set<number>(), links: [] as Added["links"][number][] };
    this.#db.transaction(() => {
      for (const one of taken) {
        if (one.record === undefined || !this.#add(partition, one.count, one.record, one.text, added.links))
          added.void.add(one.count);
      }
      this.#moved(partition, taken.at(-1)!);
    })();
    return added;
  }

  /** The same of published versions. */
  addControl(partition: number, taken: readonly Taken<unknown>[]): Added {
    const added = { void: new Set<number>(), links: [] };
    this.#db.transaction(() => {
      for (const { count, record, text } of taken) {
        if (record === undefined) added.void.add(count);
        else this.#statements.addRecord.run(at(partition, count), 0, 0, text);
      }
      this.#moved(partition, taken.at(-1)!);
    })();
    return added;
  }

  /** Whether the record counts: not where its session is erased, or the one that it links to. */
  #add(partition: number, count: number, record: LogRecord, text: string, links: Added["links"][number][]): boolean {
    const { findSession, addSession, markErased, setLast, addRecord, addLink } = this.#statements;
    let session = findSession.get(record.sid);
    if (session?.erased === 1) return false;
    const to = linkOf(record);
    if (to !== undefined && this.erased(to)) return false;
    if (session === undefined) {
      addSession.run(record.sid);
      session = findSession.get(record.sid)!;
    }
    const pos = at(partition, count);
    let prev = session.last;
    if (isErased(record)) {
      this.#deleteSession(session);
      links.push(...this.#deleteLinks(record.sid));
      markErased.run(session.no);
      prev = 0;
    }
    addRecord.run(pos, session.no, prev, text);
    setLast.run(pos, session.no);
    if (to !== undefined) addLink.run(to, pos);
    return true;
  }

  #deleteSession({ last }: { readonly last: number }): void {
    for (let pos = last; pos > 0; ) {
      const row = this.#statements.recordAt.get(pos);
      this.#statements.deleteRecord.run(pos);
      pos = row?.prev ?? 0;
    }
  }

  /** Deletes every link to a session, whoever's; a person of whom nothing else is known leaves no name either. */
  #deleteLinks(target: string): Added["links"] {
    const { linksTo, deleteLinks, recordAt, deleteRecord, sessionOf, setLast, setPrev, removeSession } =
      this.#statements;
    const gone = linksTo.all(target).map(({ pos }) => pos);
    for (const pos of gone) {
      const row = recordAt.get(pos);
      const session = row && sessionOf.get(row.session);
      if (row === undefined || session === undefined) continue;
      let behind = session.last === pos ? 0 : session.last;
      while (behind > pos) {
        const before: number = recordAt.get(behind)?.prev ?? 0;
        if (before <= pos) break;
        behind = before;
      }
      if (behind > 0) setPrev.run(row.prev, behind);
      else if (recordAt.get(row.prev) === undefined) removeSession.run(session.no);
      else setLast.run(row.prev, session.no);
      deleteRecord.run(pos);
    }
    deleteLinks.run(target);
    return gone.map((pos) => ({ partition: Math.floor(pos / SPAN), count: pos % SPAN }));
  }

  #moved(partition: number, { count, id }: Place): void {
    this.#statements.setPlace.run(partition, count, id, 0);
  }

  /** Nothing before `base` is there any more: the partition is read from there, or was read further already. */
  begins(partition: number, base: number): void {
    const { count, id } = this.kept(partition);
    const place = base > count ? { count: base, id: "" } : { count, id };
    this.#statements.setPlace.run(partition, place.count, place.id, base);
  }

  /** Takes out some of what stands before the partition's base. @returns whether there may be more */
  trim(partition: number): boolean {
    const { base } = this.kept(partition);
    const { before, deleteBetween, deleteEnded, deleteLinksBetween } = this.#statements;
    const rows = before.all(at(partition, 0), at(partition, base), TRIMMED);
    const last = rows.at(-1)?.pos;
    if (last === undefined) return false;
    this.#db.transaction(() => {
      const first = rows[0]!.pos;
      // Sessions of which nothing is left; that one is erased is known for ever.
      for (const no of new Set(rows.map(({ session }) => session))) deleteEnded.run(no, at(partition, base));
      deleteLinksBetween.run(first, last);
      deleteBetween.run(first, last);
    })();
    return rows.length === TRIMMED;
  }

  /** Forgets a partition, which was made anew. */
  forget(partition: number): void {
    const [from, to] = [at(partition, 0), at(partition + 1, 0) - 1];
    this.#db.transaction(() => {
      this.#statements.deletePlace.run(partition);
      this.#statements.deleteSessionsBetween.run(from, to);
      this.#statements.deleteLinksBetween.run(from, to);
      this.#statements.deleteBetween.run(from, to);
    })();
  }

  /** Rows of a partition in (after, upTo], by their places in it. */
  rows(partition: number, after: number, upTo: number, limit: number): Row[] {
    const rows = this.#statements.rows.all(at(partition, after), at(partition, upTo), limit);
    return rows.map(({ pos, data }) => ({ pos: pos % SPAN, data }));
  }

  /** The same of one session. */
  session(partition: number, sid: string, after: number, upTo: number): Row[] {
    // What retention took is not looked for.
    const from = Math.max(after, this.kept(partition).base);
    const rows = this.#session(sid, at(partition, from), at(partition, upTo));
    return rows.map(({ pos, data }) => ({ pos: pos % SPAN, data }));
  }

  known(sid: string): boolean {
    return this.#statements.findSession.get(sid) !== undefined;
  }
  erased(sid: string): boolean {
    return this.#statements.findSession.get(sid)?.erased === 1;
  }

  /** The id of the record at a place; undefined where none is kept there. */
  idAt(partition: number, count: number): string | undefined {
    const row = this.#statements.recordAt.get(at(partition, count));
    return row && (JSON.parse(row.data) as { id: string }).id;
  }

  /** Takes what was deleted out of the files. @throws Error while another program reads them */
  scrub(): void {
    const [done] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    if (done?.busy !== 0) throw new Error(`another program reads ${this.#db.name}.`);
  }

  close(): void {
    this.#db.close();
  }
}

const at = (partition: number, count: number): number => partition * SPAN + count;

/** The session that a person's record names as that person's. */
const linkOf = ({ payload }: LogRecord): string | undefined =>
  payload?.kind === "Control" && payload.message.kind === "Link" ? payload.message.to : undefined;

type SessionRow = { readonly no: number; readonly last: number; readonly erased: number };

const statements = (db: Database.Database) => ({
  place: db.prepare<[number], Kept>("SELECT count, id, base FROM place WHERE partition = ?"),
  setPlace: db.prepare(
    "INSERT INTO place VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = excluded.count, id = excluded.id, base = max(base, excluded.base)",
  ),
  deletePlace: db.prepare("DELETE FROM place WHERE partition = ?"),
  findSession: db.prepare<[string], SessionRow>("SELECT no, last, erased FROM session WHERE sid = ?"),
  sessionOf: db.prepare<[number], SessionRow>("SELECT no, last, erased FROM session WHERE no = ?"),
  addSession: db.prepare("INSERT INTO session (sid) VALUES (?)"),
  removeSession: db.prepare("DELETE FROM session WHERE no = ?"),
  markErased: db.prepare("UPDATE session SET erased = 1 WHERE no = ?"),
  setLast: db.prepare("UPDATE session SET last = ? WHERE no = ?"),
  deleteEnded: db.prepare("DELETE FROM session WHERE no = ? AND last <= ? AND erased = 0"),
  deleteSessionsBetween: db.prepare("DELETE FROM session WHERE last BETWEEN ? AND ?"),
  addRecord: db.prepare("INSERT INTO record VALUES (?, ?, ?, ?)"),
  recordAt: db.prepare<[number], { session: number; prev: number; data: string }>(
    "SELECT session, prev, data FROM record WHERE pos = ?",
  ),
  setPrev: db.prepare("UPDATE record SET prev = ? WHERE pos = ?"),
  deleteRecord: db.prepare("DELETE FROM record WHERE pos = ?"),
  deleteBetween: db.prepare("DELETE FROM record WHERE pos BETWEEN ? AND ?"),
  before: db.prepare<[number, number, number], { pos: number; session: number }>(
    "SELECT pos, session FROM record WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  ),
  rows: db.prepare<[number, number, number], Row>(
    "SELECT pos, data FROM record WHERE pos > ? AND pos <= ? ORDER BY pos LIMIT ?",
  ),
  addLink: db.prepare("INSERT INTO link VALUES (?, ?)"),
  linksTo: db.prepare<[string], { pos: number }>("SELECT pos FROM link WHERE target = ? ORDER BY pos"),
  deleteLinks: db.prepare("DELETE FROM link WHERE target = ?"),
  deleteLinksBetween: db.prepare("DELETE FROM link WHERE pos BETWEEN ? AND ?"),
});

import { rmSync } from "node:fs";
import { RECORD_VERSION } from "@parley/shared/record";
import Database from "better-sqlite3";
import type { Cursor } from "../log/event-log.js";
import { Changes, type Place, type Shares, sharesOf } from "./counts.js";
import type { Part } from "./fold.js";
import { spaced } from "./words.js";

/** Raised with the format of records as well: what an older build could not read has to be counted. */
const SCHEMA_VERSION = 200 + RECORD_VERSION;
/**
 * `said` holds each message's words under the number (conversation × 2^24 + seq), the page's values under seq 0: the
 * conversation of a hit is a shift away, and all words of a conversation are one range.
 * `count` is by the day (UTC) on which conversations began, `total` the same of all time.
 */
const SCHEMA = `
  CREATE TABLE cursor (partition INTEGER PRIMARY KEY, cursor TEXT NOT NULL);
  CREATE TABLE conversation (
    no INTEGER PRIMARY KEY, sid TEXT NOT NULL, n INTEGER NOT NULL, flow TEXT NOT NULL, version INTEGER NOT NULL,
    started TEXT NOT NULL, last TEXT NOT NULL, seq INTEGER NOT NULL, messages INTEGER NOT NULL,
    answers INTEGER NOT NULL, status TEXT NOT NULL, waits TEXT, step TEXT, said TEXT, page TEXT,
    vals TEXT NOT NULL, counts TEXT NOT NULL, UNIQUE (sid, n)
  );
  CREATE INDEX conversation_started ON conversation (started, sid, n);
  CREATE INDEX conversation_flow ON conversation (flow, started, sid, n);
  CREATE INDEX conversation_version ON conversation (flow, version, started, sid, n);
  CREATE INDEX conversation_waits ON conversation (flow, waits, started, sid, n);
  CREATE TABLE answer (
    no INTEGER NOT NULL, seq INTEGER NOT NULL, col TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (no, seq)
  ) WITHOUT ROWID;
  CREATE VIRTUAL TABLE said USING fts5(text, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So'");
  INSERT INTO said (said, rank) VALUES ('secure-delete', 1);
  CREATE TABLE count (
    flow TEXT NOT NULL, version INTEGER NOT NULL, day INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    times INTEGER NOT NULL, conversations INTEGER NOT NULL, PRIMARY KEY (flow, version, day, kind, name)
  ) WITHOUT ROWID;
  CREATE TABLE total (
    flow TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    times INTEGER NOT NULL, conversations INTEGER NOT NULL, PRIMARY KEY (flow, version, kind, name)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Numbers of one conversation's messages in the full-text index. */
const MESSAGES = 2n ** 24n;
export const MESSAGE_BITS = 24;

type Kept = { readonly no: number; readonly seq: number; readonly vals: string; readonly counts: string };

/**
 * The projections' SQLite file: what the lists, the search and the counts are read from. The log can rebuild it, so a
 * file of another version or a broken one is thrown away.
 */
export class ProjectionStore {
  readonly db: Database.Database;
  readonly #kept: Database.Statement<[string, number], Kept>;

  constructor(file: string) {
    this.db = openOrRebuild(file);
    this.#kept = this.db.prepare("SELECT no, seq, vals, counts FROM conversation WHERE sid = ? AND n = ?");
  }

  cursor(partition: number): Cursor | undefined {
    const row = this.db.prepare<[number], { cursor: string }>("SELECT cursor FROM cursor WHERE partition = ?");
    return row.get(partition)?.cursor;
  }

  /** Whether anything is known of a session. */
  has(sid: string): boolean {
    return this.#kept.get(sid, 1) !== undefined;
  }

  /**
   * Writes conversations, their words, answers and effect on the counts, and the cursors, in one transaction. Words and
   * answers up to the `seq` that is kept are there already.
   */
  save(parts: readonly Part[], cursors: ReadonlyMap<number, Cursor>): void {
    this.db.transaction(() => {
      const changes = new Changes();
      for (const part of parts) this.#put(part, changes);
      changes.write(this.db);
      const place = this.db.prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?)");
      for (const [partition, cursor] of cursors) place.run(partition, cursor);
    })();
  }

  #put(part: Part, changes: Changes): void {
    const kept = this.#kept.get(part.sid, part.n);
    const shares = sharesOf(part);
    const vals = JSON.stringify(part.values);
    const row = [
      part.flow,
      part.version,
      part.started,
      part.last,
      part.seq,
      part.messages,
      part.answers,
      part.status,
      part.waits ?? null,
      part.step ?? null,
      part.said ?? null,
      part.page ?? null,
      vals,
      JSON.stringify(shares),
    ] as const;
    let no: number;
    if (kept) {
      no = kept.no;
      this.db
        .prepare(
          `UPDATE conversation SET flow = ?, version = ?, started = ?, last = ?, seq = ?, messages = ?, answers = ?,
            status = ?, waits = ?, step = ?, said = ?, page = ?, vals = ?, counts = ? WHERE no = ?`,
        )
        .run(...row, no);
    } else {
      const add = this.db.prepare(
        `INSERT INTO conversation (sid, n, flow, version, started, last, seq, messages, answers, status, waits, step,
          said, page, vals, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      no = Number(add.run(part.sid, part.n, ...row).lastInsertRowid);
    }
    changes.add(part, shares, kept ? (JSON.parse(kept.counts) as Shares) : {});
    this.#putWords(no, part, kept?.seq ?? 0, kept?.vals !== vals);
  }

  #putWords(no: number, part: Part, after: number, newValues: boolean): void {
    const first = BigInt(no) * MESSAGES;
    const say = this.db.prepare<[bigint, string]>("INSERT INTO said (rowid, text) VALUES (?, ?)");
    for (const { seq, text } of part.texts) {
      if (seq > after && BigInt(seq) < MESSAGES) say.run(first + BigInt(seq), spaced(text));
    }
    const give = this.db.prepare("INSERT INTO answer (no, seq, col, text) VALUES (?, ?, ?, ?)");
    for (const { seq, column, text } of part.given) if (seq > after) give.run(no, seq, column, text);
    if (!newValues) return;
    this.db.prepare("DELETE FROM said WHERE rowid = ?").run(first);
    const values = Object.values(part.values).join("\n");
    if (values !== "") say.run(first, spaced(values));
  }

  /**
   * Takes a session with all its words back, and its share of every count.
   * @returns the flow whose it was, if anything was known of it
   */
  erase(sid: string): string | undefined {
    const erase = this.db.transaction(() => {
      const changes = new Changes();
      const rows = this.db
        .prepare<[string], Kept & Place>(
          "SELECT no, seq, vals, counts, flow, version, started FROM conversation WHERE sid = ?",
        )
        .all(sid);
      for (const { no, counts, ...place } of rows) {
        const first = BigInt(no) * MESSAGES;
        this.db.prepare("DELETE FROM said WHERE rowid >= ? AND rowid < ?").run(first, first + MESSAGES);
        this.db.prepare("DELETE FROM answer WHERE no = ?").run(no);
        this.db.prepare("DELETE FROM conversation WHERE no = ?").run(no);
        changes.add(place, {}, JSON.parse(counts) as Shares);
      }
      changes.write(this.db);
      return rows[0]?.flow;
    });
    return erase();
  }

  /**
   * Takes what was deleted out of the files: everything moves to the database and the write-ahead file is emptied.
   * @returns false while a reader elsewhere holds it up
   */
  scrub(): boolean {
    const [done] = this.db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    return done?.busy === 0;
  }

  /** Forgets everything: it is built anew from the log. */
  clear(): void {
    this.db.transaction(() => {
      this.db.exec("DELETE FROM cursor; DELETE FROM conversation; DELETE FROM answer; DELETE FROM count;");
      this.db.exec("DELETE FROM total; DELETE FROM said");
    })();
  }

  close(): void {
    this.db.close();
  }
}

function openOrRebuild(file: string): Database.Database {
  for (let attempt = 0; ; attempt++) {
    // Nothing here waits for another program: the event loop would.
    const db = new Database(file, { timeout: 0 });
    try {
      db.pragma("journal_mode = WAL");
      // Lost at a power loss at worst, and then built again: the log is what lasts.
      db.pragma("synchronous = OFF");
      db.pragma("cache_size = -8000"); // 8 MB
      // What a visitor said is in no file but these, and what is deleted is written over.
      db.pragma("temp_store = MEMORY");
      db.pragma("secure_delete = ON");
      db.pragma("journal_size_limit = 67108864");
      const version = db.pragma("user_version", { simple: true });
      if (version === 0) db.exec(SCHEMA);
      else if (version !== SCHEMA_VERSION) throw new Error(`schema ${version}`);
      return db;
    } catch (error) {
      db.close();
      if (attempt > 0 || file === ":memory:") throw error;
      for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    }
  }
}

import { rmSync } from "node:fs";
import { RECORD_VERSION } from "@parley/shared/record";
import Database from "better-sqlite3";
import { reached } from "../fault-points.js";
import type { Cursor } from "../log/event-log.js";
import { giveSpaceBack, givesSpaceBack } from "../schema/space.js";
import { Changes, CountTables, type Place, type Shares, sharesOf } from "./counts.js";
import type { Part } from "./fold.js";
import { HAND_OFF_SCHEMA, HandOffReader, HandOffWriter } from "./hand-off-rows.js";
import { spaced } from "./words.js";

/** Raised with the format of records as well: what an older build could not read has to be counted. */
const SCHEMA_VERSION = 500 + RECORD_VERSION;
/**
 * `said` holds each message's words under the number (conversation × 2^24 + seq), the page's values under seq 0: the
 * conversation of a hit is a shift away, and all words of a conversation are one range.
 * `person`: it is "with" one, or "waiting" for one.
 * `count` is by the day (UTC) on which conversations began, `total` the same of all time.
 */
const SCHEMA = `
  CREATE TABLE cursor (partition INTEGER PRIMARY KEY, cursor TEXT NOT NULL);
  CREATE TABLE conversation (
    no INTEGER PRIMARY KEY, sid TEXT NOT NULL, n INTEGER NOT NULL, flow TEXT NOT NULL, version INTEGER NOT NULL,
    started TEXT NOT NULL, last TEXT NOT NULL, seq INTEGER NOT NULL, messages INTEGER NOT NULL,
    answers INTEGER NOT NULL, status TEXT NOT NULL, waits TEXT, step TEXT, said TEXT, page TEXT,
    person TEXT, subject TEXT, vals TEXT NOT NULL, counts TEXT NOT NULL, UNIQUE (sid, n)
  );
  CREATE INDEX conversation_started ON conversation (started, sid, n);
  CREATE INDEX conversation_flow ON conversation (flow, started, sid, n);
  CREATE INDEX conversation_version ON conversation (flow, version, started, sid, n);
  CREATE INDEX conversation_waits ON conversation (flow, waits, started, sid, n);
  CREATE INDEX conversation_subject ON conversation (subject) WHERE subject IS NOT NULL;
  CREATE INDEX conversation_person ON conversation (person, started, sid, n) WHERE person IS NOT NULL;
  ${HAND_OFF_SCHEMA}
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
  readonly #add: Database.Statement<unknown[]>;
  readonly #change: Database.Statement<unknown[]>;
  readonly #say: Database.Statement<[bigint, string]>;
  readonly #unsay: Database.Statement<[bigint]>;
  readonly #give: Database.Statement<[number, number, string, string]>;
  readonly #place: Database.Statement<[number, Cursor]>;
  readonly #counts: CountTables;
  readonly #handOffs: HandOffWriter;
  readonly handOffs: HandOffReader;
  readonly #save: Database.Transaction<(parts: readonly Part[], cursors: ReadonlyMap<number, Cursor>) => void>;

  constructor(file: string) {
    const db = openOrRebuild(file);
    this.db = db;
    this.#kept = db.prepare("SELECT no, seq, vals, counts FROM conversation WHERE sid = ? AND n = ?");
    this.#add = db.prepare(
      `INSERT INTO conversation (sid, n, flow, version, started, last, seq, messages, answers, status, waits, step,
        said, page, person, subject, vals, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#change = db.prepare(
      // What it began with stays, and so do its places in the indexes of that.
      `UPDATE conversation SET last = ?, seq = ?, messages = ?, answers = ?, status = ?, waits = ?, step = ?, said = ?,
        page = ?, person = ?, subject = ?, vals = ?, counts = ? WHERE no = ?`,
    );
    this.#say = db.prepare("INSERT INTO said (rowid, text) VALUES (?, ?)");
    this.#unsay = db.prepare("DELETE FROM said WHERE rowid = ?");
    this.#give = db.prepare("INSERT INTO answer (no, seq, col, text) VALUES (?, ?, ?, ?)");
    this.#place = db.prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?)");
    this.#counts = new CountTables(db);
    this.#handOffs = new HandOffWriter(db);
    this.handOffs = new HandOffReader(db);
    this.#save = db.transaction((parts, cursors) => {
      const changes = new Changes();
      for (const part of parts) this.#put(part, changes);
      this.#counts.write(changes);
      reached("projection written");
      for (const [partition, cursor] of cursors) this.#place.run(partition, cursor);
    });
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
    this.#save(parts, cursors);
  }

  #put(part: Part, changes: Changes): void {
    const kept = this.#kept.get(part.sid, part.n);
    const shares = sharesOf(part);
    const vals = JSON.stringify(part.values);
    const row = [
      part.last,
      part.seq,
      part.messages,
      part.answers,
      part.status,
      part.waits ?? null,
      part.step ?? null,
      part.said ?? null,
      part.page ?? null,
      personOf(part) ?? null,
      part.subject ?? null,
      vals,
      JSON.stringify(shares),
    ] as const;
    if (kept) this.#change.run(...row, kept.no);
    const no = kept?.no ?? this.#begin(part, row);
    changes.add(part, shares, kept ? (JSON.parse(kept.counts) as Shares) : {});
    this.#putWords(no, part, kept);
    for (const handOff of part.handOffs) this.#handOffs.put(handOff);
  }

  #begin({ sid, n, flow, version, started }: Part, row: readonly unknown[]): number {
    return Number(this.#add.run(sid, n, flow, version, started, ...row).lastInsertRowid);
  }

  #putWords(no: number, part: Part, kept: Kept | undefined): void {
    const first = BigInt(no) * MESSAGES;
    const after = kept?.seq ?? 0;
    for (const { seq, text } of part.texts) {
      if (seq > after && BigInt(seq) < MESSAGES) this.#say.run(first + BigInt(seq), spaced(text));
    }
    for (const { seq, column, text } of part.given) if (seq > after) this.#give.run(no, seq, column, text);
    if (kept && kept.vals === JSON.stringify(part.values)) return;
    const values = Object.values(part.values).join("\n");
    if (kept) this.#unsay.run(first);
    if (values !== "") this.#say.run(first, spaced(values));
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
      this.#handOffs.erase(sid);
      this.#counts.write(changes);
      return rows[0]?.flow;
    });
    return erase();
  }

  /**
   * Takes what was deleted out of the files: everything moves to the database, which gives free pages back to the disk,
   * some MB at a time, and the write-ahead file is emptied.
   * @returns false while a reader elsewhere holds it up
   */
  scrub(): boolean {
    giveSpaceBack(this.db, 1_000);
    const [done] = this.db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    return done?.busy === 0;
  }

  /** Forgets everything: it is built anew from the log. */
  clear(): void {
    this.db.transaction(() => {
      this.db.exec("DELETE FROM cursor; DELETE FROM conversation; DELETE FROM answer; DELETE FROM count;");
      this.db.exec("DELETE FROM total; DELETE FROM said; DELETE FROM hand_off");
    })();
  }

  close(): void {
    this.db.close();
  }
}

/** Whether a person has the conversation, or it waits for one. */
function personOf({ handOffs }: Part): "with" | "waiting" | undefined {
  const open = handOffs.find(({ ended }) => ended === undefined);
  return open && (open.holder === undefined ? "waiting" : "with");
}

function openOrRebuild(file: string): Database.Database {
  for (let attempt = 0; ; attempt++) {
    // Nothing here waits for another program: the event loop would.
    const db = new Database(file, { timeout: 0 });
    try {
      givesSpaceBack(db);
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

import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { reason, UserError } from "../errors.js";
import { type Schema, stepForward } from "../schema/step-forward.js";
import type { Key, SessionKeys } from "./keys.js";
import { KEY_BYTES } from "./seal.js";

/** A key that was dropped leaves its row, so that none is made for that session again. */
export const KEYS_SCHEMA: Schema = {
  make: "CREATE TABLE session_key (sid TEXT PRIMARY KEY, key BLOB) STRICT, WITHOUT ROWID",
  steps: [],
};

/** The keys in a file of the studio's data folder, mode 0600; what is dropped is overwritten. @throws UserError `session-keys` */
export class KeyFile implements SessionKeys {
  readonly #db: Database.Database;

  constructor(private readonly file: string) {
    try {
      if (file !== ":memory:") {
        closeSync(openSync(file, "a", 0o600));
        chmodSync(file, 0o600);
      }
      this.#db = new Database(file, { timeout: 5_000 });
      this.#db.pragma("journal_mode = WAL");
      this.#db.pragma("synchronous = FULL");
      this.#db.pragma("secure_delete = ON");
      stepForward(this.#db, KEYS_SCHEMA);
    } catch (cause) {
      throw new UserError("session-keys", `The keys of sessions, ${file}, cannot be opened: ${reason(cause)}.`, {
        cause,
      });
    }
  }

  of(sids: readonly string[]): ReadonlyMap<string, Key> {
    const found = new Map<string, Key>();
    const get = this.#db.prepare<[string], { key: Buffer | null }>("SELECT key FROM session_key WHERE sid = ?");
    const missing: string[] = [];
    for (const sid of sids) {
      const row = get.get(sid);
      if (row) found.set(sid, row.key ?? undefined);
      else missing.push(sid);
    }
    if (missing.length === 0) return found;
    const add = this.#db.prepare("INSERT OR IGNORE INTO session_key VALUES (?, ?)");
    // On the disk before anything is sealed with it.
    this.#db
      .transaction(() => {
        for (const sid of missing) add.run(sid, randomBytes(KEY_BYTES));
      })
      .immediate();
    for (const sid of missing) found.set(sid, get.get(sid)!.key ?? undefined);
    return found;
  }

  async drop(sid: string): Promise<void> {
    this.#db.prepare("INSERT INTO session_key VALUES (?, NULL) ON CONFLICT (sid) DO UPDATE SET key = NULL").run(sid);
    const [done] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    if (done?.busy !== 0) throw new Error(`Another program reads ${this.file}. Close it.`);
  }

  close(): void {
    this.#db.close();
  }
}

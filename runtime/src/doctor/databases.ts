import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { reason } from "../errors.js";
import { DEFAULT_PARTITIONS } from "../log/queued-log.js";
import { logSchema } from "../log/sqlite.js";
import { newestOf } from "../schema/step-forward.js";
import { KEYS_SCHEMA } from "../sealing/key-file.js";
import { SESSION_KEYS } from "../sealing/opening.js";
import { STUDIO_SCHEMA } from "../studio/database.js";
import { BUILT_ANEW, type Finding, FROM_BACKUP } from "./finding.js";

/** The databases of a data folder, and the newest schema that is known of what cannot be built anew. */
const DATABASES = [
  { name: "log.db", newest: newestOf(logSchema(DEFAULT_PARTITIONS)) },
  { name: "studio.db", newest: newestOf(STUDIO_SCHEMA) },
  { name: SESSION_KEYS, newest: newestOf(KEYS_SCHEMA) },
  { name: "projections.db", newest: undefined },
  { name: "fluvio-index.db", newest: undefined },
] as const;

/** Damages that are told of one file: more say nothing new. */
const TOLD = 3;

/** Reads all of every database. What is sound is given to be looked at further. */
export function examineDatabases(folder: string): {
  readonly findings: readonly Finding[];
  readonly sound: readonly string[];
} {
  const findings: Finding[] = [];
  const sound: string[] = [];
  for (const { name, newest } of DATABASES) {
    if (!existsSync(join(folder, name))) continue;
    const found = examine(join(folder, name), name, newest);
    findings.push(...found);
    if (found.length === 0) sound.push(name);
  }
  return { findings, sound };
}

function examine(file: string, where: string, newest: number | undefined): Finding[] {
  const todo = newest === undefined ? BUILT_ANEW : FROM_BACKUP;
  try {
    return reading(file, (db) => {
      const schema = db.pragma("user_version", { simple: true }) as number;
      if (newest !== undefined && schema > newest) {
        const what = `it was made by a newer Parley (its schema is ${schema}, this one knows ${newest})`;
        return [{ where, what, todo: "Start that version, or put a backup from before in place of the folder." }];
      }
      if (newest !== undefined && schema === 0) return [{ where, what: "nothing is in it", todo }];
      const said = db.pragma(`integrity_check(${TOLD})`) as { integrity_check: string }[];
      return said
        .map((row) => row.integrity_check.replace(/\s+/g, " ").trim())
        .filter((text) => text !== "ok")
        .map((text) => ({ where, what: `it is damaged (${text})`, todo }));
    });
  } catch (cause) {
    return [{ where, what: `it is damaged or cannot be read (${reason(cause)})`, todo }];
  }
}

/** Looks at a database that a server may be writing. */
export function reading<T>(file: string, look: (db: Database.Database) => T): T {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

import { closeSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type Database from "better-sqlite3";

/** A database's schema: `steps` lead from each number to the next, from 1 on, so the newest is one more than there are. */
export type Schema = {
  readonly make: string | ((db: Database.Database) => void);
  readonly steps: readonly string[];
};

/** The newest number of a schema. */
export const newestOf = ({ steps }: Schema): number => steps.length + 1;

/** What a newer version has made: nothing in it was changed. */
export class NewerSchemaError extends Error {
  constructor(
    readonly found: number,
    readonly known: number,
  ) {
    super(`it was made by a newer Parley (its schema is ${found}, this one knows ${known})`);
  }
}

const versionOf = (db: Database.Database): number => db.pragma("user_version", { simple: true }) as number;

/** What the copy of a file is called that was made before it was led to a newer schema. */
export const COPY_BEFORE = /^(.+\.db)\.schema-(\d+)$/;

/**
 * Makes the schema in an empty file, or leads an older one forward, each step in a transaction of its own: what breaks off
 * is gone on with by the next opening. Before the first step the file is copied beside itself, in place of an earlier such copy.
 * @throws NewerSchemaError, and what SQLite throws
 */
export function stepForward(db: Database.Database, schema: Schema): void {
  const newest = newestOf(schema);
  const found = versionOf(db);
  if (found > newest) throw new NewerSchemaError(found, newest);
  if (found > 0 && found < newest && !db.memory) copyBefore(db, found);
  // Another process may do the same: each step looks again.
  for (let version = found; version < newest; ) {
    version = db
      .transaction((): number => {
        const now = versionOf(db);
        if (now >= newest) return now;
        if (now > 0) db.exec(schema.steps[now - 1]!);
        else if (typeof schema.make === "string") db.exec(schema.make);
        else schema.make(db);
        const next = now === 0 ? newest : now + 1;
        db.pragma(`user_version = ${next}`);
        return next;
      })
      .immediate();
  }
}

function copyBefore(db: Database.Database, version: number): void {
  const [folder, name] = [dirname(db.name), basename(db.name)];
  const part = join(folder, `${name}.${process.pid}.tmp`);
  rmSync(part, { force: true });
  // Made with its mode before anything is in it.
  closeSync(openSync(part, "wx", 0o600));
  db.prepare("VACUUM INTO ?").run(part);
  const copy = `${name}.schema-${version}`;
  renameSync(part, join(folder, copy));
  for (const other of readdirSync(folder)) {
    if (other !== copy && COPY_BEFORE.exec(other)?.[1] === name) rmSync(join(folder, other));
  }
}

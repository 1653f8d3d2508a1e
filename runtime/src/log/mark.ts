import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type Database from "better-sqlite3";

/**
 * The mark beside a log's file: writing or reading it has failed as a sound disk does not fail. Until somebody has looked
 * whether the file is whole, nothing more is acknowledged; and so a start looks, which otherwise would take too long.
 */
const markOf = (file: string): string => `${file}.suspect`;

/** Whether an error of SQLite says that the file, or what it lies on, is not as it should be. A full disk is none. */
export const isSuspect = (error: unknown): boolean => /^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(codeOf(error));

/** Of what SQLite throws, as "SQLITE_IOERR_WRITE". */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? "");

/** Marks a log's file, unless it is marked. @param code of the error. Never throws: the disk may take nothing at all. */
export function leaveMark(file: string, code: string): void {
  try {
    const handle = openSync(markOf(file), "wx", 0o600);
    writeSync(handle, `${code}\n`);
    fsyncSync(handle);
    closeSync(handle);
    const folder = openSync(dirname(file), "r");
    fsyncSync(folder);
    closeSync(folder);
  } catch {
    // There already, or nothing can be written: the process that runs knows by itself.
  }
}

/** The code of the error that marked a log's file; empty where it could not be written, undefined without a mark. */
export function readMark(file: string): string | undefined {
  try {
    return readFileSync(markOf(file), "utf8").trim();
  } catch {
    return undefined;
  }
}

export function removeMark(file: string): void {
  rmSync(markOf(file), { force: true });
}

/** The first thing that is wrong with a database, by `quick_check`: it reads all of the file. Undefined: it is sound. */
export function firstDamage(db: Database.Database): string | undefined {
  try {
    const found = String(db.pragma("quick_check(1)", { simple: true }));
    return found === "ok" ? undefined : found.replaceAll(/\s+/g, " ");
  } catch (error) {
    if (!isSuspect(error)) throw error;
    return error instanceof Error ? error.message : codeOf(error);
  }
}

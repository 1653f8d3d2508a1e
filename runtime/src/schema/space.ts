import type Database from "better-sqlite3";

/** Of a new file, and before anything else: pages that are freed can be given back to the disk. */
export function givesSpaceBack(db: Database.Database): void {
  // In a file that is there already the setting would be a write.
  if (db.pragma("page_count", { simple: true }) === 0) db.pragma("auto_vacuum = INCREMENTAL");
}

/**
 * Gives free pages back to the disk, at most so many. That has to write first: where the disk is full, or another process
 * writes, the next time does it.
 */
export function giveSpaceBack(db: Database.Database, pages: number): void {
  try {
    db.exec(`PRAGMA incremental_vacuum(${pages})`);
  } catch (error) {
    if (!/^SQLITE_(FULL|BUSY)/.test((error as { code?: string }).code ?? "")) throw error;
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

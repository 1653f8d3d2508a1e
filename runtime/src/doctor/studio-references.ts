import { inflateRawSync } from "node:zlib";
import type Database from "better-sqlite3";
import { sha256 } from "../registry/registry.js";
import { type Finding, FROM_BACKUP } from "./finding.js";

const WHERE = "studio.db";
/** Where texts are named by their digests. */
const NAMED = [
  ...(["json", "layout", "settings", "text"] as const).map((column) => ["state", column] as const),
  ["source", "text"],
  ...(["json", "settings"] as const).map((column) => ["held", column] as const),
  ...(["json", "layout", "settings"] as const).map((column) => ["draft_link", column] as const),
] as const;
/** Of one kind so many are told. */
const TOLD = 3;

/** What the studio's file names is there and is what its digest says: texts, pictures, and rows of each other. */
export function examineStudio(db: Database.Database): Finding[] {
  const found = [...missingTexts(db), ...changedTexts(db), ...changedPictures(db), ...lostRows(db)];
  return found.map((what) => ({ where: WHERE, what, todo: FROM_BACKUP }));
}

/** An older schema has not all of the tables. */
function has(db: Database.Database, table: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

function missingTexts(db: Database.Database): string[] {
  return NAMED.filter(([table]) => has(db, table)).flatMap(([table, column]) =>
    db
      .prepare<[number], string>(
        `SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM blob WHERE digest = ${column}) LIMIT ?`,
      )
      .pluck()
      .all(TOLD)
      .map((digest) => `the text ${digest} is missing, which a row of "${table}" names`),
  );
}

function changedTexts(db: Database.Database): string[] {
  const changed: string[] = [];
  const next = db.prepare<[string], { digest: string; data: Buffer }>(
    "SELECT digest, data FROM blob WHERE digest > ? ORDER BY digest LIMIT 1",
  );
  for (let row = next.get(""); row && changed.length < TOLD; row = next.get(row.digest)) {
    if (digestOf(row.data) !== row.digest) changed.push(`the text ${row.digest} is not what its digest says`);
  }
  return changed;
}

function digestOf(data: Buffer): string | undefined {
  try {
    return sha256(inflateRawSync(data));
  } catch {
    return undefined;
  }
}

function changedPictures(db: Database.Database): string[] {
  if (!has(db, "picture")) return [];
  const wrong: string[] = [];
  const next = db.prepare<[string], { name: string; data: Buffer | null }>(
    "SELECT name, data FROM picture LEFT JOIN picture_data USING (name) WHERE name > ? ORDER BY name LIMIT 1",
  );
  for (let row = next.get(""); row && wrong.length < TOLD; row = next.get(row.name)) {
    if (row.data === null) wrong.push(`the picture ${row.name} is missing`);
    else if (!row.name.startsWith(`${sha256(row.data)}.`))
      wrong.push(`the picture ${row.name} is not what its name says`);
  }
  return wrong;
}

function lostRows(db: Database.Database): string[] {
  const rows = db.pragma("foreign_key_check") as { table: string; parent: string }[];
  const lost = new Set(
    rows.map(({ table, parent }) => `a row of "${table}" is of a row of "${parent}" that is not there`),
  );
  return [...lost].slice(0, TOLD);
}

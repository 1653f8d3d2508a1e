import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reading } from "./databases.js";
import type { Finding } from "./finding.js";

const TODO =
  "Nothing need be done if an older log was put back on purpose: the next start builds it anew. Otherwise put the right log back.";

/**
 * What is made of the log has read no further than the log goes. Only for a log in the folder.
 * @param sound the databases that can be read
 */
export function examineDerived(folder: string, sound: readonly string[]): Finding[] {
  if (!sound.includes("log.db")) return [];
  // Read before the log's end, which moves on.
  const places = [...projected(folder, sound), ...stepped(folder)];
  const head = reading(join(folder, "log.db"), (db) =>
    db.prepare<[], number>("SELECT max(pos) FROM record").pluck().get(),
  );
  const ahead = places.filter(({ cursor }) => Number(cursor) > (head ?? 0));
  const files = new Set(ahead.map(({ where }) => where));
  return [...files].map((where) => ({ where, what: "it is ahead of the log, which ends before", todo: TODO }));
}

type Place = { readonly where: string; readonly cursor: string };

function projected(folder: string, sound: readonly string[]): Place[] {
  const where = "projections.db";
  if (!sound.includes(where)) return [];
  return reading(join(folder, where), (db) => {
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'cursor'").get();
    const cursors = known ? db.prepare<[], string>("SELECT cursor FROM cursor").pluck().all() : [];
    return cursors.map((cursor) => ({ where, cursor }));
  });
}

/** A file that cannot be read counts as none: the log is read again. */
function stepped(folder: string): Place[] {
  const where = "workflow.json";
  if (!existsSync(join(folder, where))) return [];
  try {
    const { places } = JSON.parse(readFileSync(join(folder, where), "utf8")) as { places: [number, string][] };
    return places.map(([, cursor]) => ({ where, cursor }));
  } catch {
    return [];
  }
}

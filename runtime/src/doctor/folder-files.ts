import { existsSync, readdirSync, readFileSync, type Stats, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { IDENTITY_KEYS } from "../proxy/identity-keys.js";
import { COPY_BEFORE } from "../schema/step-forward.js";
import { SESSION_KEYS } from "../sealing/opening.js";
import type { Finding } from "./finding.js";

const MIB = 1024 * 1024;
const LARGEST_WAL = 64 * MIB;
/** A file of this name is on its way to another one; older than this it was left behind, ms. */
const TEMPORARY = /\.(tmp|new|part)$|^\.write-check-\d+$/;
const LEFT_BEHIND = 60_000;
/** Beside a file that could not be written or read as a sound disk would. */
const MARK = /^(.+)\.suspect$/;

export type FilesOptions = {
  /** ENCRYPT=on, for a process that keeps the keys. */
  readonly sealed: boolean;
  readonly now: number;
  /** MIN_FREE: with less than this on the disk servers take in nothing new, bytes. */
  readonly minFree: number;
  /** Bytes that are free; what the disk says, unless a test says otherwise. */
  readonly free?: number;
};

/** Who may read the folder, what lies around in it, and whether there is room. */
export function examineFiles(folder: string, { sealed, now, minFree, free = freeIn(folder) }: FilesOptions): Finding[] {
  const findings: Finding[] = [];
  const own = statSync(folder);
  // A group that the folder gives to all that is in it was given on purpose.
  const others = own.mode & 0o2000 ? 0o007 : 0o077;
  if (own.mode & others) findings.push(open(".", 0o700));
  for (const name of readdirSync(folder).sort()) {
    // It may be gone by now: a server works here.
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile()) findings.push(...examineFile(folder, name, { stats, others, now }));
  }
  if (sealed && existsSync(join(folder, "studio.db")) && !existsSync(join(folder, SESSION_KEYS))) {
    const todo = "Put the file of a backup there before the server starts: it would make other keys.";
    findings.push({ where: SESSION_KEYS, what: "it is missing, and what was sealed cannot be read without it", todo });
  }
  if (free < minFree) {
    const what = `only ${Math.floor(free / MIB)} MiB are free on its disk`;
    findings.push({ where: ".", what, todo: "Make room, or let old conversations be erased (RETENTION)." });
  }
  return findings;
}

function examineFile(
  folder: string,
  name: string,
  { stats, others, now }: { stats: Stats; others: number; now: number },
): Finding[] {
  const findings: Finding[] = [];
  if (stats.mode & others) findings.push(open(name, 0o600));
  const marked = MARK.exec(name)?.[1];
  if (marked !== undefined) {
    const code = readFileSync(join(folder, name), "utf8").trim();
    const what = `${marked} could not be written or read${code ? ` (${code})` : ""}`;
    findings.push({ where: name, what, todo: "Look at the disk, then start the server: it checks the file first." });
  }
  if (TEMPORARY.test(name) && now - stats.mtimeMs > LEFT_BEHIND) {
    findings.push({ where: name, what: "it was left behind by something that broke off", todo: "Delete it." });
  }
  const [, of, schema] = COPY_BEFORE.exec(name) ?? [];
  if (of !== undefined) {
    const what = `it is ${of} as it was before the upgrade from schema ${schema}, with all that was in it`;
    findings.push({ where: name, what, todo: "Delete it once the upgrade is as it should be." });
  }
  if (name.endsWith(".db-wal") && stats.size > LARGEST_WAL) {
    const what = `it has ${Math.floor(stats.size / MIB)} MiB: another program reads the database and does not end`;
    findings.push({ where: name, what, todo: "Close that program." });
  }
  return findings;
}

function open(where: string, mode: number): Finding {
  const keys = where === SESSION_KEYS || where === IDENTITY_KEYS ? "; it holds keys" : "";
  const what = `others on this machine may read or change it${keys}`;
  return { where, what, todo: `Make it the server's alone: chmod ${mode.toString(8)}.` };
}

function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

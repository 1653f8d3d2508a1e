import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { makeFolder, openDataFolder } from "../data-folder.js";
import { reason, UserError } from "../errors.js";
import { IDENTITY_KEYS } from "../proxy/identity-keys.js";
import { SESSION_KEYS } from "../sealing/opening.js";
import { StudioStore } from "../studio/store.js";
import { type CommandIo, DATA_DIR } from "./studio-store.js";

export const BACKUP_HELP = `parley backup FOLDER    copies conversations and the studio's store into a new folder, while the server runs
parley restore FOLDER   puts such a copy into an empty data folder; what can be made from it is made anew

--data-dir, DATA_DIR: the server's data folder (./data)
`;

/** The files of a data folder that nothing else can bring back. */
const LOG = "log.db";
const STUDIO = "studio.db";
/** What sites that pin a version of the widget ask for. */
const WIDGET = "widget";

type Io = Pick<CommandIo, "stdout" | "env" | "cwd" | "now">;

/**
 * `parley backup FOLDER`: one consistent copy of each of the log and the studio's store. `VACUUM INTO` reads a snapshot,
 * so it ends however much is written meanwhile; the studio's is taken first, since the log may be ahead of it and never
 * behind. The copy is opened and checked before it gets its name.
 * @throws UserError `no-data-folder`, `folder-exists`, `backup-failed`
 */
export function runBackup(args: readonly string[], io: Io): void {
  const given = read(args, io);
  if (!given) return;
  const { dataDir: from, folder: to } = given;
  if (![LOG, STUDIO].some((name) => existsSync(join(from, name)))) {
    throw new UserError("no-data-folder", `There is nothing to copy in ${from}: name the data folder by --data-dir.`);
  }
  if (existsSync(to))
    throw new UserError("folder-exists", `${to} is there already: a backup makes a folder of its own.`);
  const part = join(dirname(to), `.${basename(to)}.${process.pid}.part`);
  try {
    makeFolder(part);
    for (const name of [STUDIO, LOG])
      if (existsSync(join(from, name))) copyDatabase(join(from, name), join(part, name));
    if (existsSync(join(from, IDENTITY_KEYS))) copyFile(join(from, IDENTITY_KEYS), join(part, IDENTITY_KEYS));
    if (existsSync(join(from, SESSION_KEYS))) copyDatabase(join(from, SESSION_KEYS), join(part, SESSION_KEYS));
    if (existsSync(join(from, WIDGET))) cpSync(join(from, WIDGET), join(part, WIDGET), { recursive: true });
    forgetErased(part, io);
    const held = examine(part);
    for (const name of readdirSync(part)) if (name !== WIDGET) sync(join(part, name));
    sync(part);
    renameSync(part, to);
    sync(dirname(to));
    io.stdout(`${to} holds ${held}. It is as readable as the data folder: keep it as safe.\n`);
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    if (cause instanceof UserError) throw cause;
    throw new UserError("backup-failed", `${from} could not be copied: ${reason(cause)}. Nothing was left behind.`, {
      cause,
    });
  }
}

/**
 * `parley restore FOLDER`: the copy becomes the data folder of a server that is started next. Projections and the
 * workflow's place are left out: they are made from the log.
 * @throws UserError `no-backup`, `folder-in-use` (it holds conversations), DataFolderError (a server runs on it)
 */
export async function runRestore(args: readonly string[], io: Io): Promise<void> {
  const given = read(args, io);
  if (!given) return;
  const { folder: from, dataDir: to } = given;
  const names = [STUDIO, LOG, IDENTITY_KEYS, SESSION_KEYS].filter((name) => existsSync(join(from, name)));
  if (!names.includes(LOG) && !names.includes(STUDIO)) {
    throw new UserError("no-backup", `There is no backup in ${from}: name the folder that "parley backup" made.`);
  }
  const held = examine(from);
  const folder = await openDataFolder(to, { drainWaitMs: 0 });
  try {
    const there = [STUDIO, LOG].filter((name) => existsSync(join(to, name)));
    if (there.length > 0) {
      throw new UserError(
        "folder-in-use",
        `${to} holds ${there.join(" and ")} already: move that folder away first, or name another by --data-dir.`,
      );
    }
    for (const name of readdirSync(to)) if (/^(projections\.db|workflow\.json)/.test(name)) rmSync(join(to, name));
    for (const name of names) copyFile(join(from, name), join(to, name));
    if (existsSync(join(from, WIDGET))) cpSync(join(from, WIDGET), join(to, WIDGET), { recursive: true });
    sync(to);
  } finally {
    folder.release();
  }
  io.stdout(
    `${to} holds ${held}. Start the server on it; visitors who are further than the copy get it from its start.\n`,
  );
}

function read(args: readonly string[], io: Io): { folder: string; dataDir: string } | undefined {
  if (args.includes("--help") || args.includes("-h")) {
    io.stdout(BACKUP_HELP);
    return undefined;
  }
  const { values, positionals } = parseArgs({ args: [...args], options: DATA_DIR, allowPositionals: true });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    throw new UserError("bad-call", `Name one folder: "parley backup /backups/monday". See "parley backup --help".`, {
      exitCode: 2,
    });
  }
  return {
    folder: resolve(io.cwd, folder),
    dataDir: resolve(io.cwd, values["data-dir"] ?? (io.env.DATA_DIR || "./data")),
  };
}

function copyDatabase(from: string, to: string): void {
  // Made with its mode before anything is in it.
  closeSync(openSync(to, "wx", 0o600));
  const db = new Database(from, { fileMustExist: true, timeout: 10_000 });
  try {
    // A copy gives its space back when something is erased, also one of a file that was made before files did.
    if (db.pragma("auto_vacuum", { simple: true }) === 0) db.pragma("auto_vacuum = INCREMENTAL");
    db.prepare("VACUUM INTO ?").run(to);
  } finally {
    db.close();
  }
}

function copyFile(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
  sync(to);
}

/** What was erased between the two copies is in neither. */
function forgetErased(folder: string, io: Io): void {
  if (!existsSync(join(folder, LOG)) || !existsSync(join(folder, STUDIO))) return;
  const log = new Database(join(folder, LOG), { readonly: true });
  const store = new StudioStore(join(folder, STUDIO), io.now);
  try {
    const erased = log.prepare<[], string>("SELECT sid FROM session WHERE erased = 1").pluck();
    for (const sid of erased.all()) store.erasures.removeTests(sid);
    store.scrub();
  } finally {
    store.close();
    log.close();
  }
}

/** Opens a copy and looks whether it is whole. @returns what it holds, in words @throws UserError `backup-failed` */
function examine(folder: string): string {
  const found: string[] = [];
  for (const [name, table, what] of [
    [LOG, "session", "conversations"],
    [STUDIO, "flow", "flows"],
  ] as const) {
    const file = join(folder, name);
    if (!existsSync(file)) continue;
    const db = new Database(file, { readonly: true });
    try {
      const sound = db.pragma("integrity_check(1)", { simple: true });
      if (sound !== "ok") throw new UserError("backup-failed", `${file} is damaged (${sound}).`);
      found.push(`${db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()} ${what}`);
    } finally {
      db.close();
    }
  }
  return found.join(" and ");
}

/** What was written there is on the disk. */
function sync(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

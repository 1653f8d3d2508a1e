import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import type { NatsServer } from "../nats-server.js";

/** Large enough for an episode, and small enough to be filled. */
const DISK = "96m";

/** A small disk at the folder, where this user may mount one; what takes it away. */
export async function ownDisk(folder: string): Promise<(() => Promise<void>) | undefined> {
  if (!(await run("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", folder]))) return undefined;
  return async () => void (await run("umount", [folder]));
}

async function run(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: "ignore" });
  const ended = await Promise.race([once(child, "exit"), once(child, "error").then(() => [1])]);
  return ended[0] === 0;
}

/** Another process has the database for itself. */
export async function locked(file: string, ms: number): Promise<void> {
  const db = new Database(file);
  try {
    db.pragma("busy_timeout = 5000");
    db.exec("BEGIN IMMEDIATE");
    await delay(ms);
    db.exec("ROLLBACK");
  } finally {
    db.close();
  }
}

/** Whether the limits of a process that runs can be changed here. */
export const canLimit = (): Promise<boolean> => run("prlimit", ["--pid", String(process.pid), "--fsize"]);

/** No write beyond the first bytes of a file succeeds: an I/O error that needs no rights (`EFBIG`; Node ignores the signal). */
export async function cannotWrite(pid: number, ms: number): Promise<void> {
  const limit = (soft: string) => run("prlimit", ["--pid", String(pid), `--fsize=${soft}:`]);
  if (!(await limit("1"))) throw new Error("the limit of file sizes cannot be set");
  await delay(ms);
  if (!(await limit("unlimited"))) throw new Error("the limit of file sizes cannot be lifted");
}

/** Nothing fits on the disk any more. */
export async function filled(folder: string, ms: number): Promise<void> {
  const file = join(folder, "full");
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(file, Buffer.alloc(bavail * bsize));
  } catch {
    // Somebody was quicker with the last of it: it is full.
  }
  await delay(ms);
  rmSync(file, { force: true });
}

export async function restarted(nats: NatsServer): Promise<void> {
  await nats.signal("SIGKILL");
  await nats.start();
}

export async function stalled(nats: NatsServer, ms: number): Promise<void> {
  await nats.signal("SIGSTOP");
  await delay(ms);
  await nats.signal("SIGCONT");
}

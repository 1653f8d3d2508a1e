import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSqliteLog } from "../log/sqlite.js";
import { launch } from "../testing/process.js";
import { FLOWS, scratch, serve } from "../testing/server.js";

const PAGE = 4096;
const whole = scratch();
const copies = scratch();
let pages = 0;
/** The first page of each table and index. */
const roots = new Map<string, number>();

/** A data folder with a log of some hundred pages. */
beforeAll(async () => {
  const runtime = await serve(undefined, { argv: [join(FLOWS, "bot-assistant.json"), "--data-dir", whole.path] });
  await runtime.drain();
  const file = join(whole.path, "log.db");
  const log = await openSqliteLog({ file });
  const text = "x".repeat(500);
  for (let session = 0; session < 50; session++) {
    const sid = session.toString(16).padStart(8, "0").padEnd(40, "a");
    const records = Array.from({ length: 20 }, (_, i): LogRecord => {
      const message = { kind: "UserText" as const, sessionId: "s", content: text };
      const common = { v: 1, sid, id: `c.${i}`, timestamp: "2026-01-01T00:00:00.000Z", by: "visitor" };
      return { ...common, payload: { kind: "Response", message } };
    });
    await log.append(records);
  }
  await log.close();
  const db = new Database(file, { readonly: true });
  pages = db.pragma("page_count", { simple: true }) as number;
  const rows = db.prepare<[], { name: string; rootpage: number }>("SELECT name, rootpage FROM sqlite_schema").all();
  for (const { name, rootpage } of rows) roots.set(name, rootpage);
  db.close();
});
afterAll(() => {
  whole.dispose();
  copies.dispose();
});

const overwrite = (bytes: Buffer, page: number): Buffer => bytes.fill(0xaa, (page - 1) * PAGE, page * PAGE);
const damage: Record<string, (bytes: Buffer) => Buffer> = {
  "another file in its place": () => Buffer.from("This is no database.\n".repeat(1000)),
  "its second half missing": (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  "its first page overwritten": (bytes) => overwrite(bytes, 1),
  "a page of records in the middle overwritten": (bytes) => overwrite(bytes, Math.floor(pages / 2)),
  "the list of sessions overwritten": (bytes) => overwrite(bytes, roots.get("session")!),
  "the index of sessions overwritten": (bytes) => overwrite(bytes, roots.get("sqlite_autoindex_session_1")!),
  "the control stream overwritten": (bytes) => overwrite(bytes, roots.get("control")!),
  "the last pages overwritten": (bytes) => bytes.fill(0xaa, bytes.length - 20 * PAGE),
};

it.each(Object.keys(damage))("a log with %s: one sentence, exit code 1, and the file is left alone", async (what) => {
  const dataDir = join(copies.path, what.replaceAll(" ", "-"));
  cpSync(whole.path, dataDir, { recursive: true });
  const file = join(dataDir, "log.db");
  const damaged = damage[what]!(readFileSync(file));
  writeFileSync(file, damaged);
  const { ended, output } = launch({ dataDir, args: ["--log-level", "silent"] });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(output()).toMatch(/^parley: The log \S+ is damaged \(.+\)\. Put a backup in its place\. \(corrupt\)\n$/);
  expect(output()).toContain(file);
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

import type Database from "better-sqlite3";
import { sha256 } from "../registry/registry.js";

/** A test beside a flow, without its content. */
export type TestRow = { readonly name: string; readonly etag: string; readonly at: number; readonly by: string };

/** Tests of one flow, at most. */
export const MAX_TESTS = 500;

/** The tests beside the flows: named JSON documents. */
export class FlowTests {
  constructor(private readonly db: Database.Database) {}

  list(flow: number): TestRow[] {
    return this.db
      .prepare<[number], TestRow>("SELECT name, etag, at, by FROM test WHERE flow = ? ORDER BY name")
      .all(flow);
  }

  get(flow: number, name: string): (TestRow & { readonly data: string }) | undefined {
    return this.db
      .prepare<[number, string], TestRow & { data: string }>(
        "SELECT name, etag, at, by, data FROM test WHERE flow = ? AND name = ?",
      )
      .get(flow, name);
  }

  /** @returns its ETag, made of its content and of the time */
  put(flow: number, name: string, data: string, { by, at }: { by: string; at: number }): string {
    const etag = `"${sha256(`${at} ${data}`).slice(0, 24)}"`;
    this.db.prepare("INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?, ?, ?)").run(flow, name, etag, data, at, by);
    return etag;
  }

  remove(flow: number, name: string): void {
    this.db.prepare("DELETE FROM test WHERE flow = ? AND name = ?").run(flow, name);
  }
}

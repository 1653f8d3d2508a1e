import type Database from "better-sqlite3";

/** A picture without its bytes. Times in ms. */
export type PictureRow = {
  /** SHA-256 of its bytes and its type. */
  readonly name: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** The flow that it was first uploaded for, while there is one; null also for a profile's. */
  readonly flow: number | null;
  readonly by: string;
  readonly at: number;
  /** Since when nothing names it; null while something does. */
  readonly unused: number | null;
};
export type NewPictureRow = Omit<PictureRow, "unused">;

/** What of a flow names a picture: a kept state of its draft, the text that it came with, a version that waits. */
const NAMED_BY_FLOW = `SELECT picture FROM picture_use WHERE blob IN (
  SELECT json FROM state WHERE flow = @flow UNION SELECT settings FROM state WHERE flow = @flow
  UNION SELECT text FROM state WHERE flow = @flow UNION SELECT text FROM source WHERE flow = @flow
  UNION SELECT json FROM held WHERE flow = @flow UNION SELECT settings FROM held WHERE flow = @flow)`;

/** The pictures that the server keeps. */
export class Pictures {
  readonly #get: Database.Statement<[string], PictureRow>;
  readonly #data: Database.Statement<[string], { data: Buffer }>;
  readonly #named: Database.Statement<[string], { n: number }>;
  readonly #mark: Database.Statement<[number | null, string]>;

  constructor(private readonly db: Database.Database) {
    this.#get = db.prepare("SELECT * FROM picture WHERE name = ?");
    this.#data = db.prepare("SELECT data FROM picture_data WHERE name = ?");
    this.#named = db.prepare("SELECT 1 AS n FROM picture_use WHERE picture = ? LIMIT 1");
    this.#mark = db.prepare("UPDATE picture SET unused = ? WHERE name = ?");
  }

  get(name: string): PictureRow | undefined {
    return this.#get.get(name);
  }

  data(name: string): Buffer | undefined {
    return this.#data.get(name)?.data;
  }

  all(): PictureRow[] {
    return this.db.prepare<[], PictureRow>("SELECT * FROM picture ORDER BY name").all();
  }

  /** Runs in the caller's transaction. It is unused until something names it. */
  add(row: NewPictureRow, data: Uint8Array): void {
    this.db.prepare("INSERT INTO picture VALUES (@name, @bytes, @width, @height, @flow, @by, @at, @at)").run(row);
    this.db.prepare("INSERT INTO picture_data VALUES (?, ?)").run(row.name, data);
  }

  /** Whether a text of the store names it. */
  isNamed(name: string): boolean {
    return this.#named.get(name) !== undefined;
  }

  /** Says since when nothing names it, or that something does (null). */
  mark(name: string, unused: number | null): void {
    this.#mark.run(unused, name);
  }

  remove(name: string): void {
    this.db.prepare("DELETE FROM picture WHERE name = ?").run(name);
  }

  /** Bytes of all pictures. */
  totalBytes(): number {
    return this.db.prepare<[], { n: number }>("SELECT ifnull(sum(bytes), 0) AS n FROM picture").get()!.n;
  }

  /** Bytes of a flow's pictures: those that it names, kept states included, and those uploaded for it that nothing names yet. */
  bytesOf(flow: number): number {
    return this.db
      .prepare<[{ flow: number }], { n: number }>(
        `SELECT ifnull(sum(bytes), 0) AS n FROM picture
         WHERE name IN (${NAMED_BY_FLOW}) OR (flow = @flow AND unused IS NOT NULL)`,
      )
      .get({ flow })!.n;
  }

  /** Bytes of the profiles' pictures, and of those of no flow that nothing names yet. */
  bytesOfProfiles(): number {
    return this.db
      .prepare<[], { n: number }>(
        `SELECT ifnull(sum(bytes), 0) AS n FROM picture
         WHERE name IN (SELECT picture FROM profile_picture) OR (flow IS NULL AND unused IS NOT NULL)`,
      )
      .get()!.n;
  }
}

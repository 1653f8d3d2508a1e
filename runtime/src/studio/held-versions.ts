import type Database from "better-sqlite3";
import type { Blobs, Packed } from "./blobs.js";

/** A version of a served file that was not published, since the studio had published in between. */
export type HeldVersion = {
  readonly n: number;
  /** Digests. */
  readonly json: string;
  readonly settings: string;
  readonly by: string;
  readonly note: string;
  readonly at: number;
  /** The version that was live when it came. */
  readonly against: number;
};

/** So many of a flow are kept; the oldest go first. */
const KEPT = 50;

/** The unpublished versions of served files. */
export class HeldVersions {
  constructor(
    private readonly db: Database.Database,
    private readonly blobs: Blobs,
  ) {}

  /** Newest first. */
  list(flow: number): HeldVersion[] {
    return this.db.prepare<[number], HeldVersion>("SELECT * FROM held WHERE flow = ? ORDER BY n DESC").all(flow);
  }

  last(flow: number): HeldVersion | undefined {
    return this.list(flow)[0];
  }

  get(flow: number, n: number): HeldVersion | undefined {
    return this.list(flow).find((held) => held.n === n);
  }

  add(
    flow: number,
    version: { json: Packed; settings: Packed } & Pick<HeldVersion, "by" | "note" | "at" | "against">,
  ): void {
    this.db.transaction(() => {
      const n = (this.last(flow)?.n ?? 0) + 1;
      const { by, note, at, against } = version;
      this.db
        .prepare("INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .run(flow, n, this.blobs.put(version.json), this.blobs.put(version.settings), by, note, at, against);
      for (const old of this.list(flow).slice(KEPT)) {
        this.db.prepare("DELETE FROM held WHERE flow = ? AND n = ?").run(flow, old.n);
        this.blobs.sweep([old.json, old.settings]);
      }
    })();
  }

  /** The texts of flow and settings. */
  async texts(version: HeldVersion): Promise<{ json: string; settings: string }> {
    const [json, settings] = await Promise.all([this.blobs.text(version.json), this.blobs.text(version.settings)]);
    return { json, settings };
  }
}

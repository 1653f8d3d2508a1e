import { promisify } from "node:util";
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from "node:zlib";
import { picturesIn } from "@parley/shared/flow/pictures";
import type Database from "better-sqlite3";
import { sha256 } from "../registry/registry.js";

/** A text ready to be stored, and the names of the pictures in it. */
export type Packed = { readonly digest: string; readonly data: Buffer; readonly pictures: readonly string[] };

/** Below this many characters another thread would cost more than the work. */
const SMALL = 32 * 1024;
const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)];

/** Deflates a text; a large one on another thread, so that no conversation waits for a draft. */
export async function pack(text: string): Promise<Packed> {
  const bytes = Buffer.from(text);
  const data = text.length < SMALL ? deflateRawSync(bytes) : await deflate(bytes);
  return { digest: sha256(bytes), data, pictures: picturesIn(text) };
}

/** Texts by digest. What nothing refers to any more is removed by `sweep`. */
export class Blobs {
  readonly #get: Database.Statement<[string], { data: Buffer }>;
  readonly #put: Database.Statement<[string, Buffer]>;
  readonly #use: Database.Statement<[string, string]>;
  readonly #count: Database.Statement<[], { n: number }>;
  readonly #drop: Database.Statement<[{ digest: string }]>;

  constructor(db: Database.Database) {
    this.#get = db.prepare("SELECT data FROM blob WHERE digest = ?");
    this.#count = db.prepare("SELECT count(*) AS n FROM blob");
    this.#put = db.prepare("INSERT OR IGNORE INTO blob VALUES (?, ?)");
    this.#use = db.prepare("INSERT INTO picture_use VALUES (?, ?)");
    this.#drop = db.prepare(`DELETE FROM blob WHERE digest = @digest
      AND NOT EXISTS (SELECT 1 FROM state WHERE json = @digest) AND NOT EXISTS (SELECT 1 FROM state WHERE layout = @digest)
      AND NOT EXISTS (SELECT 1 FROM state WHERE settings = @digest) AND NOT EXISTS (SELECT 1 FROM state WHERE text = @digest)
      AND NOT EXISTS (SELECT 1 FROM source WHERE text = @digest)
      AND NOT EXISTS (SELECT 1 FROM held WHERE json = @digest) AND NOT EXISTS (SELECT 1 FROM held WHERE settings = @digest)
      AND NOT EXISTS (SELECT 1 FROM draft_link WHERE json = @digest)
      AND NOT EXISTS (SELECT 1 FROM draft_link WHERE layout = @digest)
      AND NOT EXISTS (SELECT 1 FROM draft_link WHERE settings = @digest)`);
  }

  /** Runs in the caller's transaction. */
  put({ digest, data, pictures }: Packed): string {
    const { changes } = this.#put.run(digest, data);
    if (changes > 0) for (const picture of pictures) this.#use.run(digest, picture);
    return digest;
  }

  async text(digest: string): Promise<string> {
    const { data } = this.#get.get(digest)!;
    return (data.length < SMALL ? inflateRawSync(data) : await inflate(data)).toString("utf8");
  }

  get count(): number {
    return this.#count.get()!.n;
  }

  /** Removes those of `digests` that nothing refers to. */
  sweep(digests: Iterable<string>): void {
    for (const digest of new Set(digests)) this.#drop.run({ digest });
  }
}

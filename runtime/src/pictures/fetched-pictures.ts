import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isPictureName, PICTURE_LIMITS } from "@parley/shared/flow/pictures";
import type { Logger } from "pino";
import { reason } from "../errors.js";
import { Recent } from "../log/recent.js";
import { sha256 } from "../registry/registry.js";
import { readPicture } from "./read-picture.js";

export type FetchedPicturesOptions = {
  /** Of the data folder; made when it is not there. */
  readonly folder: string;
  /** Where the studio is; undefined: there are no pictures but those in the folder. */
  readonly studio: URL | undefined;
  /** Bytes that the folder may have. */
  readonly room: number;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
};

/** The studio cannot be asked for a picture now. */
export class PictureAwayError extends Error {
  override readonly name = "PictureAwayError";
  constructor(
    /** Seconds after which to ask again. */
    readonly retryAfter: number,
    options?: { cause?: unknown },
  ) {
    super("The picture is with the studio, which cannot be asked now.", options);
  }
}

/** Milliseconds that the studio gets to answer. */
const TIMEOUT = 10_000;
/** Seconds until a browser may ask again for what the studio did not give. */
const AGAIN = 5;
/** Pictures asked for at once; whoever wants one more comes again. */
const MOST = 16;
/** A picture that the studio does not have is not asked for again so soon, in ms: any name may be asked for here. */
const MISSING = 30_000;
const MISSING_KEPT = 1_000;

/**
 * The pictures of flows in a process without the studio's store: each is asked for once, by the digest in its name, and
 * kept in a folder that holds so much and no more; those used longest ago go first.
 */
export class FetchedPictures {
  /** What is in the folder: bytes by name, those used longest ago first. */
  #kept: Promise<Map<string, number>> | undefined;
  readonly #asked = new Map<string, Promise<Buffer | undefined>>();
  #asking = 0;
  /** When the studio said that it has none. */
  readonly #missing = new Recent<number>(MISSING_KEPT);
  /** Bytes that are being sent: a thousand slow readers of a picture hold it once. */
  readonly #sent = new Map<string, WeakRef<Buffer>>();
  readonly #now: () => number;

  constructor(private readonly options: FetchedPicturesOptions) {
    this.#now = options.now ?? Date.now;
  }

  /** A picture's bytes, by its name; undefined where there is none. @throws PictureAwayError */
  async bytes(name: string): Promise<Buffer | undefined> {
    if (!isPictureName(name)) return undefined;
    const held = this.#sent.get(name)?.deref();
    if (held) return held;
    const asked = this.#asked.get(name) ?? this.#find(name).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    const bytes = await asked;
    if (bytes) this.#hold(name, bytes);
    return bytes;
  }

  #hold(name: string, bytes: Buffer): void {
    this.#sent.set(name, new WeakRef(bytes));
    if (this.#sent.size <= MISSING_KEPT) return;
    for (const [other, held] of this.#sent) if (held.deref() === undefined) this.#sent.delete(other);
  }

  async #find(name: string): Promise<Buffer | undefined> {
    const kept = await this.#open();
    return (kept.has(name) ? await this.#read(kept, name) : undefined) ?? (await this.#fetch(name));
  }

  /** From the folder; undefined where the file is not what its name says any more. */
  async #read(kept: Map<string, number>, name: string): Promise<Buffer | undefined> {
    const file = join(this.options.folder, name);
    const bytes = await readFile(file).catch(() => undefined);
    const length = kept.get(name) ?? 0;
    kept.delete(name);
    if (bytes && isPicture(name, bytes)) {
      kept.set(name, length);
      await this.#used(file).catch(() => undefined);
      return bytes;
    }
    await rm(file, { force: true });
    return undefined;
  }

  async #fetch(name: string): Promise<Buffer | undefined> {
    const { studio, logger, fetch: get = fetch } = this.options;
    if (studio === undefined) return undefined;
    const missing = this.#missing.get(name);
    if (missing !== undefined && this.#now() - missing < MISSING) return undefined;
    if (this.#asking >= MOST) throw new PictureAwayError(AGAIN);
    let bytes: Buffer;
    this.#asking += 1;
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const response = await get(new URL(`assets/${name}`, studio), { signal, redirect: "error" });
      if (response.status === 404) {
        await response.body?.cancel();
        this.#missing.set(name, this.#now());
        return undefined;
      }
      bytes = await bodyOf(response);
      if (!isPicture(name, bytes)) throw new Error("what came is not the picture that its name says");
    } catch (cause) {
      logger.warn({ picture: name }, `a picture cannot be had from the studio: ${reason(cause)}`);
      throw new PictureAwayError(AGAIN, { cause });
    } finally {
      this.#asking -= 1;
    }
    await this.#keep(name, bytes).catch((error: unknown) => logger.warn({ err: error }, "a picture is not kept"));
    return bytes;
  }

  async #keep(name: string, bytes: Buffer): Promise<void> {
    const { folder, room } = this.options;
    if (bytes.length > room) return;
    const kept = await this.#open();
    let total = bytes.length;
    for (const length of kept.values()) total += length;
    for (const [other, length] of kept) {
      if (total <= room) break;
      kept.delete(other);
      total -= length;
      await rm(join(folder, other), { force: true });
    }
    kept.set(name, bytes.length);
    const file = join(folder, `${randomUUID()}.new`);
    await writeFile(file, bytes, { mode: 0o600 });
    await this.#used(file);
    await rename(file, join(folder, name));
  }

  async #used(file: string): Promise<void> {
    const now = new Date(this.#now());
    await utimes(file, now, now);
  }

  /** What is in the folder. */
  #open(): Promise<Map<string, number>> {
    this.#kept ??= this.#look().catch((error: unknown) => {
      this.#kept = undefined;
      throw error;
    });
    return this.#kept;
  }

  async #look(): Promise<Map<string, number>> {
    const { folder } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = await readdir(folder);
    // One that was being written when the process was killed is none.
    await Promise.all(
      names.filter((name) => !isPictureName(name)).map((name) => rm(join(folder, name), { force: true })),
    );
    const files = await Promise.all(
      names.filter(isPictureName).map(async (name) => ({ name, ...(await stat(join(folder, name))) })),
    );
    return new Map(files.sort((a, b) => a.mtimeMs - b.mtimeMs).map(({ name, size }) => [name, size]));
  }
}

/** @throws Error what is no answer of the studio, or larger than a picture may be */
async function bodyOf(response: Response): Promise<Buffer> {
  if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > PICTURE_LIMITS.bytes) throw new Error("what came is larger than a picture may be");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether these bytes are what the name says: their digest, and their type as it is read from them. */
function isPicture(name: string, bytes: Buffer): boolean {
  const found = readPicture(bytes);
  return !("flaw" in found) && name === `${sha256(bytes)}.${found.type}`;
}

import type { SessionRow } from "./store.js";

/** Chunks that are kept at most: of a reader of all partitions, and of one that begins behind it. */
const KEPT = 2;

type Chunk = {
  readonly after: number;
  readonly upTo: number;
  readonly full: boolean;
  /** By partition. */
  readonly rows: readonly (readonly SessionRow[])[];
  /** The last place that was looked at. */
  readonly scanned: number;
  /** Readings of it that are still to be expected. */
  left: number;
};
export type Part = { readonly rows: readonly SessionRow[]; readonly scanned: number };

/**
 * Stored rows for the readers of partitions. The store looks at all of them in their order, so whoever reads every
 * partition, a few rows of each in turn, would have each row read once a partition: here it is read once.
 */
export class SharedRows {
  #chunks: Chunk[] = [];

  constructor(
    private readonly partitions: number,
    private readonly partitionOf: (sid: string) => number,
    private readonly read: (after: number, upTo: number, limit: number) => readonly SessionRow[],
  ) {}

  /** The rows of a partition in (after, upTo]; looks at no more than `limit` rows. */
  take(partition: number, after: number, upTo: number, limit: number): Part {
    const chunk =
      this.#chunks.find((one) => one.after === after && (one.upTo <= upTo || (one.full && one.scanned <= upTo))) ??
      this.#load(after, upTo, limit);
    chunk.left -= 1;
    if (chunk.left === 0) this.#chunks = this.#chunks.filter((one) => one !== chunk);
    return { rows: chunk.rows[partition]!, scanned: chunk.scanned };
  }

  /** Forgets what was read: rows were deleted. */
  clear(): void {
    this.#chunks = [];
  }

  #load(after: number, upTo: number, limit: number): Chunk {
    const all = this.read(after, upTo, limit);
    const rows = Array.from({ length: this.partitions }, (): SessionRow[] => []);
    for (const row of all) rows[this.partitionOf(row.sid)]!.push(row);
    const full = all.length >= limit;
    const scanned = full ? all[all.length - 1]!.pos : upTo;
    const chunk = { after, upTo, full, rows, scanned, left: this.partitions };
    this.#chunks = [...this.#chunks.slice(1 - KEPT), chunk];
    return chunk;
  }
}

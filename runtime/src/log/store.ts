/**
 * What lies below the queue of the embedded logs: one writer that commits groups, and reads that answer at once.
 * `memory.ts` and `sqlite.ts` each bring one; everything that callers see is made of it by `queued-log.ts`.
 */

/** The place of the last durable record of each stream; 0 before the first. */
export type Heads = { readonly records: number; readonly control: number };

/**
 * What one commit stores, all or none. The places of each stream follow on from its first without holes. Lists of
 * strings, because they cross to the writer's thread.
 */
export type Group = {
  readonly first: number;
  readonly sids: readonly string[];
  /** Each record as JSON, beside its `sid`. */
  readonly data: readonly string[];
  readonly controlFirst: number;
  readonly control: readonly string[];
  /**
   * Sessions that end with this group: what stands before `pos` of them is deleted in the same commit, and so is each
   * `Link` to them under the number `person`.
   */
  readonly erased: readonly { readonly sid: string; readonly pos: number; readonly person?: string | undefined }[];
};

export type Row = { readonly pos: number; readonly data: string };
export type SessionRow = Row & { readonly sid: string };

export interface Store {
  /** Resolves once the group is durable; rejects with `CommitError`. Never called before the last call has ended. */
  commit(group: Group): Promise<void>;
  /** Asks the writer itself, after a commit whose outcome nobody knows. */
  heads(): Promise<Heads>;
  /** Commits nothing that counts, to learn whether the writer works again; rejects with `CommitError`. */
  probe(): Promise<void>;
  /** Durable conversation records placed in (after, upTo], in order, at most `limit`. */
  records(after: number, upTo: number, limit: number): readonly SessionRow[];
  /** The same of one session, or all of them where they are not found from the first. Of an erased one only `Erased` is left. */
  session(sid: string, after: number, upTo: number, limit: number): readonly Row[];
  control(after: number, upTo: number, limit: number): readonly Row[];
  erased(sid: string): boolean;
  /** Takes what was deleted out of the files. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** A commit that failed. `certain`: nothing of it is stored. `heads` says where the store stands now, if it could be asked. */
export class CommitError extends Error {
  override readonly name = "CommitError";
  readonly certain: boolean;
  readonly heads: Heads | undefined;
  constructor(message: string, options: { certain: boolean; heads?: Heads | undefined; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.certain = options.certain;
    this.heads = options.heads;
  }
}

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { compile, type Program } from "@parley/shared/flow/compile";
import type { Settings } from "@parley/shared/flow/settings";
import type { Beginning, ControlRecord, PublishedMessage, UnpublishedMessage } from "@parley/shared/record";
import { RECORD_VERSION } from "@parley/shared/record";
import type { Logger } from "pino";
import { type Cursor, type EventLog, LogOpenError } from "../log/event-log.js";

/** One published version of a flow. Immutable. */
export type Version = {
  readonly flow: string;
  /** The n-th that counted, from 1. */
  readonly version: number;
  /** SHA-256 (hex) of the flow as compact JSON. */
  readonly digest: string;
  readonly settings: Settings;
  readonly by: string;
  readonly note: string;
  readonly at: string;
  /** The older version that this one made live again. */
  readonly back?: number;
};
/** That a flow was taken down: no version of it is live. */
export type TakenDown = { readonly by: string; readonly note: string; readonly at: string };
/** What a version is made of. */
export type Publication = {
  readonly flow: string;
  readonly json: unknown;
  readonly settings: Settings;
  readonly by: string;
  readonly note: string;
  readonly back?: number;
};
/** Who appends a record, and when. */
type Stamp = { readonly id: string; readonly timestamp: string };

const PART_BYTES = 6 * 1024; // 8 KiB as base64
const KINDS: ReadonlySet<string> = new Set(["Part", "Published", "Unpublished"]);
/** Compiled programs kept at hand; the others are compiled again when a conversation on them goes on. */
const PROGRAMS = 64;

/**
 * The published versions as the control stream tells them, in every proxy and workflow the same: all parts there, the
 * digest right, and `parent` the version before it, live or taken down as it says; any other `Published` is void.
 */
export class Registry {
  readonly #versions = new Map<string, Version[]>();
  readonly #down = new Map<string, TakenDown>();
  /** Flow texts by digest, deflated: a thousand versions of 100 kB are about 10 MB. */
  readonly #texts = new Map<string, Buffer>();
  readonly #parts = new Map<string, (string | undefined)[]>();
  readonly #programs = new Map<string, Program>();
  readonly #steps = new Map<string, number>();
  /** Ids of the acts (`Published`, `Unpublished`) that were judged, and of those that count. */
  readonly #judged = new Set<string>();
  readonly #counted = new Set<string>();
  readonly #waiting = new Set<{ readonly head: Cursor; resolve(): void; reject(error: Error): void }>();
  #cursor: Cursor;
  #unreadable = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {
    this.#cursor = log.start;
  }

  /** Reads the control stream to its present end, then goes on until `signal` aborts. Resolves at the present end. */
  async start(signal: AbortSignal): Promise<void> {
    const head = await this.log.control.head();
    void this.#follow(signal);
    await this.#readTo(head);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const batch of this.log.control.subscribe(this.#cursor, { signal })) {
          if ("gap" in batch) continue;
          for (const record of batch.records) this.#take(record);
          this.#cursor = batch.cursor;
          for (const waiting of this.#waiting) if (this.log.reached(waiting.head, batch.cursor)) waiting.resolve();
        }
        if (!signal.aborted) throw new Error("The log has ended its control stream.");
      } catch (error) {
        // Damage does not heal by reading again: whoever waits is told.
        if (error instanceof LogOpenError && error.code === "corrupt")
          for (const waiting of this.#waiting) waiting.reject(error);
        this.logger.warn({ err: error }, "control stream lost, reading again");
        await delay(250, undefined, { signal }).catch(() => undefined);
      }
    }
    for (const waiting of this.#waiting) waiting.reject(new Error("The server is stopping."));
  }

  #take(record: ControlRecord): void {
    const message = record.payload.message;
    if (record.v > RECORD_VERSION || !KINDS.has(message.kind)) this.#stopAt(record);
    if (this.#unreadable) return;
    if (message.kind === "Part") {
      if (this.#texts.has(message.digest)) return;
      const parts = this.#parts.get(message.digest) ?? new Array<string | undefined>(message.of);
      parts[message.n] = message.data;
      this.#parts.set(message.digest, parts);
      return;
    }
    // Judged once, where it stands: read again behind later records, a void one might count.
    if (this.#judged.size === this.#judged.add(record.id).size || !this.#counts(message)) return;
    this.#counted.add(record.id);
    const { flow, by, note } = message;
    const at = record.timestamp;
    if (message.kind === "Unpublished") this.#down.set(flow, { by, note, at });
    else {
      const versions = this.#versions.get(flow) ?? [];
      const { digest, back } = message;
      const settings = (message.settings ?? {}) as Settings;
      const version = versions.length + 1;
      versions.push({ flow, version, digest, settings, by, note, at, ...(back !== undefined && { back }) });
      this.#versions.set(flow, versions);
      this.#down.delete(flow);
    }
    for (const listener of this.#listeners) listener();
  }

  /** What stands behind a record that this build cannot read would be counted wrongly (L4). */
  #stopAt(record: ControlRecord): void {
    if (this.#unreadable) return;
    this.#unreadable = true;
    this.logger.error({ id: record.id }, "a newer server has published: versions from there on are unknown here");
  }

  #counts(message: PublishedMessage | UnpublishedMessage): boolean {
    if (message.parent !== this.versions(message.flow).length) return false;
    const down = this.#down.has(message.flow);
    if (message.kind === "Unpublished") return message.parent > 0 && !down;
    if ((message.down ?? false) !== down) return false;
    if (this.#texts.has(message.digest)) return true;
    const parts = this.#parts.get(message.digest);
    if (!parts || parts.includes(undefined)) return false;
    const text = Buffer.concat(parts.map((part) => Buffer.from(part!, "base64")));
    if (sha256(text) !== message.digest) return false;
    this.#texts.set(message.digest, deflateRawSync(text));
    this.#parts.delete(message.digest);
    return true;
  }

  /** Whether every version is known here: false behind one that a newer server has published. */
  get complete(): boolean {
    return !this.#unreadable;
  }

  /** Ids of the flows that have a version. */
  flows(): string[] {
    return [...this.#versions.keys()];
  }

  versions(flow: string): readonly Version[] {
    return this.#versions.get(flow) ?? [];
  }

  /** The version that new conversations begin with; undefined for an unknown flow and one that was taken down. */
  live(flow: string): Version | undefined {
    return this.#down.has(flow) ? undefined : this.last(flow);
  }

  /** The newest version, live or not: what origins, limits and appearance follow while conversations finish. */
  last(flow: string): Version | undefined {
    return this.#versions.get(flow)?.at(-1);
  }

  /** Who took the flow down and when, while no version of it is live. */
  takenDown(flow: string): TakenDown | undefined {
    return this.#down.get(flow);
  }

  /** What the first record of a conversation on the live version says. */
  beginning(flow: string): Beginning | undefined {
    const live = this.live(flow);
    return live && { flow, version: live.version, step: this.#step(live) };
  }

  /** The number of the stepping rules that a version needs. It is asked for each new conversation, and is of few versions. */
  #step(version: Version): number {
    let step = this.#steps.get(version.digest);
    if (step === undefined) {
      step = this.program(version)?.step ?? 1;
      this.#steps.set(version.digest, step);
    }
    return step;
  }

  /** The program that a conversation runs on, or undefined while this process has not read that version. */
  program({ flow, version }: Pick<Beginning, "flow" | "version">): Program | undefined {
    const digest = this.#versions.get(flow)?.[version - 1]?.digest;
    if (digest === undefined) return undefined;
    const known = this.#programs.get(digest);
    if (known) return known;
    const program = compile(JSON.parse(this.#text(digest)));
    this.#programs.set(digest, program);
    if (this.#programs.size > PROGRAMS) this.#programs.delete(this.#programs.keys().next().value!);
    return program;
  }

  /** The flow of a version as compact JSON, or undefined while this process has not read that version. */
  text({ flow, version }: Pick<Version, "flow" | "version">): string | undefined {
    const digest = this.#versions.get(flow)?.[version - 1]?.digest;
    return digest === undefined ? undefined : this.#text(digest);
  }

  #text(digest: string): string {
    return inflateRawSync(this.#texts.get(digest)!).toString("utf8");
  }

  /** Calls `listener` after each new version, and after a flow was taken down. Returns the function that ends it. */
  onPublished(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Publishes a version and waits until this process has read it back.
   * @param parent the number of the version it was made over: the newest one, or another makes it void
   * @returns the version, or undefined when another act came first
   * @throws AppendError
   */
  async publish(
    publication: Publication,
    stamp: Stamp,
    parent = this.versions(publication.flow).length,
  ): Promise<Version | undefined> {
    const { flow, json, settings, by, note, back } = publication;
    const text = Buffer.from(JSON.stringify(json));
    const digest = sha256(text);
    const published = this.#control(`v.${stamp.id}`, stamp.timestamp, {
      kind: "Published",
      flow,
      digest,
      parent,
      settings,
      by,
      note,
      ...(this.#down.has(flow) && { down: true }),
      ...(back !== undefined && { back }),
    });
    // What was published before is on the log.
    const count = this.#texts.has(digest) ? 0 : Math.max(1, Math.ceil(text.length / PART_BYTES));
    const parts = Array.from({ length: count }, (_, n) => {
      const data = text.subarray(n * PART_BYTES, (n + 1) * PART_BYTES).toString("base64");
      return this.#control(`p.${digest}.${n}`, stamp.timestamp, { kind: "Part", digest, n, of: count, data });
    });
    return (await this.#act([...parts, published])) ? this.versions(flow)[parent] : undefined;
  }

  /**
   * Takes a flow down and waits until this process has read it back.
   * @param act `parent`: the number of the version that is live
   * @returns whether it counts; not when another act came first
   * @throws AppendError
   */
  unpublish(act: { flow: string; parent: number; by: string; note: string }, stamp: Stamp): Promise<boolean> {
    return this.#act([this.#control(`u.${stamp.id}`, stamp.timestamp, { kind: "Unpublished", ...act })]);
  }

  /** Appends; whether the last of the records, an act, counts where it stands. */
  async #act(records: ControlRecord[]): Promise<boolean> {
    await this.log.control.append(records);
    await this.#readTo(await this.log.control.head());
    return this.#counted.has(records.at(-1)!.id);
  }

  #control(id: string, timestamp: string, message: ControlRecord["payload"]["message"]): ControlRecord {
    return { v: RECORD_VERSION, id, timestamp, payload: { kind: "Control", message } };
  }

  /** Resolves when the control stream was read up to `head`. */
  #readTo(head: Cursor): Promise<void> {
    if (this.log.reached(head, this.#cursor)) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const settled = (settle: () => void) => () => {
        this.#waiting.delete(waiting);
        settle();
      };
      const waiting = { head, resolve: settled(resolve), reject: (error: Error) => settled(() => reject(error))() };
      this.#waiting.add(waiting);
    });
  }
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

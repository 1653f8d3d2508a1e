import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { compile, type Program } from "@parley/shared/flow/compile";
import type { Settings } from "@parley/shared/flow/settings";
import type { Beginning, ControlRecord, PublishedMessage } from "@parley/shared/record";
import { RECORD_VERSION } from "@parley/shared/record";
import { STEP } from "@parley/shared/session/step";
import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";

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
};

const PART_BYTES = 6 * 1024; // 8 KiB as base64
/** Compiled programs kept at hand; the others are compiled again when a conversation on them goes on. */
const PROGRAMS = 64;

/**
 * The published versions as the control stream tells them, in every proxy and workflow the same: all parts there, the
 * digest right, and `parent` the version live before it; any other `Published` is void.
 */
export class Registry {
  readonly #versions = new Map<string, Version[]>();
  /** Flow texts by digest, deflated: a thousand versions of 100 kB are about 10 MB. */
  readonly #texts = new Map<string, Buffer>();
  readonly #parts = new Map<string, (string | undefined)[]>();
  readonly #programs = new Map<string, Program>();
  readonly #published = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {}

  /** Reads the control stream to its present end, then goes on until `signal` aborts. Resolves at the present end. */
  async start(signal: AbortSignal): Promise<void> {
    const head = await this.log.control.head();
    await new Promise<void>((resolve, reject) => {
      if (this.log.reached(head, this.log.start)) resolve();
      this.#follow(signal, (cursor) => this.log.reached(head, cursor) && resolve()).catch(reject);
    });
  }

  async #follow(signal: AbortSignal, caughtUp: (cursor: string) => void): Promise<void> {
    for (let after: string | undefined; !signal.aborted; ) {
      try {
        for await (const batch of this.log.control.subscribe(after, { signal })) {
          if ("gap" in batch) continue;
          for (const record of batch.records) this.#take(record);
          after = batch.cursor;
          caughtUp(batch.cursor);
        }
      } catch (error) {
        this.logger.warn({ err: error }, "control stream lost, reading again");
        await delay(250, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #take(record: ControlRecord): void {
    if (record.v > RECORD_VERSION || this.#published.has(record.id)) return;
    const message = record.payload.message;
    if (message.kind === "Part") {
      if (this.#texts.has(message.digest)) return;
      const parts = this.#parts.get(message.digest) ?? new Array<string | undefined>(message.of);
      parts[message.n] = message.data;
      this.#parts.set(message.digest, parts);
    } else if (message.kind === "Published" && this.#counts(message)) {
      this.#published.add(record.id);
      const versions = this.#versions.get(message.flow) ?? [];
      const settings = (message.settings ?? {}) as Settings;
      const { flow, digest, by, note } = message;
      versions.push({ flow, version: versions.length + 1, digest, settings, by, note, at: record.timestamp });
      this.#versions.set(flow, versions);
      for (const listener of this.#listeners) listener();
    }
  }

  #counts(message: PublishedMessage): boolean {
    if (message.parent !== (this.#versions.get(message.flow)?.length ?? 0)) return false;
    if (this.#texts.has(message.digest)) return true;
    const parts = this.#parts.get(message.digest);
    if (!parts || parts.includes(undefined)) return false;
    const text = Buffer.concat(parts.map((part) => Buffer.from(part!, "base64")));
    if (sha256(text) !== message.digest) return false;
    this.#texts.set(message.digest, deflateRawSync(text));
    this.#parts.delete(message.digest);
    return true;
  }

  /** Ids of the flows that have a version. */
  flows(): string[] {
    return [...this.#versions.keys()];
  }

  versions(flow: string): readonly Version[] {
    return this.#versions.get(flow) ?? [];
  }

  /** The version that new conversations begin with; undefined for an unknown flow. */
  live(flow: string): Version | undefined {
    return this.#versions.get(flow)?.at(-1);
  }

  /** What the first record of a conversation on the live version says. */
  beginning(flow: string): Beginning | undefined {
    const live = this.live(flow);
    return live && { flow, version: live.version, step: STEP };
  }

  /** The program that a conversation runs on, or undefined while this process has not read that version. */
  program({ flow, version }: Pick<Beginning, "flow" | "version">): Program | undefined {
    const digest = this.#versions.get(flow)?.[version - 1]?.digest;
    if (digest === undefined) return undefined;
    const known = this.#programs.get(digest);
    if (known) return known;
    const program = compile(JSON.parse(inflateRawSync(this.#texts.get(digest)!).toString("utf8")));
    this.#programs.set(digest, program);
    if (this.#programs.size > PROGRAMS) this.#programs.delete(this.#programs.keys().next().value!);
    return program;
  }

  /** Calls `listener` after each new version. Returns the function that ends it. */
  onPublished(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Publishes a version and waits until this process has read it back.
   * @returns the version, or undefined when another was published first (`parent` was no longer live).
   * @throws AppendError
   */
  async publish(
    draft: { flow: string; json: unknown; settings: Settings; by: string; note: string },
    context: { id: string; timestamp: string },
  ): Promise<Version | undefined> {
    const text = Buffer.from(JSON.stringify(draft.json));
    const digest = sha256(text);
    const parent = this.versions(draft.flow).length;
    const { flow, settings, by, note } = draft;
    const message: PublishedMessage = { kind: "Published", flow, digest, parent, settings, by, note };
    const published = this.#control(`v.${context.id}`, context.timestamp, message);
    const count = Math.max(1, Math.ceil(text.length / PART_BYTES));
    const parts = Array.from({ length: count }, (_, n) => {
      const data = text.subarray(n * PART_BYTES, (n + 1) * PART_BYTES).toString("base64");
      return this.#control(`p.${digest}.${n}`, context.timestamp, { kind: "Part", digest, n, of: count, data });
    });
    await this.log.control.append([...parts, published]);
    const head = await this.log.control.head();
    await this.#readTo(head);
    return this.versions(flow)[parent]?.digest === digest && this.#published.has(published.id)
      ? this.versions(flow)[parent]
      : undefined;
  }

  #control(id: string, timestamp: string, message: ControlRecord["payload"]["message"]): ControlRecord {
    return { v: RECORD_VERSION, id, timestamp, payload: { kind: "Control", message } };
  }

  /** Reads the records up to `head` directly: the tail delivers the same ones, which changes nothing. */
  async #readTo(head: string): Promise<void> {
    const done = new AbortController();
    for await (const batch of this.log.control.subscribe(undefined, { signal: done.signal })) {
      if ("gap" in batch) continue;
      for (const record of batch.records) this.#take(record);
      if (this.log.reached(head, batch.cursor)) break;
    }
    done.abort();
  }
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { MOST_REPLAYED, type WhatIfLine, type WhatIfTranscript } from "@parley/shared/api/what-if";
import { compile } from "@parley/shared/flow/compile";
import { findRenames } from "@parley/shared/flow/find-renames";
import type { FlowJson } from "@parley/shared/flow/json";
import { recordings } from "@parley/shared/session/recording";
import { whatIf } from "@parley/shared/session/what-if";
import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";
import { workerUrl } from "../log/worker-url.js";
import type { ConversationReader, Kept } from "../projection/reading.js";
import type { Registry } from "../registry/registry.js";
import { Refusal } from "../studio/refusal.js";
import { besides } from "./besides.js";
import type { Played } from "./tally.js";
import type { Given, Handed, Told } from "./what-if-worker.js";

export type WhatIfsOptions = {
  readonly log: Pick<EventLog, "read">;
  /** The log's file, if it is one: the worker reads it by itself. */
  readonly logFile: string | undefined;
  readonly registry: Pick<Registry, "text">;
  readonly reader: Pick<ConversationReader, "list">;
  readonly logger: Logger;
  readonly now: () => number;
};

const DAY = 24 * 3_600_000;
const PAGE = 500;
/** Workers of all people at once. */
const MOST = 2;
/** So often it is told how far it is, ms; and so soon a page that has gone is noticed. */
const TELL = 100;
const LONGEST = 60_000;
/** Of a worker's thread: flows and programs are a few times their size as JSON. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

/** What recorded conversations would have been on a draft, each in a thread of its own. */
export class WhatIfs {
  /** By who asked: a new one ends the one before. */
  readonly #running = new Map<string, { readonly end: AbortController; readonly began: number }>();

  constructor(private readonly options: WhatIfsOptions) {}

  /** Runs under way. */
  get count(): number {
    return this.#running.size;
  }

  /**
   * Plays the conversations of the last days. What it gives ends when nobody takes it any more.
   * @throws Refusal `too-many-requests`
   */
  run(owner: string, flow: string, draft: FlowJson, days: number): AsyncGenerator<string> {
    this.#running.get(owner)?.end.abort();
    this.#running.delete(owner);
    const now = this.options.now();
    // One that nobody came to take has no end of its own.
    for (const [other, { began }] of this.#running) if (now - began > LONGEST) this.#running.delete(other);
    if (this.#running.size >= MOST) {
      throw new Refusal("too-many-requests", "Others look at what would have happened. Try again in a moment.", {
        retryAfter: 10,
      });
    }
    const end = new AbortController();
    this.#running.set(owner, { end, began: now });
    return this.#lines(owner, flow, draft, days, end);
  }

  async *#lines(
    owner: string,
    flow: string,
    draft: FlowJson,
    days: number,
    end: AbortController,
  ): AsyncGenerator<string> {
    let worker: Worker | undefined;
    try {
      const rows = await this.#newest(flow, days);
      const total = rows.length;
      yield line({ kind: "progress", done: 0, total });
      const state: { done: number; last?: WhatIfLine } = { done: 0 };
      worker = this.#start(flow, draft, rows);
      const ended = this.#listen(worker, state);
      while (!state.last && !end.signal.aborted) {
        await Promise.race([ended, delay(TELL)]);
        yield line(state.last ?? { kind: "progress", done: state.done, total });
      }
      if (end.signal.aborted) yield line({ kind: "failed", title: "It was begun again elsewhere." });
    } finally {
      if (this.#running.get(owner)?.end === end) this.#running.delete(owner);
      await worker?.terminate();
    }
  }

  /** The newest conversations, a page at a time so that nobody waits long. */
  async #newest(flow: string, days: number): Promise<Kept[]> {
    const from = new Date(this.options.now() - days * DAY).toISOString();
    const rows: Kept[] = [];
    for (;;) {
      const page = await this.options.reader.list({ flows: [flow], from }, PAGE, rows.at(-1));
      rows.push(...page);
      if (page.length < PAGE || rows.length >= MOST_REPLAYED) return rows.slice(0, MOST_REPLAYED);
      await nextTurn();
    }
  }

  #start(flow: string, draft: FlowJson, rows: readonly Kept[]): Worker {
    const { registry, logFile } = this.options;
    const numbers = [...new Set(rows.map(({ version }) => version))];
    const given: Given = {
      file: logFile,
      draft,
      versions: numbers.flatMap((version) => {
        const text = registry.text({ flow, version });
        return text === undefined ? [] : [[version, JSON.parse(text) as FlowJson] as const];
      }),
      played: rows.map(({ sid, n }): Played => ({ sid, n, id: n === 1 ? sid : `${sid}-${n}` })),
    };
    return new Worker(workerUrl("what-if-worker", import.meta.url), { workerData: given, resourceLimits });
  }

  /** Resolves when the worker has said its last. */
  #listen(worker: Worker, state: { done: number; last?: WhatIfLine }): Promise<void> {
    const { log, logger } = this.options;
    return new Promise((resolve) => {
      const last = (told: WhatIfLine) => {
        state.last ??= told;
        resolve();
      };
      const failed = (error: unknown) => {
        logger.warn({ err: error }, "what would have happened could not be found out");
        last({ kind: "failed", title: "The conversations could not be read. It is in the server's log." });
      };
      worker.on("message", (told: Told) => {
        if (told.kind === "done") state.done = told.done;
        else if (told.kind === "report") last({ kind: "report", report: told.report });
        else {
          Promise.all(told.sids.map((sid) => log.read(sid))).then(
            (records: Handed) => worker.postMessage(records),
            failed,
          );
        }
      });
      worker.on("error", failed);
      worker.on("exit", () => last({ kind: "failed", title: "It has ended before it was done." }));
    });
  }

  /** One conversation as it was and as it would have been; undefined if there is none. */
  async transcript(flow: string, draft: FlowJson, sid: string, n: number): Promise<WhatIfTranscript | undefined> {
    const { log, registry } = this.options;
    const recording = recordings(await log.read(sid))[n - 1];
    if (recording?.beginning.flow !== flow) return undefined;
    const text = registry.text(recording.beginning);
    if (text === undefined) return undefined;
    const renames = findRenames(JSON.parse(text) as FlowJson, draft);
    return besides(recording, whatIf(recording, compile(draft), renames), renames);
  }
}

const line = (told: WhatIfLine): string => `${JSON.stringify(told)}\n`;

import type { Logger } from "pino";
import { reason } from "../errors.js";
import { reached } from "../fault-points.js";
import type { Metrics } from "../metrics.js";
import type { StudioStore } from "../studio/store.js";
import { type Tracer, traceparent } from "../tracing/tracer.js";
import type { Call } from "./call.js";
import { bodyOf, eventId, type Happening } from "./happening.js";
import { signed } from "./signature.js";
import { readTarget } from "./target.js";
import type { Delivery, Webhook } from "./webhook-rows.js";

export type WebhooksOptions = {
  readonly store: StudioStore;
  /** `WEBHOOK_ALLOW`. */
  readonly allow: readonly string[];
  /** Posts, and tells the status of the answer. Rejects with one sentence for an owner. */
  readonly call: (call: Call, signal?: AbortSignal) => Promise<{ status: number }>;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer | undefined;
};

const DAY = 86_400_000;
/** Ms to the second try; each wait is three times the one before, and none longer than the other. */
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 4 * 3_600_000;
/** Calls to one webhook under way at once: one that does not answer is in nobody's way. */
const AT_ONCE = 2;
/** What was delivered or given up is listed for so long, ms; longer than anything is found anew (`FOUND_WITHIN`). */
const KEPT = 7 * DAY;
/** What happened longer ago is told nobody: a webhook that was away for a day has missed it. */
export const FOUND_WITHIN = DAY;
/** Events of which it is remembered that they were found. */
const SEEN = 20_000;
/** Node's timers hold no more; nobody waits so long. */
const MOST_TIMER = 2 ** 31 - 1;

/**
 * Tells other tools by their webhooks what happens. Each event is one row for each webhook, written before anything is sent
 * and under a number made of the record, so that it is sent at least once, over restarts too, and a receiver can know a
 * repeat. It is tried again ever more seldom, and given up after a day.
 */
export class Webhooks {
  #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** By webhook and event. */
  readonly #underWay = new Map<string, Promise<void>>();
  /** Events that were looked at: they are found again and again. */
  readonly #seen = new Set<string>();

  constructor(private readonly options: WebhooksOptions) {}

  /** Goes on with what is to be sent, and comes back by itself for the rest. */
  start(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
    this.sendDue();
  }

  /** Whether an address may be one of a webhook at all; what its name stands for is asked at each call. @throws CallError */
  check(url: string): void {
    readTarget(url, this.options.allow);
  }

  /** Takes what happened, as often as it is found. */
  happened(all: readonly Happening[]): void {
    const { logger } = this.options;
    try {
      if (this.#note(all)) this.sendDue();
    } catch (error) {
      // Whoever tells of it has its own work to go on with.
      logger.warn({ err: error }, "what webhooks are to be told could not be noted; it is tried again");
      if (!this.#signal?.aborted) setTimeout(() => this.happened(all), FIRST_WAIT).unref();
    }
  }

  /** @returns whether anything of it is new */
  #note(all: readonly Happening[]): boolean {
    const { store, now } = this.options;
    const { webhooks: rows } = store;
    const hooks = rows.all();
    if (this.#seen.size > SEEN) this.#seen.clear();
    let noted = false;
    for (const happening of hooks.length === 0 ? [] : all) {
      const event = eventId(happening);
      const at = Date.parse(happening.at);
      if (this.#seen.has(event) || at < now() - FOUND_WITHIN) continue;
      for (const hook of hooks) {
        if (at < hook.created || rows.has(hook.id, event)) continue;
        const row = fresh(hook.id, event, happening.kind, at, now());
        rows.note(row, happening.sid, bodyOf(happening, store.address, hook.texts));
        noted = true;
      }
      this.#seen.add(event);
    }
    return noted;
  }

  /** Sends a webhook something to see whether it comes, once. */
  async test(hook: Webhook, event: string): Promise<Delivery> {
    const { store, now } = this.options;
    const at = now();
    const body = JSON.stringify({ type: "webhook.test", timestamp: new Date(at).toISOString(), data: {} });
    const row: Delivery = { ...fresh(hook.id, event, "webhook.test", at, at), next: null };
    const tried = await this.#tried(hook, row, body);
    const done: Delivery = { ...tried, state: tried.state === "delivered" ? "delivered" : "given-up", next: null };
    // It may have been removed meanwhile.
    if (store.webhooks.get(hook.id)) store.webhooks.note(done, undefined, "");
    return done;
  }

  /** Tries what is due, and comes back for the rest. Never throws: what cannot be read or noted now is come back for. */
  sendDue(): void {
    if (this.#signal?.aborted) return;
    clearTimeout(this.#timer);
    try {
      this.#sendDue();
    } catch (error) {
      this.#later(error);
    }
  }

  /** What was sent is sent again: a receiver knows a repeat. */
  #later(error: unknown): void {
    if (!this.#signal || this.#signal.aborted) return;
    this.options.logger.warn({ err: error }, "what became of webhooks could not be noted; it is tried again");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.sendDue(), FIRST_WAIT);
  }

  #sendDue(): void {
    const { store, now } = this.options;
    for (const hook of store.webhooks.all()) {
      const busy = [...this.#underWay.keys()].filter((key) => key.startsWith(`${hook.id} `)).length;
      const due = store.webhooks.due(hook.id, now(), AT_ONCE + busy);
      const free = due.filter(({ event }) => !this.#underWay.has(`${hook.id} ${event}`));
      for (const { body, ...row } of free.slice(0, AT_ONCE - busy)) this.#send(hook, row, body);
    }
    // Whichever ends calls this again.
    if (this.#underWay.size > 0) return;
    store.webhooks.tidy(now() - KEPT);
    const next = store.webhooks.next();
    if (next === undefined || !this.#signal) return;
    this.#timer = setTimeout(() => this.sendDue(), Math.min(Math.max(next - now(), 0), MOST_TIMER));
  }

  #send(hook: Webhook, row: Delivery, body: string): void {
    const { store, logger } = this.options;
    const key = `${hook.id} ${row.event}`;
    const sending = this.#tried(hook, row, body).then((tried) => {
      this.#underWay.delete(key);
      // What a stop cut is sent again by the next start.
      if (this.#signal?.aborted) return;
      reached("webhook delivered");
      try {
        store.webhooks.tried(tried);
      } catch (error) {
        return this.#later(error);
      }
      if (tried.state === "given-up") {
        logger.warn({ webhook: hook.id, event: row.event }, "a webhook's event was given up after a day");
      }
      this.sendDue();
    });
    this.#underWay.set(key, sending);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  /** One try, and what the row says behind it. */
  async #tried(hook: Webhook, row: Delivery, body: string): Promise<Delivery> {
    const { call, now, tracer, logger, metrics } = this.options;
    const began = now();
    const attributes = { "parley.webhook": hook.id, "parley.event": row.event, "parley.event_kind": row.kind };
    const span = tracer?.begin("webhook", { kind: "client", attributes });
    const parent = span && { traceparent: traceparent(span.ref) };
    const headers = { ...signed(hook.secret, row.event, began, body), ...parent };
    const outcome = await call({ url: hook.url, headers, body }, this.#signal).catch((error: unknown) => ({
      problem: reason(error),
    }));
    const tries = row.tries + 1;
    const status = "status" in outcome ? outcome.status : null;
    const problem = "problem" in outcome ? outcome.problem : null;
    const delivered = status !== null && status >= 200 && status < 300;
    metrics.webhookCalls.inc({ outcome: delivered ? "delivered" : "failed" });
    span?.end({
      ...(!delivered && { failed: status === null ? "no-answer" : String(status) }),
      ...(status !== null && { attributes: { "http.response.status_code": status } }),
    });
    const line = { webhook: hook.id, event: row.event, status, ms: now() - began, traceId: span?.ref.traceId };
    logger.debug(line, "a webhook was called");
    if (delivered) {
      return { ...row, state: "delivered", tries, next: null, status, problem };
    }
    const next = now() + Math.min(FIRST_WAIT * 3 ** (tries - 1), LONGEST_WAIT);
    const over = next > row.at + DAY;
    return { ...row, state: over ? "given-up" : "waiting", tries, next: over ? null : next, status, problem };
  }
}

const fresh = (webhook: string, event: string, kind: string, at: number, next: number): Delivery => ({
  ...{ webhook, event, kind, at, next },
  ...{ state: "waiting", tries: 0, status: null, problem: null },
});

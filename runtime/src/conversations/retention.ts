import { setImmediate as nextTurn } from "node:timers/promises";
import { isInput, type LogRecord } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";
import type { Begun, SessionsBegun } from "../projection/sessions-begun.js";
import type { Eraser } from "./eraser.js";

/** For how many ms a session stays behind what happened last in it; undefined: for ever. */
export type Keeps = {
  readonly sessions: number | undefined;
  /** One in which the visitor has said nothing. */
  readonly unanswered: number | undefined;
};

export type RetentionOptions = {
  readonly begun: SessionsBegun;
  readonly log: Pick<EventLog, "read">;
  readonly eraser: Pick<Eraser, "expire">;
  readonly keeps: Keeps;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Between two looks. */
const EVERY = 3_600_000;
/** Rows looked at in one go, and sessions erased at once: nobody waits long for either. */
const SLICE = 500;
const BATCH = 20;

/**
 * Whether a session's time is over. Never while a person has it or it waits for one, nor where a newer server wrote in it
 * what nobody here can read.
 */
export function isOver(records: readonly LogRecord[], keeps: Keeps, now: number): boolean {
  const { after } = conversation(records);
  if (after.beginning === undefined || after.stopped || after.handOff || after.holder) return false;
  const last = records.reduce((latest, { timestamp }) => Math.max(latest, Date.parse(timestamp)), 0);
  const over = (keep: number | undefined) => keep !== undefined && now - last >= keep;
  return over(keeps.sessions) || (over(keeps.unanswered) && records.every(isUnanswered));
}

/** What a page says (its values, who the visitor is) is nothing that he has said. */
function isUnanswered(record: LogRecord): boolean {
  const { payload } = record;
  if (!isInput(record) || payload === undefined) return true;
  return payload.kind === "Control" && payload.message.kind === "SetVariables";
}

/**
 * Erases sessions whose time is over, the oldest first. The lists say which to look at, the log whether it is so. A
 * visitor who answers in the very moment loses what he says; his page then begins anew, as after any erasing.
 */
export class Retention {
  constructor(private readonly options: RetentionOptions) {}

  /** Looks now and every hour. */
  start(signal: AbortSignal): void {
    const { sessions, unanswered } = this.options.keeps;
    if (sessions === undefined && unanswered === undefined) return;
    let looking = false;
    const look = async () => {
      if (looking || signal.aborted) return;
      looking = true;
      const { logger } = this.options;
      await this.look(signal)
        .then((gone) => gone > 0 && logger.info({ sessions: gone }, "erased conversations whose time was over"))
        .catch((err: unknown) => signal.aborted || logger.warn({ err }, "old conversations are erased later"));
      looking = false;
    };
    const timer = setInterval(look, EVERY);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    void look();
  }

  /** One look at all sessions. @returns how many were erased */
  async look(signal: AbortSignal): Promise<number> {
    const { begun, eraser, keeps, now } = this.options;
    const youngest = now() - Math.min(keeps.sessions ?? Infinity, keeps.unanswered ?? Infinity);
    const before = new Date(youngest).toISOString();
    let gone = 0;
    for (let after: Begun | undefined; !signal.aborted; ) {
      const rows = begun.slice(before, SLICE, after);
      after = rows.at(-1);
      const due = await this.#due(rows);
      for (let i = 0; i < due.length && !signal.aborted; i += BATCH) {
        const batch = due.slice(i, i + BATCH);
        await eraser.expire(batch);
        gone += batch.length;
      }
      if (rows.length < SLICE) break;
      await nextTurn();
    }
    return gone;
  }

  async #due(rows: readonly Begun[]): Promise<Begun[]> {
    const { log, keeps, now } = this.options;
    const due: Begun[] = [];
    // The first conversation of a session stands for it.
    for (const row of rows.filter((one) => one.n === 1 && this.#mayBe(one))) {
      if (isOver(await log.read(row.sid), keeps, now())) due.push(row);
    }
    return due;
  }

  /** By its row alone: most sessions need not be read. */
  #mayBe({ last, answers }: Begun): boolean {
    const { keeps, now } = this.options;
    const age = now() - Date.parse(last);
    return age >= (keeps.sessions ?? Infinity) || (answers === 0 && age >= (keeps.unanswered ?? Infinity));
  }
}

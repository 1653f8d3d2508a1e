import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Erasure } from "@parley/shared/api/conversations";
import { conversation } from "@parley/shared/session/conversation";
import type { Logger } from "pino";
import { reason } from "../errors.js";
import { reached } from "../fault-points.js";
import type { EventLog } from "../log/event-log.js";
import type { Projector } from "../projection/projector.js";
import type { ProjectionStore } from "../projection/store.js";
import type { StudioStore } from "../studio/store.js";
import { copiesOf } from "./copies.js";

export type EraserOptions = {
  readonly log: Pick<EventLog, "erase" | "read" | "erasedStays">;
  readonly projector: Pick<Projector, "erase">;
  readonly projections: Pick<ProjectionStore, "scrub">;
  readonly studio: Pick<StudioStore, "erasures" | "notes" | "webhooks" | "scrub">;
  readonly logger: Logger;
  readonly now: () => number;
  /** The data folder, where there is one. */
  readonly folder?: string | undefined;
  /** Finds room on a full disk, once; whether there is more now. */
  readonly makeRoom?: () => Promise<boolean>;
  /** Milliseconds between two tries. */
  readonly every?: number;
};

const EVERY = 1_000;
/** Who erases what nobody asked for: its time was over. Of these no note is kept, or the notes would grow for ever. */
const RETENTION = "retention";

/**
 * Erases visitors' sessions for good. First the log voids the session, which closes its sockets, and forgets whose it
 * was; then it goes from the projections, the tests made from it, notes and what webhooks were to say go, and every file is emptied of what was deleted. While
 * anything of that cannot be done for certain (another program reads a file), the erasing is not done: it is tried again,
 * also by the next start.
 */
export class Eraser {
  readonly #running = new Map<string, Promise<void>>();
  /** What each waits for, as one sentence. */
  readonly #waits = new Map<string, string>();
  #end: AbortSignal | undefined;

  constructor(private readonly options: EraserOptions) {}

  /** Goes on with what an earlier start did not finish. */
  start(signal: AbortSignal): void {
    this.#end = signal;
    for (const sid of this.options.studio.erasures.open()) void this.#run(sid);
  }

  /** How far it is with a session; undefined if nobody has asked for it. */
  state(sid: string): Erasure | undefined {
    const erasure = this.options.studio.erasures.get(sid);
    return erasure && this.#with(erasure);
  }

  /** The newest of a flow. */
  list(flow: string): Erasure[] {
    return this.options.studio.erasures.list(flow).map((erasure) => this.#with(erasure));
  }

  #with(erasure: Erasure): Erasure {
    const waits = this.#waits.get(erasure.conversation);
    const { erasedStays: stays } = this.options.log;
    return {
      ...erasure,
      ...(!erasure.done && waits !== undefined && { waits }),
      ...(stays !== undefined && { stays }),
    };
  }

  /**
   * Erases a session, or goes on with it.
   * @param within milliseconds to wait for the end; it goes on behind that
   */
  async erase(about: { sid: string; flow: string; by: string }, within: number): Promise<Erasure> {
    const { log, studio, now } = this.options;
    const { sid } = about;
    const since = (await log.read(sid))[0]?.timestamp;
    await this.#noting(() => {
      // Somebody asks for it while its time is over as well: then it is his, and noted.
      studio.erasures.remove([sid], RETENTION);
      studio.erasures.begin({ ...about, at: now(), since });
    });
    const end = new AbortController();
    const late = delay(within, undefined, { signal: end.signal }).catch(() => undefined);
    await Promise.race([this.#run(sid), late]);
    end.abort();
    return this.state(sid)!;
  }

  /**
   * Erases sessions whose time is over, in one go; resolves when nothing of them is left, or the server ends. What it
   * does not get to is gone on with by the next start.
   */
  async expire(sessions: readonly { readonly sid: string; readonly flow: string }[]): Promise<void> {
    const { studio, now } = this.options;
    const due = sessions.filter(({ sid }) => studio.erasures.get(sid) === undefined);
    if (due.length === 0) return;
    const sids = due.map(({ sid }) => sid);
    const rows = due.map(({ sid, flow }) => ({ sid, flow, by: RETENTION, at: now(), since: undefined }));
    await this.#noting(() => studio.erasures.beginAll(rows));
    const { logger } = this.options;
    await this.#until(
      async () => {
        const waits = await this.#try(sids);
        if (waits === undefined && !this.#end?.aborted) studio.erasures.remove(sids, RETENTION);
        return waits;
      },
      (waits) =>
        logger.warn({ sessions: sids.length, waits }, "old conversations are not erased yet; it is tried again"),
    );
  }

  #run(sid: string): Promise<void> {
    const running = this.#running.get(sid) ?? this.#untilDone(sid).finally(() => this.#running.delete(sid));
    this.#running.set(sid, running);
    return running;
  }

  async #untilDone(sid: string): Promise<void> {
    const { studio, logger } = this.options;
    if (studio.erasures.get(sid)?.done) return;
    const done = await this.#until(
      async () => (await this.#try([sid])) ?? (await this.#noteDone(sid)),
      (waits) => {
        this.#waits.set(sid, waits);
        logger.warn({ sid, waits }, "a conversation is not erased yet; it is tried again");
      },
    );
    if (done) this.#waits.delete(sid);
  }

  /** Nothing of a session is left: that is noted, or forgotten where its time was over. */
  async #noteDone(sid: string): Promise<undefined> {
    const { studio, folder, now } = this.options;
    const copies = folder === undefined ? [] : await copiesOf(folder, sid).catch(() => []);
    if (this.#end?.aborted) return;
    if (studio.erasures.get(sid)?.by === RETENTION) studio.erasures.remove([sid], RETENTION);
    else studio.erasures.done(sid, now(), copies);
  }

  /** Tries until it is done, or the server ends. @param said told what it waits for, whenever that changes */
  async #until(work: () => Promise<string | undefined>, said: (waits: string) => void): Promise<boolean> {
    const { every = EVERY } = this.options;
    for (let before: string | undefined; !this.#end?.aborted; ) {
      const waits = await work().catch((error: unknown) => reason(error));
      if (waits === undefined) return !this.#end?.aborted;
      // At once: others write as well, and the room is for this.
      if (await this.#makeRoom()) continue;
      if (waits !== before) said(waits);
      before = waits;
      await delay(every, undefined, this.#end ? { signal: this.#end } : {}).catch(() => undefined);
    }
    return false;
  }

  /** Notes what is to be erased, on a full disk in the room that is kept for that. */
  async #noting(note: () => void): Promise<void> {
    try {
      note();
    } catch (error) {
      if (!(await this.#makeRoom())) throw error;
      note();
    }
  }

  async #makeRoom(): Promise<boolean> {
    return (await this.options.makeRoom?.()) ?? false;
  }

  /** One try; undefined, or what it waits for. */
  async #try(sids: readonly string[]): Promise<string | undefined> {
    const { projections, studio } = this.options;
    const waiting = await Promise.all(sids.map((sid) => this.#void(sid)));
    let waits = waiting.find((one) => one !== undefined);
    if (!projections.scrub()) waits ??= "Another program reads projections.db in the data folder. Close it.";
    if (!studio.scrub()) waits ??= "Another program reads studio.db in the data folder. Close it.";
    return waits;
  }

  /** Takes a session from the log, the lists and the studio's store; what it waits for, if it does. */
  async #void(sid: string): Promise<string | undefined> {
    const { log, projector, studio, now } = this.options;
    let waits: string | undefined;
    try {
      const { person } = conversation(await log.read(sid)).after;
      await log.erase(sid, { id: `r.${randomUUID()}`, timestamp: new Date(now()).toISOString() }, person);
    } catch (error) {
      waits = reason(error);
    }
    // Void, though perhaps still in the log's files: nothing shows it from here on.
    if ((await log.read(sid)).length > 0) return waits ?? "The log still has it.";
    reached("erased in the log");
    projector.erase(sid);
    studio.erasures.removeTests(sid);
    studio.notes.forget(sid);
    studio.webhooks.forget(sid);
    return waits;
  }
}

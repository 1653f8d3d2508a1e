import type { Logger } from "pino";
import type { EventLog } from "../log/event-log.js";
import type { HandOffReader } from "../projection/hand-off-rows.js";
import type { HandOff } from "../projection/hand-offs.js";
import type { StudioEvents } from "../studio/events.js";
import type { StudioStore } from "../studio/store.js";
import { Attendance } from "./attendance.js";
import { InboxDesk } from "./inbox.js";
import { NobodyThere } from "./nobody-there.js";

type Options = {
  readonly log: Pick<EventLog, "read" | "append">;
  readonly store: StudioStore;
  readonly events: StudioEvents;
  /** Whether this person has a tab of the studio connected. */
  readonly connected: (person: string) => boolean;
  readonly handOffs: HandOffReader;
  /** The share of the log that the hand-offs are made of so far; undefined: all of it. */
  readonly catchingUp: () => number | undefined;
  readonly now: () => number;
  readonly logger: Logger;
};

/** People who answer conversations: who is there, what waits for them, and what becomes of it where nobody is. */
export class Answering {
  readonly attendance: Attendance;
  readonly inbox: InboxDesk;
  readonly #nobody: NobodyThere;

  constructor(private readonly options: Options) {
    const { handOffs, catchingUp } = options;
    this.attendance = new Attendance(options);
    this.inbox = new InboxDesk({ ...options, attendance: this.attendance });
    let tidy = false;
    const open = () => {
      if (catchingUp() !== undefined) return undefined;
      const rows = handOffs.open();
      // What ended while nobody told of it: the projection may have been built by an earlier start.
      if (!tidy) options.store.readMarks.keep(rows.map(({ sid }) => sid));
      tidy = true;
      return rows;
    };
    this.#nobody = new NobodyThere({ ...options, open, attendance: this.attendance });
  }

  start(signal: AbortSignal): void {
    const off = this.options.events.on((event) => {
      if (event.kind !== "people") return;
      if (event.left !== undefined) this.attendance.left(event.left);
      this.inbox.staffChanged();
      void this.#nobody.look();
    });
    signal.addEventListener("abort", off, { once: true });
    this.#nobody.start(signal);
  }

  /** These hand-offs were written. */
  changed(rows: readonly HandOff[]): void {
    this.inbox.changed(rows);
    if (rows.some(({ ended, holder }) => ended === undefined && holder === undefined)) void this.#nobody.look();
  }

  /** A session is about to be erased. */
  erased(sid: string): void {
    const rows = this.options.handOffs.of(sid).filter(({ ended }) => ended === undefined);
    this.inbox.changed(rows.map((row) => ({ ...row, ended: row.since })));
    this.options.store.readMarks.forget(sid);
  }
}

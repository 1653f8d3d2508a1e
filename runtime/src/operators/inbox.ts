import { type Inbox, type InboxRow, MOST_ROWS } from "@parley/shared/api/inbox";
import type { InboxFrame } from "@parley/shared/api/socket";
import { idOf } from "../conversations/answer-table.js";
import type { HandOffReader } from "../projection/hand-off-rows.js";
import type { HandOff } from "../projection/hand-offs.js";
import { noteIfPossible } from "../studio/database.js";
import type { Person } from "../studio/people.js";
import type { StudioStore } from "../studio/store.js";
import type { Attendance } from "./attendance.js";
import { mayAnswer } from "./may-answer.js";

/** Changes of who is there are told so often at most, ms: a hundred tabs that come back are one change. */
const STAFF_EVERY = 1_000;
const TEXTS = 20;

/** A tab that shows the inbox. */
export type InboxTab = { readonly user: string; readonly send: (frame: InboxFrame) => void };

type Options = {
  readonly store: Pick<StudioStore, "people" | "flows" | "drafts" | "available" | "readMarks">;
  readonly attendance: Attendance;
  readonly handOffs: Pick<HandOffReader, "open" | "of">;
  readonly staffEvery?: number;
};

/**
 * What people see who answer conversations: those that are with a person or wait for one, of the flows that they may
 * answer. A tab is told all of it once and then what changes: a change is one row for each tab, whatever else is open.
 */
export class InboxDesk {
  readonly #tabs = new Set<InboxTab>();
  #staff: NodeJS.Timeout | undefined;

  constructor(private readonly options: Options) {}

  /** All of it, as somebody sees it. @param may of which flows */
  whole(may: (flow: string) => boolean): Omit<Inbox, "catchingUp"> {
    const { handOffs, attendance } = this.options;
    const mine = handOffs.open().filter(({ flow }) => may(flow));
    const rows = mine.slice(0, MOST_ROWS).map((one) => this.#row(one));
    const queues = new Set(mine.map(({ queue }) => queue));
    return { rows, more: mine.length - rows.length, ...attendance.staff(queues) };
  }

  /** The tab is told everything, and from then on what changes. */
  open(tab: InboxTab): void {
    const person = this.options.store.people.get(tab.user);
    if (!person) return;
    this.#tabs.add(tab);
    const { store } = this.options;
    const { rows, more, people, queues } = this.whole((flow) => mayAnswer(person, flow));
    tab.send({
      ...{ kind: "Inbox", whole: true, rows, more, gone: [], people, queues, marks: store.readMarks.of(person.id) },
      available: store.available.all().has(person.id),
    });
  }

  close(tab: InboxTab): void {
    this.#tabs.delete(tab);
  }

  /** These hand-offs are other ones now. */
  changed(handOffs: readonly HandOff[]): void {
    const { readMarks } = this.options.store;
    for (const { sid, ended } of handOffs) if (ended !== undefined) readMarks.forget(sid);
    if (this.#tabs.size === 0) return;
    // Of a session the last one counts: one may have ended and the next begun.
    const last = new Map(handOffs.map((one) => [idOf(one), one]));
    const rows = [...last.values()].map((one) => ({
      flow: one.flow,
      row: one.ended === undefined ? this.#row(one) : undefined,
      conversation: idOf(one),
    }));
    this.#toEach((person) => {
      const mine = rows.filter(({ flow }) => mayAnswer(person, flow));
      if (mine.length === 0) return undefined;
      return {
        rows: mine.flatMap(({ row }) => row ?? []),
        gone: mine.flatMap(({ row, conversation }) => (row ? [] : conversation)),
      };
    });
  }

  /** Somebody has come or gone, or is available or not; or the queues are others. */
  staffChanged(): void {
    if (this.#tabs.size === 0) return;
    this.#staff ??= setTimeout(() => {
      this.#staff = undefined;
      if (this.#tabs.size === 0) return;
      const { attendance, handOffs, store } = this.options;
      const open = handOffs.open();
      const available = store.available.all();
      this.#toEach((person) => {
        // A queue that a flow has named tells of the flow.
        const named = new Set(open.filter(({ flow }) => mayAnswer(person, flow)).map(({ queue }) => queue));
        return { rows: [], gone: [], ...attendance.staff(named), available: available.has(person.id) };
      });
    }, this.options.staffEvery ?? STAFF_EVERY).unref();
  }

  /** Somebody has read a session up to this message; his other tabs are told. */
  read(user: string, sid: string, seq: number): void {
    if (this.options.handOffs.of(sid).every(({ ended }) => ended !== undefined)) return;
    let further = false;
    // Nobody misses a mark that a full disk does not take.
    noteIfPossible(() => {
      further = this.options.store.readMarks.set(user, sid, seq);
    });
    if (!further) return;
    this.#toEach(({ id }) => (id === user ? { rows: [], gone: [], marks: { [sid]: seq } } : undefined));
  }

  #toEach(what: (person: Person) => Omit<InboxFrame, "kind" | "whole"> | undefined): void {
    const people = new Map<string, Person | undefined>();
    for (const tab of this.#tabs) {
      if (!people.has(tab.user)) people.set(tab.user, this.options.store.people.get(tab.user));
      const person = people.get(tab.user);
      const told = person && what(person);
      if (told) tab.send({ kind: "Inbox", whole: false, ...told });
    }
  }

  #row(one: HandOff): InboxRow {
    const { flow, queue, opened, since, holder, name, said, saidAt, timeout, replied } = one;
    const until = holder === undefined && timeout !== undefined ? Date.parse(since) + timeout * 1_000 : undefined;
    return {
      ...{ conversation: idOf(one), flow, title: this.#title(flow), byHand: one.chat === undefined, opened, since },
      ...{ texts: one.texts.slice(-TEXTS), replied },
      ...(queue !== undefined && { queue }),
      ...(holder !== undefined && { by: holder }),
      ...(name !== undefined && { name }),
      ...(until !== undefined && { until: new Date(until).toISOString() }),
      ...(said !== undefined && { said }),
      ...(saidAt !== undefined && { saidAt }),
    };
  }

  #title(flow: string): string {
    const { flows, drafts } = this.options.store;
    const row = flows.get(flow);
    return (row && drafts.current(row.key).title) ?? flow;
  }
}

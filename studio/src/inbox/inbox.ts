import type { InboxRow, Staff } from "@parley/shared/api/inbox";
import type { InboxFrame } from "@parley/shared/api/socket";
import { queueKey } from "@parley/shared/inbox/queue";

/** What the inbox shows, as it was told so far. */
export type InboxState = {
  readonly rows: ReadonlyMap<string, InboxRow>;
  /** How many there are beyond those that were told. */
  readonly more: number;
  readonly people: Staff["people"];
  readonly queues: Staff["queues"];
  readonly available: boolean;
  /** How far one has read, by session. */
  readonly marks: Readonly<Record<string, number>>;
};
export const NOTHING: InboxState = { rows: new Map(), more: 0, people: [], queues: [], available: false, marks: {} };

export type Tab = "waiting" | "mine" | "all";
/** More than so many unread texts are not told: a server keeps no more. */
const MOST_UNREAD = 20;

/** The next state. Rows that are the same stay the same objects. */
export function told(before: InboxState, frame: InboxFrame): InboxState {
  const rows = frame.whole ? new Map<string, InboxRow>() : new Map(before.rows);
  for (const id of frame.gone) rows.delete(id);
  for (const row of frame.rows) rows.set(row.conversation, row);
  return {
    rows,
    more: frame.more ?? before.more,
    people: frame.people ?? before.people,
    queues: frame.queues ?? before.queues,
    available: frame.available ?? before.available,
    marks: frame.whole ? (frame.marks ?? {}) : { ...before.marks, ...frame.marks },
  };
}

export const sessionOf = (conversation: string): string => conversation.slice(0, 40);

/** How many texts of the visitor one has neither read nor answered; `20` may be more. */
export function unreadIn({ texts, replied, conversation }: InboxRow, marks: InboxState["marks"]): number {
  const read = Math.max(replied, marks[sessionOf(conversation)] ?? 0);
  return texts.filter((seq) => seq > read).length;
}
export const unreadWords = (unread: number): string => (unread >= MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread));

/** Whether a row is on a tab. @param me as records name who is here */
function isOn(tab: Tab, { by }: InboxRow, me: string): boolean {
  return tab === "all" || (tab === "waiting" ? by === undefined : by === me);
}

/** The rows of a tab: those that wait longest first, one's own by who wrote last. @param queue undefined: of all queues */
export function rowsOf({ rows }: InboxState, tab: Tab, me: string, queue?: string): InboxRow[] {
  const key = queue === undefined ? undefined : queueKey(queue);
  const mine = [...rows.values()].filter(
    (row) => isOn(tab, row, me) && (key === undefined || queueKey(row.queue) === key),
  );
  const by = (row: InboxRow) =>
    tab === "mine" ? (row.saidAt ?? row.since) : tab === "waiting" ? row.since : row.opened;
  const order = tab === "mine" ? -1 : 1;
  return mine.sort((a, b) =>
    by(a) < by(b) ? -order : by(a) > by(b) ? order : a.conversation < b.conversation ? -1 : 1,
  );
}

/**
 * The order to show while the pointer is over the list: what was there stays where it was, and what is new comes behind.
 * @param before conversations, as they were shown
 */
export function held(before: readonly string[], rows: readonly InboxRow[]): InboxRow[] {
  const place = new Map(before.map((id, i) => [id, i]));
  const at = ({ conversation }: InboxRow) => place.get(conversation) ?? before.length;
  return [...rows].sort((a, b) => at(a) - at(b));
}

/** What somebody wants to hear of: a conversation that starts to wait, a visitor who writes in one's own. */
export type Alert = { readonly kind: "waits" | "wrote"; readonly row: InboxRow };

export function alertsOf(before: InboxState, now: InboxState, me: string): Alert[] {
  const alerts: Alert[] = [];
  for (const row of now.rows.values()) {
    const old = before.rows.get(row.conversation);
    if (row === old) continue;
    if (row.by === undefined && (old === undefined || old.by !== undefined)) alerts.push({ kind: "waits", row });
    else if (row.by === me && (row.texts.at(-1) ?? 0) > (old?.texts.at(-1) ?? 0)) alerts.push({ kind: "wrote", row });
  }
  return alerts;
}

/** How long something has been, in few letters: "now", "4 min", "2 h". @param now ms */
export function span(since: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(since)) / 60_000);
  if (!(minutes >= 1)) return "now";
  return minutes < 60
    ? `${minutes} min`
    : minutes < 2_880
      ? `${Math.floor(minutes / 60)} h`
      : `${Math.floor(minutes / 1_440)} d`;
}

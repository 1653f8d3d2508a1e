import type Database from "better-sqlite3";

/** Where something is told when a conversation waits for a person. Times in ms. */
export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  /** What the visitor said last is sent along. */
  readonly texts: boolean;
  readonly by: string;
  readonly created: number;
};
export type DeliveryState = "waiting" | "delivered" | "given-up";
/** One event for one webhook: its number is the event's, so that there is one row however often it is found. */
export type Delivery = {
  readonly webhook: string;
  readonly event: string;
  readonly kind: string;
  readonly at: number;
  readonly state: DeliveryState;
  readonly tries: number;
  /** When it is tried next; null behind the end. */
  readonly next: number | null;
  /** Of the last try: the answer's status, or why there was none. */
  readonly status: number | null;
  readonly problem: string | null;
};
type Stored = Omit<Webhook, "texts"> & { readonly texts: number };

const LISTED = 50;
const COLUMNS = "webhook, event, kind, at, state, tries, next, status, problem";

/** The webhooks and what is to be sent to them, in the studio's file: a restart goes on where the last start was. */
export class WebhookRows {
  constructor(private readonly db: Database.Database) {}

  all(): Webhook[] {
    return this.db.prepare<[], Stored>("SELECT * FROM webhook ORDER BY created, id").all().map(read);
  }

  get(id: string): Webhook | undefined {
    const row = this.db.prepare<[string], Stored>("SELECT * FROM webhook WHERE id = ?").get(id);
    return row && read(row);
  }

  add({ id, url, secret, texts, by, created }: Webhook): void {
    this.db.prepare("INSERT INTO webhook VALUES (?, ?, ?, ?, ?, ?)").run(id, url, secret, texts ? 1 : 0, by, created);
  }

  change(id: string, { url, texts }: Partial<Pick<Webhook, "url" | "texts">>): void {
    if (url !== undefined) this.db.prepare("UPDATE webhook SET url = ? WHERE id = ?").run(url, id);
    if (texts !== undefined) this.db.prepare("UPDATE webhook SET texts = ? WHERE id = ?").run(texts ? 1 : 0, id);
  }

  /** With all that was to be sent to it. */
  remove(id: string): void {
    this.db.prepare("DELETE FROM webhook WHERE id = ?").run(id);
  }

  /** Whether anything is known of an event. */
  has(webhook: string, event: string): boolean {
    const row = this.db.prepare("SELECT 1 FROM delivery WHERE webhook = ? AND event = ?");
    return row.get(webhook, event) !== undefined;
  }

  /** Notes what is to be sent, once. @param sid the session that it is about, if any */
  note(delivery: Delivery, sid: string | undefined, body: string): void {
    const { webhook, event, kind, at, state, tries, next, status, problem } = delivery;
    this.db
      .prepare("INSERT OR IGNORE INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(webhook, event, kind, at, state, tries, next, status, problem, sid ?? null, body);
  }

  /** What is to be tried by now of one webhook, what has waited longest first. */
  due(webhook: string, now: number, limit: number): (Delivery & { readonly body: string })[] {
    return this.db
      .prepare<[string, number, number], Delivery & { readonly body: string }>(
        `SELECT ${COLUMNS}, body FROM delivery WHERE webhook = ? AND next <= ? ORDER BY next, at, event LIMIT ?`,
      )
      .all(webhook, now, limit);
  }

  /** When something is to be tried next. */
  next(): number | undefined {
    const row = this.db.prepare<[], { at: number | null }>("SELECT min(next) AS at FROM delivery");
    return row.get()?.at ?? undefined;
  }

  /** How many wait to be sent. */
  waiting(): number {
    return this.db.prepare<[], { n: number }>("SELECT count(*) AS n FROM delivery WHERE next IS NOT NULL").get()!.n;
  }

  /** What became of a try. What is behind its end keeps no text. */
  tried({ webhook, event, state, tries, next, status, problem }: Delivery): void {
    this.db
      .prepare(
        `UPDATE delivery SET state = ?, tries = ?, next = ?, status = ?, problem = ?,
          body = CASE WHEN ? IS NULL THEN '' ELSE body END WHERE webhook = ? AND event = ?`,
      )
      .run(state, tries, next, status, problem, next, webhook, event);
  }

  /** The last of a webhook, newest first. */
  last(webhook: string): Delivery[] {
    return this.db
      .prepare<[string, number], Delivery>(
        `SELECT ${COLUMNS} FROM delivery WHERE webhook = ? ORDER BY at DESC, event LIMIT ?`,
      )
      .all(webhook, LISTED);
  }

  /** Forgets what was about a session. */
  forget(sid: string): void {
    this.db.prepare("DELETE FROM delivery WHERE sid = ?").run(sid);
  }

  /** Removes what came to its end before that time. */
  tidy(before: number): void {
    this.db.prepare("DELETE FROM delivery WHERE next IS NULL AND at < ?").run(before);
  }
}

const read = ({ texts, ...row }: Stored): Webhook => ({ ...row, texts: texts === 1 });

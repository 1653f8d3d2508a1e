import { type Right, ROLE_RIGHTS, type Role } from "@parley/shared/api/access";
import type { SharedComment } from "@parley/shared/api/links";
import type Database from "better-sqlite3";
import type { Blobs } from "./blobs.js";
import type { State } from "./drafts.js";
import { hashOf, newId, newSecret } from "./secrets.js";

/** A draft link without its right. Times in ms. */
export type LinkRow = {
  readonly id: string;
  /** The key of the flow. */
  readonly flow: number;
  /** Digests of the draft as it was; null: it shows the draft as it is edited. */
  readonly json: string | null;
  readonly layout: string | null;
  readonly settings: string | null;
  readonly drawing: 0 | 1;
  /** Who made it, by name; empty: somebody who was removed. */
  readonly by: string;
  readonly created: number;
  readonly expires: number;
  readonly used: number | null;
};
export type NewLinkRow = {
  readonly flow: number;
  /** The draft to keep for it; undefined: it follows the draft. */
  readonly frozen: State | undefined;
  readonly drawing: boolean;
  readonly person: string;
  /** How long it is good, ms. */
  readonly lasts: number;
};
export type SentRow = {
  readonly id: string;
  readonly author: string;
  readonly answers: number;
  readonly at: number;
};

type Stored = LinkRow & { readonly role: Role | null; readonly archived: number | null };

/** So that one that was leaked is found: by people, and by the scanners of code hosts. */
const PREFIX = "parleylink_";
/** A link's last use is written this often. */
const TOUCH_MS = 60_000;
const LISTED_MS = 30 * 24 * 3_600_000;
const SELECT = `SELECT draft_link.id, flow, json, layout, settings, drawing, coalesce(person.name, '') AS by,
  draft_link.created, expires, used, role, archived
  FROM draft_link JOIN flow ON flow.key = flow LEFT JOIN person ON person.id = person`;

/** The links that show drafts to people without an account, with what their readers said. Of rights only hashes. */
export class DraftLinks {
  readonly #byHash: Database.Statement<[string], Stored>;
  readonly #byId: Database.Statement<[string], Stored>;

  constructor(
    private readonly db: Database.Database,
    private readonly blobs: Blobs,
    private readonly now: () => number,
  ) {
    this.#byHash = db.prepare(`${SELECT} WHERE hash = ?`);
    this.#byId = db.prepare(`${SELECT} WHERE draft_link.id = ?`);
  }

  /** Of a flow, newest first; those that are over for a month more. */
  list(flow: number): LinkRow[] {
    const rows = this.db.prepare<[number], Stored>(
      `${SELECT} WHERE flow = ? ORDER BY draft_link.created DESC, draft_link.id`,
    );
    return rows.all(flow).map(read);
  }

  /** @returns its secret, which is nowhere else, and its row */
  add({ flow, frozen, drawing, person, lasts }: NewLinkRow): { secret: string; link: LinkRow } {
    const secret = PREFIX + newSecret();
    const id = newId();
    const { json = null, layout = null, settings = null } = frozen ?? {};
    const now = this.now();
    this.db
      .prepare("INSERT INTO draft_link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)")
      .run(id, hashOf(secret), flow, json, layout, settings, drawing ? 1 : 0, person, now, now + lasts);
    return { secret, link: read(this.#byId.get(id)!) };
  }

  /**
   * The link of a secret, if it is still good; this is a use of it. It is good while its maker may change flows, and the
   * flow is not put away.
   */
  use(secret: string): LinkRow | undefined {
    const row = this.#byHash.get(hashOf(secret));
    if (!row || !this.#isGood(row)) return undefined;
    const now = this.now();
    if (now - (row.used ?? 0) >= TOUCH_MS)
      this.db.prepare("UPDATE draft_link SET used = ? WHERE id = ?").run(now, row.id);
    return read(row);
  }

  /** The link with this id, if it is still good; no use of it. */
  find(id: string): LinkRow | undefined {
    const row = this.#byId.get(id);
    return row && this.#isGood(row) ? read(row) : undefined;
  }

  #isGood({ expires, role, archived }: Stored): boolean {
    return (
      expires > this.now() &&
      archived === null &&
      role !== null &&
      ROLE_RIGHTS[role].includes("flows:write" satisfies Right)
    );
  }

  /** @returns false if this flow has no such link */
  revoke(flow: number, id: string): boolean {
    return this.db.transaction(() => {
      const row = this.#byId.get(id);
      if (row?.flow !== flow) return false;
      this.#remove(row);
      return true;
    })();
  }

  /** Removes what has been over for a month, and the drafts that were kept for it. */
  tidy(): void {
    this.db.transaction(() => {
      for (const row of this.db.prepare<[number], Stored>(`${SELECT} WHERE expires <= ?`).all(this.now() - LISTED_MS))
        this.#remove(row);
    })();
  }

  #remove({ id, json, layout, settings }: LinkRow): void {
    this.db.prepare("DELETE FROM draft_link WHERE id = ?").run(id);
    this.blobs.sweep([json, layout, settings].filter((digest) => digest !== null));
  }

  countComments(link: string): number {
    const count = this.db.prepare<[string], { n: number }>("SELECT count(*) AS n FROM link_comment WHERE link = ?");
    return count.get(link)!.n;
  }

  /** Oldest first. */
  comments(link: string): SharedComment[] {
    return this.db
      .prepare<[string], Omit<SharedComment, "at"> & { at: number }>(
        "SELECT about, author, text, at FROM link_comment WHERE link = ? ORDER BY n",
      )
      .all(link)
      .map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  }

  addComment(link: string, { about, author, text, at }: SharedComment): void {
    this.db
      .prepare("INSERT INTO link_comment VALUES (?, ?, ?, ?, ?, ?)")
      .run(link, this.countComments(link) + 1, about, author, text, Date.parse(at));
  }

  /** Conversations that readers of a flow sent, newest first. */
  sent(flow: number): (SentRow & { readonly link: string })[] {
    return this.db
      .prepare<[number], SentRow & { link: string }>(
        "SELECT id, link, author, answers, at FROM sent_conversation WHERE flow = ? ORDER BY at DESC, id",
      )
      .all(flow);
  }

  /** One of them, with the answers as JSON. */
  sentInputs(flow: number, id: string): { readonly author: string; readonly inputs: string } | undefined {
    return this.db
      .prepare<[number, string], { author: string; inputs: string }>(
        "SELECT author, inputs FROM sent_conversation WHERE flow = ? AND id = ?",
      )
      .get(flow, id);
  }

  addSent(link: LinkRow, sent: Omit<SentRow, "id"> & { readonly inputs: string }): void {
    const { author, inputs, answers, at } = sent;
    this.db
      .prepare("INSERT INTO sent_conversation VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(newId(), link.flow, link.id, author, inputs, answers, at);
  }

  /** @returns false if this flow has no such conversation */
  removeSent(flow: number, id: string): boolean {
    return this.db.prepare("DELETE FROM sent_conversation WHERE flow = ? AND id = ?").run(flow, id).changes === 1;
  }
}

const read = ({ role: _, archived: __, ...row }: Stored): LinkRow => row;

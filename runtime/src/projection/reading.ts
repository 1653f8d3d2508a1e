import { setImmediate as nextTurn } from "node:timers/promises";
import { type ConversationRow, MOST_COUNTED } from "@parley/shared/api/conversations";
import type Database from "better-sqlite3";
import { DAY } from "./counts.js";
import type { HandOffReader } from "./hand-off-rows.js";
import { hitsOf } from "./hits.js";
import { MESSAGE_BITS, type ProjectionStore } from "./store.js";
import { excerpt } from "./words.js";

/** Which conversations: all of these hold. Times are ISO 8601 as `toISOString` writes them. */
export type Filter = {
  /** Undefined: of every flow. */
  readonly flows?: readonly string[] | undefined;
  readonly version?: number | undefined;
  readonly status?: ConversationRow["status"] | undefined;
  readonly waits?: string | undefined;
  /** With a person, or waiting for one. */
  readonly person?: "with" | "waiting" | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly text?: string | undefined;
  /** One session. */
  readonly sid?: string | undefined;
  readonly n?: number | undefined;
};
/** A conversation as it is kept. */
export type Kept = {
  readonly no: number;
  readonly sid: string;
  readonly n: number;
  readonly flow: string;
  readonly version: number;
  readonly started: string;
  readonly last: string;
  readonly messages: number;
  readonly answers: number;
  readonly status: ConversationRow["status"];
  readonly waits: string | null;
  readonly step: string | null;
  readonly said: string | null;
  readonly page: string | null;
  readonly person: "with" | "waiting" | null;
  readonly values: Readonly<Record<string, string>>;
};
/** The place behind a conversation in a list, newest first. */
export type After = Pick<Kept, "started" | "sid" | "n">;
export type Count = {
  readonly kind: string;
  readonly name: string;
  readonly times: number;
  readonly conversations: number;
};

/** A filter whose words were looked up. */
export type Search = {
  readonly conditions: readonly Condition[];
  /** The table, and by which way into it. */
  readonly from: "conversation" | "conversation NOT INDEXED";
  /** Conversations with the words that were searched for, where there are too many for a condition. */
  readonly hits?: ReadonlySet<number>;
};
type Condition = { readonly sql: string; readonly values: readonly (string | number)[] };
const COLUMNS =
  "no, sid, n, flow, version, started, last, messages, answers, status, waits, step, said, page, person, vals";
/** Conversations found by their words that are looked at one by one; more are taken in the order of the list … */
const FEW = 2_000;
/** … and so many or more with others' turns in between. */
const MANY = 10_000;
/** Places of the list that are looked at in one go for those found by their words. */
const SLICE = 2_000;

/** What lists, answers and counts are read from. Each call is one short reading, a search some of them. */
export class ConversationReader {
  readonly #store: ProjectionStore;
  readonly #db: Database.Database;
  readonly handOffs: HandOffReader;

  constructor(store: ProjectionStore) {
    this.#store = store;
    this.handOffs = store.handOffs;
    this.#db = store.db;
  }

  /** The newest conversations behind `after`. */
  async list(filter: Filter | Search, limit: number, after?: After): Promise<Kept[]> {
    const search = await this.search(filter);
    if (!search.hits) return this.#rows(search, limit, after);
    const found: number[] = [];
    for await (const no of this.#walk(search, search.hits, after)) if (found.push(no) === limit) break;
    const these = { sql: "no IN (SELECT value FROM json_each(?))", values: [JSON.stringify(found)] };
    return this.#rows({ conditions: [these], from: "conversation NOT INDEXED" }, limit);
  }

  #rows({ conditions, from }: Search, limit: number, after?: After): Kept[] {
    const { sql, values } = joined([...conditions, ...behind(after)]);
    const rows = this.#db
      .prepare<unknown[], Omit<Kept, "values"> & { vals: string }>(
        `SELECT ${COLUMNS} FROM ${from} ${sql} ORDER BY started DESC, sid DESC, n DESC LIMIT ?`,
      )
      .all(...values, limit);
    return rows.map(({ vals, ...row }) => ({ ...row, values: JSON.parse(vals) as Kept["values"] }));
  }

  /** The numbers of those found by their words, in the order of the list, a slice of it at a time. */
  async *#walk(
    { conditions, from }: Search,
    hits: ReadonlySet<number>,
    after: After | undefined,
  ): AsyncGenerator<number> {
    for (let last = after; ; await nextTurn()) {
      const { sql, values } = joined([...conditions, ...behind(last)]);
      const slice = this.#db
        .prepare<unknown[], After & { no: number }>(
          `SELECT no, started, sid, n FROM ${from} ${sql} ORDER BY started DESC, sid DESC, n DESC LIMIT ${SLICE}`,
        )
        .all(...values);
      for (const { no } of slice) if (hits.has(no)) yield no;
      if (slice.length < SLICE) return;
      last = slice.at(-1);
    }
  }

  /** How many there are, counted to `MOST_COUNTED`. */
  async number(filter: Filter | Search): Promise<number> {
    const search = await this.search(filter);
    const { conditions, from, hits } = search;
    if (hits && conditions.length === 0) return Math.min(hits.size, MOST_COUNTED);
    if (hits) {
      let number = 0;
      for await (const _ of this.#walk(search, hits, undefined)) if (++number === MOST_COUNTED) break;
      return number;
    }
    const { sql, values } = joined(conditions);
    const row = this.#db
      .prepare<unknown[], { n: number }>(
        `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} ${sql} LIMIT ${MOST_COUNTED})`,
      )
      .get(...values);
    return row!.n;
  }

  /** The words of a filter are looked up once, for all pages of a list. */
  async search(filter: Filter | Search): Promise<Search> {
    if ("conditions" in filter) return filter;
    const where: Condition[] = [];
    const is = (name: string, value: string | number | undefined, sign = "=") => {
      if (value !== undefined) where.push({ sql: `${name} ${sign} ?`, values: [value] });
    };
    if (filter.flows?.length === 1) is("flow", filter.flows[0]);
    else if (filter.flows) {
      where.push({ sql: "flow IN (SELECT value FROM json_each(?))", values: [JSON.stringify(filter.flows)] });
    }
    is("version", filter.version);
    is("status", filter.status);
    is("waits", filter.waits);
    is("person", filter.person);
    is("started", filter.from, ">=");
    is("started", filter.to, "<");
    is("sid", filter.sid);
    is("n", filter.n);
    if (filter.text === undefined || filter.text.trim() === "") return { conditions: where, from: "conversation" };
    const hits = await hitsOf(this.#store, filter.text);
    if (hits.size >= MANY) return { conditions: where, from: "conversation", hits };
    // Few hits are the way into the table, whatever else is asked; of more the list's own order is.
    const few = hits.size < FEW;
    const sql = `${few ? "" : "+"}no IN (SELECT value FROM json_each(?))`;
    where.push({ sql, values: [JSON.stringify([...hits])] });
    return { conditions: where, from: few ? "conversation NOT INDEXED" : "conversation" };
  }

  /**
   * The other conversations of whoever has this session, newest first: those by starting over in it, and those in which he
   * was identified as the same person.
   */
  ofSamePerson({ sid, n }: Pick<Kept, "sid" | "n">, flows: readonly string[] | undefined, limit: number): Kept[] {
    const same = `SELECT no FROM conversation WHERE sid = ? OR sid IN (
      SELECT sid FROM conversation WHERE subject = (SELECT max(subject) FROM conversation WHERE sid = ?))`;
    const where: Condition[] = [
      { sql: `no IN (${same})`, values: [sid, sid] },
      { sql: "NOT (sid = ? AND n = ?)", values: [sid, n] },
    ];
    if (flows) where.push({ sql: "flow IN (SELECT value FROM json_each(?))", values: [JSON.stringify(flows)] });
    return this.#rows({ conditions: where, from: "conversation NOT INDEXED" }, limit);
  }

  /** Where the words of a search stand in a conversation. */
  found({ no }: Kept, typed: string): string | undefined {
    const first = BigInt(no) << BigInt(MESSAGE_BITS);
    const texts = this.#db
      .prepare<[bigint, bigint], string>("SELECT text FROM said WHERE rowid >= ? AND rowid < ? LIMIT 500")
      .pluck()
      .all(first, first + (1n << BigInt(MESSAGE_BITS)));
    return excerpt(texts, typed);
  }

  /** The answers of some conversations in their order, by conversation. */
  answers(rows: readonly Kept[]): ReadonlyMap<number, readonly { col: string; text: string }[]> {
    const all = this.#db
      .prepare<[string], { no: number; col: string; text: string }>(
        "SELECT no, col, text FROM answer WHERE no IN (SELECT value FROM json_each(?)) ORDER BY no, seq",
      )
      .all(JSON.stringify(rows.map(({ no }) => no)));
    const by = new Map<number, { col: string; text: string }[]>();
    for (const { no, ...answer } of all) {
      const of = by.get(no);
      if (of) of.push(answer);
      else by.set(no, [answer]);
    }
    return by;
  }

  /** The columns that were ever answered, and the names of values, of a flow: by kind. */
  known(flow: string, kind: "answered" | "value"): string[] {
    return this.#db
      .prepare<[string, string], string>(
        "SELECT name FROM total WHERE flow = ? AND kind = ? GROUP BY name HAVING sum(conversations) > 0 ORDER BY min(version), name",
      )
      .pluck()
      .all(flow, kind);
  }

  /** Counts of the conversations that began in [from, to), by whole days (UTC). */
  counts(flow: string, { version, from, to }: Pick<Filter, "version" | "from" | "to">): Count[] {
    const where: Condition[] = [{ sql: "flow = ?", values: [flow] }];
    if (version !== undefined) where.push({ sql: "version = ?", values: [version] });
    if (from !== undefined) where.push({ sql: "day >= ?", values: [Math.floor(Date.parse(from) / DAY)] });
    if (to !== undefined) where.push({ sql: "day < ?", values: [Math.ceil(Date.parse(to) / DAY)] });
    const table = from === undefined && to === undefined ? "total" : "count";
    const { sql, values } = joined(where);
    return this.#db
      .prepare<unknown[], Count>(
        `SELECT kind, name, sum(times) AS times, sum(conversations) AS conversations FROM ${table} ${sql}
          GROUP BY kind, name HAVING sum(times) > 0 ORDER BY kind, name`,
      )
      .all(...values);
  }

  /** The versions of a flow that have conversations: how many, and how many of them wait and at which state. */
  versions(flow: string): { version: number; conversations: number; waiting: Readonly<Record<string, number>> }[] {
    const rows = this.#db
      .prepare<[string], Count & { version: number }>(
        `SELECT version, kind, name, times, conversations FROM total
          WHERE flow = ? AND (kind = 'waiting' OR (kind = 'status' AND name = 'begun')) ORDER BY version, name`,
      )
      .all(flow);
    const by = new Map<number, { conversations: number; waiting: Record<string, number> }>();
    for (const { version, kind, name, conversations } of rows) {
      const of = by.get(version) ?? { conversations: 0, waiting: {} };
      if (kind === "status") of.conversations = conversations;
      else if (conversations > 0) of.waiting[name] = conversations;
      by.set(version, of);
    }
    return [...by].map(([version, of]) => ({ version, ...of })).filter(({ conversations }) => conversations > 0);
  }
}

const behind = (after: After | undefined): Condition[] =>
  after ? [{ sql: "(started, sid, n) < (?, ?, ?)", values: [after.started, after.sid, after.n] }] : [];

function joined(where: readonly Condition[]): Condition {
  return {
    sql: where.length === 0 ? "" : `WHERE ${where.map(({ sql }) => sql).join(" AND ")}`,
    values: where.flatMap(({ values }) => values),
  };
}

import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import type { WhatIfReport } from "@parley/shared/api/what-if";
import type { FlowJson } from "@parley/shared/flow/json";
import type { LogRecord } from "@parley/shared/record";
import Database from "better-sqlite3";
import { sessionReader } from "../log/session-rows.js";
import { type Played, Tally } from "./tally.js";

/** What the worker is given. Without the log's file it asks for the records. */
export type Given = {
  readonly file: string | undefined;
  readonly draft: FlowJson;
  readonly versions: readonly (readonly [number, FlowJson])[];
  /** Those of one session stand together. */
  readonly played: readonly Played[];
};
export type Told =
  | { readonly kind: "done"; readonly done: number }
  | { readonly kind: "read"; readonly sids: readonly string[] }
  | { readonly kind: "report"; readonly report: WhatIfReport };
/** The records of the sessions that were asked for, in their order. */
export type Handed = readonly (readonly LogRecord[])[];

/** Sessions that are asked for at once, and after which the progress is told. */
const BATCH = 50;

const port = parentPort!;
const { file, draft, versions, played } = workerData as Given;
const tell = (told: Told): void => port.postMessage(told);

const read = reader();
const tally = new Tally({ draft, versions: new Map(versions) });
const sessions = bySession(played);
let done = 0;
for (let from = 0; from < sessions.length; from += BATCH) {
  const batch = sessions.slice(from, from + BATCH);
  const records = await read(batch.map(([sid]) => sid));
  for (const [i, [, conversations]] of batch.entries()) {
    tally.add(records[i] ?? [], conversations);
    done += conversations.length;
  }
  tell({ kind: "done", done });
}
tell({ kind: "report", report: tally.report() });

function bySession(all: readonly Played[]): [string, Played[]][] {
  const found = new Map<string, Played[]>();
  for (const one of all) {
    const known = found.get(one.sid);
    if (known) known.push(one);
    else found.set(one.sid, [one]);
  }
  return [...found];
}

/** From the log's file by a connection of this thread's own, so that nobody else waits; else from the main thread. */
function reader(): (sids: readonly string[]) => Promise<Handed> | Handed {
  if (file === undefined) {
    return async (sids) => {
      const answer = once(port, "message") as Promise<[Handed]>;
      tell({ kind: "read", sids });
      return (await answer)[0];
    };
  }
  const db = new Database(file, { readonly: true });
  db.pragma("busy_timeout = 1000");
  const session = sessionReader(db);
  const erased = db.prepare<[string], { erased: number }>("SELECT erased FROM session WHERE sid = ?");
  return (sids) =>
    sids.map((sid) =>
      erased.get(sid)?.erased === 1
        ? []
        : session(sid, 0, Number.MAX_SAFE_INTEGER).map(({ data }) => JSON.parse(data) as LogRecord),
    );
}

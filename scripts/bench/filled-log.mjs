import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { compile } from "../../shared/dist/flow/compile.js";
import { clientId, FIRST_ID, RECORD_VERSION } from "../../shared/dist/record.js";
import { eventOf, runRecords } from "../../shared/dist/session/replay.js";
import { NEW_SESSION } from "../../shared/dist/session/state.js";
import { STEP, step } from "../../shared/dist/session/step.js";
import { ROOT } from "../prepare.mjs";
import { serverPackage } from "./server-package.mjs";

const Database = serverPackage("better-sqlite3");
const FLOW = "bot-assistant";
/** Conversations under way at a time, and in a small log for each so many records one. */
const ACTIVE = 200;
const RECORDS_EACH = 50;
/** Where time begins, and what passes between two records, in ms. */
const BEGAN = Date.UTC(2026, 0, 5, 8);
const PASSES = 400;
const LANGUAGES = [
  "Zig",
  "Haskell, and lately a bit of OCaml",
  "TypeScript",
  "C",
  "Python for work, Nim for fun",
  "Elixir",
];

/**
 * Fills the log of a data folder whose server has published bot-assistant.json and is stopped, with what visitors and
 * bot would have said: 200 conversations at a time, most of them of 6 to 40 records.
 * @param {string} dataDir
 * @param {number} count records
 * @param {number} [began] when the first was written, in ms
 * @returns {{ sid: string, records: number }[]} the sessions that came to their end, in that order
 */
export function fillLog(dataDir, count, began = BEGAN) {
  const program = compile(JSON.parse(readFileSync(path.join(ROOT, "flows", `${FLOW}.json`), "utf8")));
  const random = randomNumbers(7);
  const db = new Database(path.join(dataDir, "log.db"));
  db.pragma("synchronous = OFF"); // Whoever built it builds it again after a crash.
  const addSession = db.prepare("INSERT INTO session (no, sid) VALUES (?, ?)");
  const addRecord = db.prepare("INSERT INTO record (pos, session, prev, data) VALUES (?, ?, ?, ?)");
  const setLast = db.prepare("UPDATE session SET last = ? WHERE no = ?");
  const ended = [];
  let pos = 0;
  let sessions = 0;
  db.exec("BEGIN");
  const add = (visitor, record) => {
    addRecord.run(++pos, visitor.no, visitor.last, JSON.stringify(record));
    visitor.last = pos;
    visitor.records++;
  };
  const begin = () => {
    const no = ++sessions;
    const sid = createHash("sha256").update(`visitor ${no}`).digest("hex").slice(0, 40);
    addSession.run(no, sid);
    return { no, sid, session: NEW_SESSION, records: 0, last: 0 };
  };
  const say = (visitor) => {
    const at = { v: RECORD_VERSION, sid: visitor.sid, timestamp: new Date(began + pos * PASSES).toISOString() };
    const input =
      visitor.records === 0
        ? { ...at, id: FIRST_ID, flow: FLOW, version: 1, step: STEP }
        : {
            ...at,
            id: clientId(`${visitor.no.toString(36)}-${visitor.records}`),
            payload: { kind: "Response", message: answer(visitor.session, random) },
            by: "visitor",
          };
    const [after, effects] = step(program, visitor.session, eventOf(input));
    visitor.session = after;
    add(visitor, input);
    for (const record of runRecords(input, effects, { timestamp: at.timestamp, fence: 0 })) add(visitor, record);
  };
  const active = Array.from({ length: Math.min(ACTIVE, Math.ceil(count / RECORDS_EACH)) }, begin);
  while (pos < count) {
    const i = Math.floor(random() * active.length);
    say(active[i]);
    if (active[i].session.ended) {
      setLast.run(active[i].last, active[i].no);
      ended.push({ sid: active[i].sid, records: active[i].records });
      active[i] = begin();
    }
  }
  for (const { last, no } of active) setLast.run(last, no);
  db.exec("COMMIT");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  return ended;
}

/** What a visitor says to what is open. */
function answer(session, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const chat = session.chats.keys().next().value;
  if (chat !== undefined) return { kind: "UserText", sessionId: chat, content: pick(LANGUAGES) };
  const { message } = session.questions.values().next().value;
  const { itemId, content } = pick(message.choices);
  return { kind: "ChoiceResponse", groupId: message.groupId, itemId, content };
}

/** The same numbers from 0 to 1 in every run (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

#!/usr/bin/env node
// A service beside the servers: it reads the log as they do, and writes a digest of each day as Markdown.
// See README.md. What it knows is in one small file, so it can be stopped, killed and started again at will.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openLog } from "@parley/runtime/log";
import { dayOf, digestOf, markdown, talksOf } from "./digest.mjs";

const HELP = `daily-digest [--log ADDRESS] [--out FOLDER] [--once] [--every SECONDS] [--remember DAYS]

--log       as LOG of your servers (nats://host:4222), or the data folder of one that keeps its log in a file (./data)
--out       where the digests go, one file a day, and what it remembers (./digests)
--once      up to now, then it ends: for cron. Otherwise it goes on until it is stopped
--every     seconds between two times that it writes, while it goes on (5)
--remember  digests older than so many days stay as they are, and sessions of which nothing is newer are forgotten (60)
`;

const { values } = parseArgs({
  options: {
    log: { type: "string", default: process.env.LOG ?? "./data" },
    out: { type: "string", default: "./digests" },
    once: { type: "boolean", default: false },
    every: { type: "string", default: "5" },
    remember: { type: "string", default: "60" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const oldest = new Date(Date.now() - Number(values.remember) * 86_400_000).toISOString().slice(0, 10);
const stateFile = path.join(values.out, "state.json");
mkdirSync(values.out, { recursive: true });
/** The place in each partition up to which `days` is right, and the days on which each session has records. */
const state = readState();
/** Sessions read lately: only what has changed is read again. */
const talks = new Map();
const changedDays = new Set();
const end = new AbortController();
process.on("SIGTERM", () => end.abort()).on("SIGINT", () => end.abort());

const log = await openLog(values.log).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
let writing = Promise.resolve();
const timer = setInterval(() => write(), Number(values.every) * 1_000);
await Promise.all(Array.from({ length: log.partitions }, (_, partition) => follow(partition)));
clearInterval(timer);
await write();
await log.close();

/** Reads one partition from where it was; with --once up to where it ends now. @param {number} partition */
async function follow(partition) {
  const head = await log.head(partition);
  let after = state.cursors[partition];
  // A place behind the end is one of another log: everything is read anew.
  if (after !== undefined && !log.reached(after, head)) after = undefined;
  if (values.once && log.reached(head, after ?? log.start)) return;
  for await (const tail of log.subscribe(partition, after, { signal: end.signal })) {
    if ("gap" in tail) {
      console.error(`Some records were gone before they were read: ${tail.gap}`);
      continue;
    }
    for (const record of tail.records) note(record);
    state.cursors[partition] = tail.cursor;
    if (values.once && log.reached(head, tail.cursor)) return;
  }
}

/** A digest is made of whole sessions: of a record it is enough to know whose and of which day it is. */
function note(record) {
  const days = new Set(state.sessions[record.sid]).add(dayOf(record));
  state.sessions[record.sid] = [...days];
  talks.delete(record.sid);
  // What a visitor answers today changes what yesterday's digest says of the beginning.
  for (const day of days) if (day >= oldest) changedDays.add(day);
}

/** One after the other: the state is never ahead of the files. */
function write() {
  writing = writing.then(async () => {
    const days = [...changedDays];
    changedDays.clear();
    try {
      if (days.length > 0) await writeDays(days);
      process.exitCode = 0;
    } catch (error) {
      // It is tried again; what is on the disk is as old as its cursors say.
      for (const day of days) changedDays.add(day);
      console.error(`The digests cannot be written: ${error.message}`);
      process.exitCode = 1;
    }
  });
  return writing;
}

async function writeDays(days) {
  // Taken before anything is read: what comes meanwhile is counted again, never left out.
  const saved = JSON.stringify(state);
  for (const day of days) {
    const sessions = [];
    for (const [sid, known] of Object.entries(state.sessions)) {
      if (!known.includes(day)) continue;
      if (!talks.has(sid)) talks.set(sid, talksOf(await log.read(sid)));
      sessions.push(talks.get(sid));
    }
    replace(path.join(values.out, `${day}.md`), markdown(day, digestOf(day, sessions)));
  }
  replace(stateFile, saved);
}

/** A reader sees the old file or the new one. */
function replace(file, text) {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

function readState() {
  try {
    const { cursors, sessions } = JSON.parse(readFileSync(stateFile, "utf8"));
    const kept = Object.entries(sessions).filter(([, days]) => days.some((day) => day >= oldest));
    return { cursors, sessions: Object.fromEntries(kept) };
  } catch (error) {
    if (error.code === "ENOENT") return { cursors: {}, sessions: {} };
    throw error;
  }
}

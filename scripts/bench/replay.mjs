// Reading and replaying one session in a log of 1,000,000 records against one in a log of 1,000.
import { readFileSync } from "node:fs";
import path from "node:path";
import { openSqliteLog } from "../../runtime/dist/log/sqlite.js";
import { compile } from "../../shared/dist/flow/compile.js";
import { replay } from "../../shared/dist/session/replay.js";
import { ROOT } from "../prepare.mjs";
import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { scratch, startParley } from "./children.mjs";
import { least, time, whole } from "./figures.mjs";
import { fillLog } from "./filled-log.mjs";

const [SMALL, LARGE] = [1_000, 1_000_000];
const ROUNDS = 5;
/** Replays in a round. In the large log of that many sessions, more than SQLite keeps pages of. */
const REPLAYS = 3_000;

await bench(async (report) => {
  const folder = scratch();
  const program = compile(JSON.parse(readFileSync(path.join(ROOT, "flows/bot-assistant.json"), "utf8")));
  const logs = [];
  for (const records of [SMALL, LARGE]) {
    const dataDir = path.join(folder, String(records));
    await endChild((await startParley(dataDir)).child, 10_000);
    const ended = fillLog(dataDir, records);
    logs.push({ log: await openSqliteLog({ file: path.join(dataDir, "log.db") }), ended, times: [] });
  }
  // Sessions of one length in both, from everywhere in the log.
  const length = usual(logs[0].ended);
  for (const side of logs) side.sids = spread(side.ended.filter(({ records }) => records === length));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { log, sids, times } of logs) {
      const began = performance.now();
      for (let i = 0; i < REPLAYS; i++) {
        const { replay: state } = replay(await log.read(sids[i % sids.length]), () => program);
        if (!state.session.ended) throw new Error("a conversation did not come to its end");
      }
      // The first round is for the compiler.
      if (round > 0) times.push((performance.now() - began) / REPLAYS);
    }
  }
  for (const { log } of logs) await log.close();
  const [small, large] = logs.map(({ times }) => least(times));
  report({
    name: `replay of a session of ${length} records, log of ${whole(LARGE)}`,
    measured: time(large),
    beside: `log of ${whole(SMALL)}: ${time(small)}`,
    ratio: large / small,
    atMost: 1.5,
  });
});

/** The commonest number of records. */
function usual(ended) {
  const counts = new Map();
  for (const { records } of ended) counts.set(records, (counts.get(records) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0][0];
}

/** At most `REPLAYS` of them, evenly taken. */
function spread(sessions) {
  const every = Math.max(1, Math.floor(sessions.length / REPLAYS));
  return sessions.filter((_, i) => i % every === 0).map(({ sid }) => sid);
}

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
/** Replays in a round. */
const REPLAYS = 3_000;

await bench(async (report) => {
  const folder = scratch();
  const program = compile(JSON.parse(readFileSync(path.join(ROOT, "flows/bot-assistant.json"), "utf8")));
  const [small, large] = await Promise.all(
    [SMALL, LARGE].map((records) => filled(path.join(folder, String(records)), records)),
  );
  // Sessions of one length, as many in both logs and from everywhere in the large one.
  const length = usual(small.ended);
  const few = spread(small.ended, length, REPLAYS);
  const sides = {
    small: { log: small.log, sids: few, times: [] },
    large: { log: large.log, sids: spread(large.ended, length, few.length), times: [] },
    // More than SQLite keeps the pages of: each is read from the file.
    cold: { log: large.log, sids: spread(large.ended, length, REPLAYS), times: [] },
  };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { log, sids, times } of Object.values(sides)) {
      const began = performance.now();
      for (let i = 0; i < REPLAYS; i++) {
        const { replay: state } = replay(await log.read(sids[i % sids.length]), () => program);
        if (!state.session.ended) throw new Error("a conversation did not come to its end");
      }
      // The first round is for the compiler.
      if (round > 0) times.push((performance.now() - began) / REPLAYS);
    }
  }
  await Promise.all([small.log.close(), large.log.close()]);
  const best = (/** @type {keyof typeof sides} */ side) => least(sides[side].times);
  report({
    name: `replay of ${length} records, log of ${whole(LARGE)}`,
    measured: time(best("large")),
    beside: `log of ${whole(SMALL)}: ${time(best("small"))}`,
    ratio: best("large") / best("small"),
    atMost: 1.5,
  });
  report({
    name: `replay of ${length} records, not read lately`,
    measured: time(best("cold")),
    beside: `log of ${whole(SMALL)}: ${time(best("small"))}`,
    ratio: best("cold") / best("small"),
  });
});

/** A log with so many records, and the sessions in it that have ended. */
async function filled(dataDir, records) {
  await endChild((await startParley(dataDir)).child, 10_000);
  const ended = fillLog(dataDir, records);
  return { ended, log: await openSqliteLog({ file: path.join(dataDir, "log.db") }) };
}

/** The commonest number of records. */
function usual(ended) {
  const counts = new Map();
  for (const { records } of ended) counts.set(records, (counts.get(records) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0][0];
}

/** At most `count` of the sessions that have so many records, evenly taken. */
function spread(ended, length, count) {
  const alike = ended.filter(({ records }) => records === length);
  const every = Math.max(1, alike.length / count);
  return Array.from({ length: Math.min(count, alike.length) }, (_, i) => alike[Math.floor(i * every)].sid);
}

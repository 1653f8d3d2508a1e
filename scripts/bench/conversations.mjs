// The projections of conversations: how fast they are built anew, and whether lists and search grow with their number.
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openSqliteLog } from "../../runtime/dist/log/sqlite.js";
import { createMetrics } from "../../runtime/dist/metrics.js";
import { Projector } from "../../runtime/dist/projection/projector.js";
import { ConversationReader } from "../../runtime/dist/projection/reading.js";
import { ProjectionStore } from "../../runtime/dist/projection/store.js";
import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { scratch, startParley } from "./children.mjs";
import { median, time, whole } from "./figures.mjs";
import { fillLog } from "./filled-log.mjs";
import { serverPackage } from "./server-package.mjs";

const RECORDS = { few: 5_000, many: 500_000 };
const ROUNDS = 200;
/** What an orderly stop may take, in ms. */
const STOP = 10_000;
const FLOW = "bot-assistant";

await bench(async (report) => {
  const few = await projected("few");
  const many = await projected("many");
  report({
    name: `build anew, ${whole(many.count)} conversations`,
    measured: time(many.ms),
    beside: `${whole(many.count / (many.ms / 1000))} conversations a second`,
  });
  const asked = {
    list: { flows: [FLOW] },
    "list of a version and a time": { flows: [FLOW], version: 1, from: "2026-01-05T08:00:00.000Z" },
    // Said once in each.
    "search, one found": { flows: [FLOW], text: "needleinahaystack" },
  };
  for (const [name, filter] of Object.entries(asked)) {
    const small = await typical(() => few.reader.list(filter, 50));
    const large = await typical(() => many.reader.list(filter, 50));
    report({
      name: `${name}, ${whole(many.count)} conversations`,
      measured: time(large),
      beside: `of ${whole(few.count)}: ${time(small)}`,
      ratio: large / small,
      atMost: 3,
    });
  }
  for (const [name, text] of Object.entries({ "a sixth of them found": "python", "all of them found": "nice" })) {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const usual = await typical(() => many.reader.list({ flows: [FLOW], text }, 50), 20);
    loop.disable();
    report({ name: `search, ${name}`, measured: time(usual), beside: `others wait at most ${time(loop.max / 1e6)}` });
  }
  report({
    name: "counts of a version and a time",
    measured: time(await typical(() => many.reader.counts(FLOW, asked["list of a version and a time"]))),
  });
});

/** A filled log, and the projections made of it. @param {"few" | "many"} size */
async function projected(size) {
  const dataDir = path.join(scratch(), size);
  await endChild((await startParley(dataDir)).child, STOP);
  fillLog(dataDir, RECORDS[size]);
  const log = await openSqliteLog({ file: path.join(dataDir, "log.db") });
  const store = new ProjectionStore(path.join(dataDir, "projections.db"));
  store.clear();
  const logger = serverPackage("pino").pino({ level: "silent" });
  const end = new AbortController();
  const projector = new Projector({ log, store, logger, metrics: createMetrics(), now: Date.now });
  const began = performance.now();
  await projector.start(end.signal);
  projector.flush();
  const ms = performance.now() - began;
  end.abort();
  const reader = new ConversationReader(store);
  const [row] = await reader.list({}, 1);
  store.db
    .prepare("INSERT INTO said (rowid, text) VALUES (?, ?)")
    .run(BigInt(row.no) * 2n ** 24n + 9_999n, "needleinahaystack");
  const count = store.db.prepare("SELECT count(*) FROM conversation").pluck().get();
  return { ms, count, reader };
}

/** Of many rounds, in ms. @param {() => unknown} once */
async function typical(once, rounds = ROUNDS) {
  await once();
  const took = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await once();
    took.push(performance.now() - began);
  }
  return median(took);
}

// Start-up of the server with a log of 1,000,000 records against one with an empty log.
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { scratch, startParley } from "./children.mjs";
import { least, time, whole } from "./figures.mjs";
import { fillLog } from "./filled-log.mjs";
import { serverPackage } from "./server-package.mjs";

const RECORDS = 1_000_000;
const ROUNDS = 5;
/** No round begins after this, in ms: a bench takes a minute at most, on a slow machine also. */
const LAST_ROUND = 48_000;
/** What an orderly stop may take, in ms. */
const STOP = 10_000;

await bench(async (report) => {
  const folder = scratch();
  const [empty, full] = [path.join(folder, "empty"), path.join(folder, "full")];
  for (const dataDir of [empty, full]) await endChild((await startParley(dataDir)).child, STOP);
  fillLog(full, RECORDS);
  // This start finds neither projections nor a place: the next ones find what it leaves.
  const began = performance.now();
  const first = await startParley(full);
  await projected(full, RECORDS);
  report({
    name: `first start, ${whole(RECORDS)} records to project`,
    measured: `ready ${time(first.ms)}`,
    beside: `projected ${time(performance.now() - began)}`,
  });
  await endChild(first.child, STOP);
  const starts = { empty: [], full: [] };
  for (let round = 0; round < ROUNDS && (round < 1 || performance.now() < LAST_ROUND); round++) {
    for (const [name, dataDir] of Object.entries({ full, empty })) {
      const { child, ms } = await startParley(dataDir);
      starts[name].push(ms);
      await endChild(child, STOP);
    }
  }
  report({
    name: `start-up, ${whole(RECORDS)} records`,
    measured: time(least(starts.full)),
    beside: `empty log ${time(least(starts.empty))}`,
    ratio: least(starts.full) / least(starts.empty),
    atMost: 2,
  });
});

/** Resolves when the projections have what is in the log. */
async function projected(dataDir, head) {
  const Database = serverPackage("better-sqlite3");
  const db = new Database(path.join(dataDir, "projections.db"), { readonly: true });
  const cursors = db.prepare("SELECT cursor FROM cursor");
  for (;;) {
    const places = cursors.all().map(({ cursor }) => Number(cursor));
    if (places.length > 0 && places.every((place) => place >= head)) break;
    await delay(100);
  }
  db.close();
}

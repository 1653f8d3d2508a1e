import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clientId } from "@parley/shared/record";
import { afterEach, expect, it } from "vitest";
import { Load } from "../testing/load.js";
import { changedBuild } from "../testing/other-build.js";
import { launch } from "../testing/process.js";
import { Random, seedOfRun } from "../testing/random.js";
import { scratch } from "../testing/server.js";
import { findStrace, judge, straceTo, type Verdict } from "../testing/strace.js";
import { Visitor } from "../testing/visitor.js";

/** How many acknowledgements are looked at; torture asks for more. */
const ACKS = Number(process.env.TORTURE_ACKS ?? 60);
const strace = findStrace();
const why = strace.why === undefined ? "" : ` (${strace.why})`;

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it.skipIf(why !== "")(
  `[P2] between a record's writing and its Ack lies a completed fsync of the log, for every Ack${why}`,
  { timeout: 120_000 },
  async () => {
    const { acks, unsynced } = await traced();
    console.log(`${acks} acknowledgements under strace, each after its fsync`);
    expect(acks).toBeGreaterThanOrEqual(ACKS);
    expect(unsynced).toEqual([]);
  },
);

it.skipIf(why !== "")(
  `[P2] the same look finds what synchronous=NORMAL leaves out${why}`,
  { timeout: 120_000 },
  async () => {
    const from = `db.pragma("synchronous = FULL");
if (db.pragma("synchronous", { simple: true }) !== 2)
    throw new Error("SQLite does not take synchronous = FULL");`;
    const normal = changedBuild("log/sqlite-worker.js", from, 'db.pragma("synchronous = NORMAL");');
    cleanup.push(normal.dispose);
    const { acks, unsynced } = await traced(normal.bin);
    console.log(`${acks} acknowledgements with NORMAL, ${unsynced.length} of them before their fsync`);
    expect(acks).toBeGreaterThanOrEqual(ACKS);
    expect(unsynced.length).toBeGreaterThan(0);
  },
);

/** Several visitors talk to a server of whose system calls a trace is kept. */
async function traced(bin?: string): Promise<Verdict> {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const trace = join(folder.path, "trace");
  const server = launch({
    ...{ dataDir: join(folder.path, "data"), args: ["--limits", "off"], under: straceTo(strace.path!, trace) },
    ...(bin !== undefined && { bin }),
  });
  cleanup.push(() => server.stop("SIGKILL"));
  await server.says("Websocket");
  const load = new Load(new Random(seedOfRun()));
  const visitors = Array.from({ length: 6 }, (_, i) => new Visitor(load, `v${i}`, { tabs: 1, resets: false }));
  const enough = new Promise<void>((resolve) => {
    load.moment("acks", ACKS, 0, () => {
      load.stopping = true;
      resolve();
      return true;
    });
  });
  await Promise.all(visitors.map((visitor) => visitor.connect(`${server.wsUrl}chat/bot-assistant`)));
  await enough;
  await server.stop("SIGTERM");
  return judge(readFileSync(trace, "utf8"), clientId);
}

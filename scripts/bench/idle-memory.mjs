// What an idle session costs in memory with 10,000 sockets, against an idle socket of a bare `ws` server.
import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endOnSignals, run } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { residentBytes, scratch, startEcho, startLoad, startParley } from "./children.mjs";
import { whole } from "./figures.mjs";

const SOCKETS = 10_000;
/** Descriptors beside the sockets, and all that a process needs. */
const BESIDE = 500;
const DESCRIPTORS = SOCKETS + BESIDE;
/** The server lets go of what is idle within 8 s; looked at from then on until nothing changes, and no longer than this. */
const IDLE = 8_000;
const SETTLE = 20_000;

const limit = descriptors();
// Node raises the soft limit to the hard one by itself; beyond, only root may go.
if (limit < DESCRIPTORS && process.env.PARLEY_BENCH_RAISED === undefined) {
  const script = `ulimit -n ${DESCRIPTORS} 2>/dev/null; exec "$0" "$1"`;
  const env = { ...process.env, PARLEY_BENCH_RAISED: "tried" };
  endOnSignals();
  process.exit((await run("/bin/sh", ["-c", script, process.execPath, fileURLToPath(import.meta.url)], { env })).code);
}

await bench(async (report) => {
  const sockets = Math.min(SOCKETS, limit - BESIDE);
  if (sockets < SOCKETS) {
    console.log(
      `A process here may have ${limit} open files and this user cannot raise that: ${sockets} sockets, not ${SOCKETS}.`,
    );
  }
  const server = await startParley(scratch());
  const echo = await startEcho();
  const sides = [
    { name: "parley", kind: "bare", ...server },
    { name: "echo", kind: "echo", ...echo },
  ];
  const loads = await Promise.all(
    sides.map(async ({ name, kind, port, child }) => {
      const load = startLoad();
      // Both after a first round of connections, so that what a process makes once is not counted.
      await load.open(name, { port, kind, connections: 200 });
      await load.close(name);
      await delay(500);
      const before = residentBytes(child.pid);
      await load.open(name, { port, kind, connections: sockets });
      return { load, before, child };
    }),
  );
  const started = performance.now();
  let last = 0;
  for (let same = 0; same < 4 && performance.now() - started < SETTLE; ) {
    await delay(1_500);
    const now = residentBytes(server.child.pid);
    same = performance.now() - started > IDLE && Math.abs(now - last) < 500_000 ? same + 1 : 0;
    last = now;
  }
  const [session, socket] = loads.map(({ before, child }) => (residentBytes(child.pid) - before) / sockets);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  report({
    name: `memory of an idle session, ${whole(sockets)} sockets`,
    measured: kilobytes(session),
    beside: `bare ws ${kilobytes(socket)}`,
    ratio: session / socket,
    atMost: 2.5,
  });
});

/** How many files a process may have open. */
function descriptors() {
  if (process.platform === "win32") return Number.POSITIVE_INFINITY;
  const text = execFileSync("/bin/sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}

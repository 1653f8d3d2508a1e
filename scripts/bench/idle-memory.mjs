// What an idle session costs in memory with 10,000 sockets, against an idle socket of a bare `ws` server.
import { execFileSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { residentBytes, scratch, startEcho, startLoad, startParley } from "./children.mjs";
import { whole } from "./figures.mjs";

const SOCKETS = 10_000;
/** Descriptors that a process with that many sockets needs. */
const DESCRIPTORS = SOCKETS + 500;
/** The server lets go of what is idle after 15 s at most; looked at until nothing changes, and no longer than this. */
const SETTLE = 25_000;

await bench(async (report) => {
  const limit = descriptors();
  if (limit < DESCRIPTORS) {
    throw new Error(
      `This needs ${DESCRIPTORS} open files a process, and the limit here is ${limit}: raise it (ulimit -n ${DESCRIPTORS}) and run it again.`,
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
      await load.open(name, { port, kind, connections: SOCKETS });
      return { load, before, child };
    }),
  );
  const started = performance.now();
  let last = 0;
  for (let same = 0; same < 4 && performance.now() - started < SETTLE; ) {
    await delay(1_500);
    const now = residentBytes(server.child.pid);
    same = performance.now() - started > 16_000 && Math.abs(now - last) < 500_000 ? same + 1 : 0;
    last = now;
  }
  const [session, socket] = loads.map(({ before, child }) => (residentBytes(child.pid) - before) / SOCKETS);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  report({
    name: `memory of an idle session, ${whole(SOCKETS)} sockets`,
    measured: kilobytes(session),
    beside: `bare ws ${kilobytes(socket)}`,
    ratio: session / socket,
    atMost: 2.5,
  });
  for (const child of [...loads.map(({ load }) => load.child), echo.child, server.child]) await endChild(child);
});

/** How many files a process may have open. */
function descriptors() {
  if (process.platform === "win32") return Number.POSITIVE_INFINITY;
  const text = execFileSync("/bin/sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}

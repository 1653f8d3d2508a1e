// Durable turns a second of 1,000 visitors through processes of their own, with more and more workflows, against one
// process that does everything.

import { endChild } from "../processes.mjs";
import { bench } from "./bench.mjs";
import { startLoad } from "./children.mjs";
import { ENGINES, grow, startRole } from "./engines.mjs";
import { most, time, whole } from "./figures.mjs";

const VISITORS = 1_000;
/** So many partitions, and workflows on them; a Fluvio with one server is faster with few. */
const SHAPES = [
  { partitions: 2, counts: [1] },
  { partitions: 4, counts: [1, 2, 4] },
];
/** Short ones: what is written here in a minute is more than some disks take. */
const ROUNDS = 3;
const MS = 700;
const CHAT = { path: "/chat/bot-assistant", kind: /** @type {const} */ ("bare") };

await bench(async (report) => {
  const load = startLoad();
  const one = await startRole("all", { partitions: most(SHAPES.map(({ partitions }) => partitions)) });
  for (const { begin } of ENGINES) {
    /** @type {number[]} */
    const reached = [];
    /** @type {import("./engines.mjs").Engine["before"]} */
    let before;
    let name = "";
    for (const { partitions, counts } of SHAPES) {
      const engine = await begin(partitions);
      ({ name, before } = engine);
      const on = { log: engine.log, partitions };
      const others = [startRole("studio", on), startRole("proxy", on), startRole("proxy", on)];
      const [studio, ...proxies] = await Promise.all(others);
      /** @type {import("./engines.mjs").Started[]} */
      const workflows = [];
      for (const count of counts) {
        await grow(workflows, count, engine, partitions);
        // New visitors each time: who says nothing for some seconds is read from the log again, and these say a lot.
        await load.open("embedded", { ...CHAT, port: one.port, connections: VISITORS });
        for (const { port } of proxies) await load.open("split", { ...CHAT, port, connections: VISITORS / 2 });
        const { split, embedded, p99 } = await both(load);
        for (const side of ["split", "embedded"]) await load.close(side);
        report({
          name: `turns a second, ${name}, ${partitions} partitions, ${count} workflow${count === 1 ? "" : "s"}`,
          measured: `${whole(split)}/s`,
          beside: `embedded ${whole(embedded)}/s`,
          ratio: split / embedded,
        });
        report({ name: "the same, p99", measured: time(p99) });
        reached.push(split);
      }
      await Promise.all([studio, ...proxies, ...workflows].map((started) => started && endChild(started.child)));
      await engine.end?.();
    }
    if (before === undefined) continue;
    report({
      name: `the most of these, ${name}`,
      measured: `${whole(most(reached))}/s`,
      beside: `${whole(before.perSecond)}/s of ${before.whose}`,
      ratio: most(reached) / before.perSecond,
      atLeast: 1.6,
    });
  }
});

/** Both sides in turn. @param {ReturnType<typeof startLoad>} load */
async function both(load) {
  const rounds = { split: [], embedded: [] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of /** @type {const} */ (["split", "embedded"])) {
      const measured = await load.measure(name, MS);
      if (round >= 0) rounds[name].push(measured); // The one before is for warming up.
    }
  }
  const rate = (/** @type {"split" | "embedded"} */ name) => most(rounds[name].map(({ perSecond }) => perSecond));
  return { split: rate("split"), embedded: rate("embedded"), p99: most(rounds.split.map(({ p99 }) => p99)) };
}

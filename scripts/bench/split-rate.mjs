// Durable turns a second of 1,000 visitors through processes of their own, with more and more workflows, against one
// process that does everything.
import { bench } from "./bench.mjs";
import { startLoad } from "./children.mjs";
import { ENGINES, grow, startRole } from "./engines.mjs";
import { most, time, whole } from "./figures.mjs";

const PARTITIONS = 4;
const VISITORS = 1_000;
const WORKFLOWS = [1, 2, 4];
/** Short ones: what is written here in a minute is more than some disks take. */
const ROUNDS = 3;
const MS = 700;
const CHAT = { path: "/chat/bot-assistant", kind: /** @type {const} */ ("bare") };

await bench(async (report) => {
  const load = startLoad();
  const one = await startRole("all", { partitions: PARTITIONS });
  await load.open("embedded", { ...CHAT, port: one.port, connections: VISITORS });
  for (const { begin } of ENGINES) {
    const engine = await begin(PARTITIONS);
    let best = 0;
    const on = { log: engine.log, partitions: PARTITIONS };
    await startRole("studio", on);
    const proxies = await Promise.all([startRole("proxy", on), startRole("proxy", on)]);
    /** @type {import("./engines.mjs").Started[]} */
    const workflows = [];
    for (const count of WORKFLOWS) {
      await grow(workflows, count, engine, PARTITIONS);
      if (count === WORKFLOWS[0]) {
        for (const { port } of proxies) await load.open("split", { ...CHAT, port, connections: VISITORS / 2 });
      }
      const rounds = { split: [], embedded: [] };
      for (const name of /** @type {const} */ (["split", "embedded"])) await load.measure(name, MS);
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of /** @type {const} */ (["split", "embedded"]))
          rounds[name].push(await load.measure(name, MS));
      }
      const rate = (/** @type {"split" | "embedded"} */ name) => most(rounds[name].map(({ perSecond }) => perSecond));
      report({
        name: `turns a second, ${engine.name}, ${count} workflow${count === 1 ? "" : "s"}`,
        measured: `${whole(rate("split"))}/s`,
        beside: `embedded ${whole(rate("embedded"))}/s`,
        ratio: rate("split") / rate("embedded"),
      });
      report({ name: "the same, p99", measured: time(most(rounds.split.map(({ p99 }) => p99))) });
      best = Math.max(best, rate("split"));
    }
    if (engine.before) {
      const { whose, perSecond } = engine.before;
      report({
        name: `the most of these, ${engine.name}`,
        measured: `${whole(best)}/s`,
        beside: `${whole(perSecond)}/s of ${whose}`,
        ratio: best / perSecond,
        atLeast: 1.6,
      });
    }
    await load.close("split");
    await engine.end?.();
  }
});

// One visitor's turn through processes of their own (two proxies, two workflows, a studio), against two bare hops by the
// same engine.
import { bench } from "./bench.mjs";
import { startLoad } from "./children.mjs";
import { ENGINES, grow, startRole } from "./engines.mjs";
import { least, time } from "./figures.mjs";

const PARTITIONS = 4;
/** Short ones and many: a machine that does other things too is quiet in some. */
const ROUNDS = 20;
const MS = 400;
const WARM_UP = 2_500;

await bench(async (report) => {
  for (const { begin, turn: atMost } of ENGINES) {
    const engine = await begin(PARTITIONS);
    const on = { log: engine.log, partitions: PARTITIONS };
    await startRole("studio", on);
    const [proxy] = await Promise.all([startRole("proxy", on), startRole("proxy", on)]);
    await grow([], 2, engine, PARTITIONS);
    const hops = await engine.hops();
    const load = startLoad();
    await load.open("parley", { port: proxy.port, path: "/chat/bot-assistant", kind: "bare", connections: 1 });
    await load.measure("parley", WARM_UP);
    await hops.measure(WARM_UP);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { p50, p99 } = await load.measure("parley", MS);
      rounds.push({ turn: p50, p99, hops: await hops.measure(MS) });
    }
    const best = (/** @type {"turn" | "p99" | "hops"} */ key) => least(rounds.map((round) => round[key]));
    report({
      name: `turn of one visitor, split roles, ${engine.name}`,
      measured: time(best("turn")),
      beside: `two bare hops ${time(best("hops"))}`,
      ratio: best("turn") / best("hops"),
      atMost,
    });
    report({ name: "the same, p99", measured: time(best("p99")), ratio: best("p99") / best("hops") });
    await engine.end?.();
  }
});

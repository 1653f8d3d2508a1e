// `check` and `compile` of 10,000 states in six shapes, against a chain of as many and beside a fixed loop.
import { check } from "../../shared/dist/flow/check.js";
import { compile } from "../../shared/dist/flow/compile.js";
import { bench } from "./bench.mjs";
import { least, most, time } from "./figures.mjs";
import { fixedLoop } from "./fixed-loop.mjs";
import { shapes } from "./flow-shapes.mjs";

const STATES = 10_000;
const ROUNDS = 5;
/** Calls for the compiler before anything counts. */
const WARM_UP = 3;
/** For the chain, as what people draw is; the other shapes are bound to it. */
const MOST_MS = 50;
const MOST_TIMES_CHAIN = 4;

await bench(async (report) => {
  const flows = Object.entries(shapes(STATES));
  for (const [what, run] of Object.entries({ check, compile })) {
    for (let i = 0; i < WARM_UP; i++) for (const [, flow] of flows) run(flow);
    const times = new Map(flows.map(([name]) => [name, []]));
    const loops = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, flow] of flows) {
        const began = performance.now();
        run(flow);
        times.get(name)?.push(performance.now() - began);
      }
      loops.push(fixedLoop());
    }
    const best = new Map([...times].map(([name, list]) => [name, least(list)]));
    const chain = best.get("chain") ?? 0;
    const [slowest] = [...best].toSorted((a, b) => b[1] - a[1])[0] ?? [];
    for (const [name, ms] of best) {
      report({
        name: `${what} of 10,000 states: ${name}`,
        measured: time(ms),
        beside: `fixed loop ${time(least(loops))}`,
        ratio: ms / least(loops),
        ...(name === "chain" && { value: ms, unit: " ms", atMost: MOST_MS }),
      });
    }
    report({
      name: `${what}: the worst of six shapes (${slowest})`,
      measured: time(most([...best.values()])),
      beside: `chain ${time(chain)}`,
      ratio: most([...best.values()]) / chain,
      atMost: MOST_TIMES_CHAIN,
    });
  }
});

// Prints how long `check` takes for 10,000 states in six shapes, against the chain. Needs built files of shared.
import { check } from "@parley/shared/flow/check";
import { shapes } from "./flow-shapes.mjs";

const STATES = 10_000;
const ROUNDS = 15;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function measure(flow) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    check(flow);
    times.push(performance.now() - begin);
  }
  return median(times);
}

const flows = Object.entries(shapes(STATES));
for (const [, flow] of flows) measure(flow);
let chain = 0;
for (const [name, flow] of flows) {
  const time = measure(flow);
  chain ||= time;
  const found = check(flow).length;
  console.log(`check, ${name}: ${time.toFixed(1)} ms, ${(time / chain).toFixed(2)}× the chain, ${found} findings`);
}

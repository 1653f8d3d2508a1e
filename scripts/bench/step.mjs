// One step of a conversation in a flow of 10,000 states against one in a flow of 10.
import { compile } from "../../shared/dist/flow/compile.js";
import { NEW_SESSION } from "../../shared/dist/session/state.js";
import { step } from "../../shared/dist/session/step.js";
import { bench } from "./bench.mjs";
import { least, time, whole } from "./figures.mjs";
import { fixedLoop } from "./fixed-loop.mjs";

const [SMALL, LARGE] = [10, 10_000];
/** Questions that lead to each other in a ring: with their answers, the whole of the small flow. */
const RING = 5;
/** Short and many, so that some of them have the processor for themselves. */
const ROUNDS = 25;
const WARM_UP = 5;
const STEPS = 20_000;

await bench(async (report) => {
  const small = { program: compile(rings(SMALL)), times: [] };
  const large = { program: compile(rings(LARGE)), times: [] };
  const everywhere = { program: compile(rings(LARGE, LARGE / 2)), times: [] };
  const loops = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // The first rounds are for the compiler.
    const keep = round >= WARM_UP;
    for (const { program, times } of [small, large]) {
      const ms = walk(program, RING);
      if (keep) times.push(ms);
    }
    const ms = walk(everywhere.program, LARGE / 2);
    if (keep) everywhere.times.push(ms);
    loops.push(fixedLoop());
  }
  const each = ({ times }) => least(times) / STEPS;
  report({
    name: `step in a flow of ${whole(LARGE)} states`,
    measured: time(each(large)),
    beside: `flow of ${SMALL}: ${time(each(small))}`,
    ratio: each(large) / each(small),
    atMost: 1.2,
  });
  // The same number of look-ups, but each of something that the processor has not seen for long.
  report({
    name: `step on and on through ${whole(LARGE)} states`,
    measured: time(each(everywhere)),
    beside: `flow of ${SMALL}: ${time(each(small))}`,
    ratio: each(everywhere) / each(small),
  });
  report({ name: "fixed loop", measured: time(least(loops)) });
});

/** Rings of questions; the conversation begins in the one in the middle and never leaves it. */
function rings(states, ring = RING) {
  const count = states / 2;
  const begin = Math.floor(count / ring / 2) * ring;
  const flow = {};
  for (let n = 0; n < count; n++) {
    const i = (n + begin) % count;
    const next = i - (i % ring) + ((i + 1) % ring);
    const choices = ["yes", "no", "later"].map((itemId) => ({ itemId, content: `Answer ${itemId}` }));
    flow[`ask${i}`] = {
      sendRequest: { kind: "ChoiceRequest", groupId: `group${i}`, question: `Question ${i}?`, choices },
    };
    flow[`told${i}`] = {
      matchResponse: { kind: "ChoiceResponse", groupId: `group${i}`, itemId: "yes" },
      next: `ask${next}`,
    };
  }
  return flow;
}

/** Answers the ring's questions for `STEPS` steps; ms. */
function walk(program, ring) {
  const first = Number(program.start?.slice("ask".length));
  const answers = Array.from({ length: ring }, (_, i) => ({
    kind: "answer",
    message: { kind: "ChoiceResponse", groupId: `group${first + i}`, itemId: "yes" },
  }));
  let [session] = step(program, NEW_SESSION, { kind: "begin" });
  const began = performance.now();
  for (let n = 0; n < STEPS; n++) [session] = step(program, session, answers[n % ring]);
  const ms = performance.now() - began;
  if (session.seq !== 1 + 2 * STEPS) throw new Error("an answer was refused");
  return ms;
}

import { appendFileSync, readFileSync } from "node:fs";
import { it } from "vitest";
import { seedOfRun } from "../testing/random.js";
import { count, type Done, episode } from "../testing/torture/episode.js";
import { ENGINES, type Engine } from "../testing/torture/plan.js";

/** A piece of a minute here, half of it on each log; `npm run test:torture` sets how long, on which, and where the figures go. */
const { TORTURE_MINUTES, TORTURE_LOG, TORTURE_OUT, PARLEY_SEED, FLUVIO_ENDPOINT } = process.env;
const MINUTES = TORTURE_MINUTES === undefined ? 0.5 : Number(TORTURE_MINUTES);
const engines = ENGINES.filter((engine) => (TORTURE_LOG ?? engine) === engine);

/** The seed of the last piece that is in the figures, unless another is named. */
function firstSeed(): number {
  if (PARLEY_SEED !== undefined) return seedOfRun();
  const lines = readFileSync(new URL("../../../docs/torture.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const seeds = lines.map((line) => JSON.parse(line) as { kind: string; seed: number });
  return seeds.findLast(({ kind }) => kind === "faults")!.seed;
}

const noFluvio = FLUVIO_ENDPOINT === undefined;
const name =
  "[P1] [P3] [P4] [P5] [P6] [P7] [P8] [P9] [P11] [P12] [P16] hold whatever befalls processes, network, engine, disk and clock";
const timeout = 180_000 + MINUTES * 90_000;
for (const engine of engines) {
  const absent = engine === "fluvio" && noFluvio;
  const named = `${name}: ${engine}${absent ? " (FLUVIO_ENDPOINT names no cluster)" : ""}`;
  it.skipIf(absent)(named, { timeout }, () => piece(engine));
}

async function piece(engine: Engine): Promise<void> {
  const first = firstSeed();
  const until = performance.now() + MINUTES * 60_000;
  const all: Done = {
    ...{ kills: 0, faults: {}, points: {}, people: {}, acked: 0, lost: 0, doubled: 0, unclear: 0 },
    without: {},
  };
  let episodes = 0;
  for (let seed = first; episodes === 0 || performance.now() < until; seed++) {
    const one = await episode(engine, seed, until).catch((cause: unknown) => {
      const again = `npm run test:torture -- --log ${engine} --seed ${seed} --minutes 1`;
      throw new Error(`The episode of seed ${seed} failed; again: ${again}\n${(cause as Error).stack}`, { cause });
    });
    episodes += 1;
    for (const sum of ["kills", "acked", "lost", "doubled", "unclear"] as const) all[sum] += one[sum];
    for (const counts of ["faults", "points", "people"] as const) {
      for (const [name, times] of Object.entries(one[counts])) count(all[counts], name, times);
    }
    Object.assign(all.without, one.without);
  }
  const figures = { kind: "faults", log: engine, seed: first, minutes: MINUTES, episodes, ...all };
  console.log(JSON.stringify(figures));
  if (TORTURE_OUT !== undefined) appendFileSync(TORTURE_OUT, `${JSON.stringify(figures)}\n`);
}

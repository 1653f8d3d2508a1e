import { appendFileSync } from "node:fs";
import { it } from "vitest";
import { seedOfRun } from "../testing/random.js";
import { type Done, episode } from "../testing/torture/episode.js";
import { ENGINES, type Engine } from "../testing/torture/system.js";

/** A short piece here; `npm run test:torture` sets how long, on which log, and where the figures go. */
const { TORTURE_MINUTES, TORTURE_LOG, TORTURE_OUT } = process.env;
const MINUTES = TORTURE_MINUTES === undefined ? 0.15 : Number(TORTURE_MINUTES);
const engines = ENGINES.filter((engine) => TORTURE_LOG === undefined || TORTURE_LOG === engine);

it.each(engines)(
  "[P1] [P3] [P4] [P5] [P8] [P11] [P12] hold whatever befalls processes, network, engine, disk and clock: %s",
  { timeout: 180_000 + MINUTES * 90_000 },
  async (engine: Engine) => {
    const first = seedOfRun();
    const until = performance.now() + MINUTES * 60_000;
    const all: Done = { kills: 0, faults: {}, acked: 0, unclear: 0, without: {} };
    let episodes = 0;
    for (let seed = first; episodes === 0 || performance.now() < until; seed++) {
      const one = await episode(engine, seed, until).catch((cause: unknown) => {
        const again = `npm run test:torture -- --log ${engine} --seed ${seed} --minutes 1`;
        throw new Error(`The episode of seed ${seed} failed; again: ${again}\n${(cause as Error).stack}`, { cause });
      });
      episodes += 1;
      Object.assign(all, {
        kills: all.kills + one.kills,
        acked: all.acked + one.acked,
        unclear: all.unclear + one.unclear,
      });
      for (const [name, count] of Object.entries(one.faults)) all.faults[name] = (all.faults[name] ?? 0) + count;
      Object.assign(all.without, one.without);
    }
    const figures = { log: engine, seed: first, minutes: MINUTES, episodes, ...all, lost: 0, doubled: 0 };
    console.log(JSON.stringify(figures));
    if (TORTURE_OUT !== undefined) appendFileSync(TORTURE_OUT, `${JSON.stringify(figures)}\n`);
  },
);

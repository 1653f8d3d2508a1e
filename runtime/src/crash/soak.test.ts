import { appendFileSync } from "node:fs";
import { expect, it, onTestFailed } from "vitest";
import { seedOfRun } from "../testing/random.js";
import { ENGINES } from "../testing/servers.js";
import { soak } from "../testing/soak/soak.js";

/** A few seconds here; `npm run test:torture -- --soak` sets how long, on which log, and where the figures go. */
const { SOAK_MINUTES, TORTURE_LOG, TORTURE_OUT } = process.env;
const minutes = SOAK_MINUTES === undefined ? 0.05 : Number(SOAK_MINUTES);
const long = SOAK_MINUTES !== undefined;
const engines = long ? ENGINES.filter((engine) => engine === TORTURE_LOG) : (["sqlite"] as const);
const here = process.platform === "linux" ? "" : " (what a process has open is told by Linux alone)";

it.skipIf(here !== "").each(engines)(
  `[P1] [P3] [P4] [P5] [P10] hold at half of the measured capacity, memory and descriptors flat, p99 steady: %s${here}`,
  { timeout: 120_000 + minutes * 90_000 },
  async (engine) => {
    const seed = seedOfRun();
    onTestFailed(() => console.error(`again: npm run test:torture -- --soak --log ${engine} --seed ${seed}`));
    const lasts = minutes * 60_000;
    const { broken, ...found } = await soak({
      ...{ engine, seed, lasts },
      ...(long ? { measures: 20_000, looks: 5_000, thinks: 1_500 } : { measures: 1_500, looks: 250, thinks: 100 }),
    });
    const figures = {
      kind: "soak",
      log: engine,
      seed,
      minutes,
      ...found,
      kills: 0,
      faults: {},
      unclear: 0,
      lost: 0,
      doubled: 0,
    };
    console.log(JSON.stringify(figures));
    expect(found.turns).toBeGreaterThan(0);
    expect(broken).toEqual([]);
    if (TORTURE_OUT !== undefined) appendFileSync(TORTURE_OUT, `${JSON.stringify(figures)}\n`);
  },
);

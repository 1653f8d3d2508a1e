import { expect, it } from "vitest";
import { FAULT_POINTS, type NamedPoint } from "../fault-points.js";
import { seedOfRun } from "../testing/random.js";
import { episode } from "../testing/torture/episode.js";
import { CALM } from "../testing/torture/network.js";
import { type Engine, pointsOf, whoComesTo } from "../testing/torture/plan.js";

/** Kills the process that comes there at each of the points. */
async function killedAt(engine: Engine, points: readonly NamedPoint[]) {
  const misfortunes = points.map((point) => ({
    ...({ kind: "killed", point, which: whoComesTo(engine, point).slice(-1) } as const),
    ...{ sent: 1, turns: 0, pause: 0, lasts: 0, rests: false, again: undefined },
  }));
  const done = await episode(engine, seedOfRun(), Number.POSITIVE_INFINITY, {
    network: CALM,
    misfortunes,
    comes: 60_000,
  });
  return done.points;
}

/** On NATS what is there alone, and what is written otherwise than on SQLite. */
const ON_NATS: readonly NamedPoint[] = ["partition taken", "before commit", "after commit", "place written"];

it.each([
  ["sqlite", pointsOf("sqlite")],
  ["nats", ON_NATS],
] as const)(
  "[P1] [P3] [P8] [P16] a process is killed at every named point, and nothing is lost or doubled: %s",
  {
    timeout: 180_000,
  },
  async (engine, points) => {
    expect(await killedAt(engine, points)).toEqual(Object.fromEntries(points.map((point) => [point, 1])));
  },
);

it("leaves out no point", () => {
  expect(new Set([...pointsOf("sqlite"), ...ON_NATS])).toEqual(new Set(Object.keys(FAULT_POINTS)));
});

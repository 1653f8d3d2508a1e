import { describe, expect, it } from "vitest";
import { FAULT_POINTS } from "../../fault-points.js";
import { ENGINES, PROCESSES, planOf, pointsOf } from "./plan.js";

describe.each(ENGINES)("what is to befall an episode on %s", (engine) => {
  const plans = Array.from({ length: 60 }, (_, seed) => planOf(engine, seed));
  const all = plans.flatMap(({ misfortunes }) => misfortunes);

  it("follows from its seed", () => {
    expect(plans).toEqual(plans.map((_, seed) => planOf(engine, seed)));
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBe(plans.length);
  });

  it("comes to every named point, with both signals, and to every process", () => {
    for (const kind of ["killed", "terminated"]) {
      const points = all.filter((one) => one.kind === kind).flatMap(({ point }) => point ?? []);
      expect([...new Set(points)].sort()).toEqual(pointsOf(engine).sort());
    }
    expect(new Set(all.flatMap(({ which }) => which))).toEqual(new Set(PROCESSES[engine]));
  });

  it("is a kill more often than not, on several processes also of two at once, and of one that starts", () => {
    const kills = all.filter(({ kind }) => kind === "killed");
    expect(kills.length).toBeGreaterThan(all.length / 2);
    expect(kills.some(({ which }) => which.length === 2)).toBe(PROCESSES[engine].length > 1);
    expect(kills.some(({ again }) => again === undefined) && kills.some(({ again }) => again !== undefined)).toBe(true);
    for (const { which } of all) expect(new Set(which).size).toBe(which.length);
  });
});

it("leaves out no point", () => {
  expect(pointsOf("nats").sort()).toEqual(Object.keys(FAULT_POINTS).sort());
});

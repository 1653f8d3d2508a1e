import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_STATES_KEPT, thin } from "./thin.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;
const every = (step: number, from: number, to: number) => {
  const states = [];
  for (let ago = from; ago >= to; ago -= step) states.push(NOW - ago);
  return states.map((at, i) => ({ n: i + 1, at }));
};
const left = (states: readonly { n: number; at: number }[], now = NOW) => {
  const gone = new Set(thin(states, now));
  return states.filter(({ n }) => !gone.has(n));
};

describe("[P17] thinning", () => {
  it("keeps every state of the last ten minutes", () => {
    expect(thin(every(1_000, 9 * MINUTE, 0), NOW)).toEqual([]);
  });

  it("keeps the last state of each minute of a day, and of each hour of 30 days", () => {
    const minutes = left(every(10_000, 3 * HOUR, 2 * HOUR));
    expect(minutes.length).toBeGreaterThanOrEqual(60);
    expect(minutes.length).toBeLessThanOrEqual(62);
    const hours = left(every(MINUTE, 3 * DAY, 2 * DAY));
    expect(hours.length).toBeGreaterThanOrEqual(24);
    expect(hours.length).toBeLessThanOrEqual(26);
    for (const { at } of hours.slice(0, -1)) expect((at + MINUTE) % HOUR).toBeLessThan(MINUTE);
  });

  it("what it looked like an hour ago has an answer, a minute off at most", () => {
    const states = left(every(5_000, 2 * HOUR, 0));
    const before = states.filter(({ at }) => at <= NOW - HOUR).at(-1)!;
    expect(NOW - HOUR - before.at).toBeLessThan(MINUTE + 5_000);
  });

  it("keeps nothing of more than 30 days but the current state", () => {
    expect(left(every(DAY, 60 * DAY, 31 * DAY)).map(({ at }) => NOW - at)).toEqual([31 * DAY]);
    expect(left([{ n: 7, at: NOW - 400 * DAY }])).toHaveLength(1);
  });

  it("keeps no more than its bound, the newest", () => {
    const kept = left(every(100, 9 * MINUTE, 0));
    expect(kept).toHaveLength(MAX_STATES_KEPT);
    expect(kept.at(-1)!.at).toBe(NOW);
  });

  it("never removes the current state, and a second time removes nothing more", () => {
    const ages = fc.array(fc.integer({ min: 0, max: 40 * DAY }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(ages, (ago) => {
        const states = ago.sort((a, b) => b - a).map((age, i) => ({ n: i + 1, at: NOW - age }));
        const once = left(states);
        expect(once.at(-1)).toEqual(states.at(-1));
        expect(left(once)).toEqual(once);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

import { expect, it } from "vitest";
import { Throttle } from "./throttle.js";

it("counts tries by key in a window that moves, and says how long to wait", () => {
  let now = 0;
  const throttle = new Throttle({ tries: 3, within: 1_000 }, () => now);
  const take = (key: string, at: number) => {
    now = at;
    return throttle.take(key);
  };
  expect([take("a", 0), take("a", 100), take("a", 200)]).toEqual([0, 0, 0]);
  expect([take("a", 300), take("b", 300)]).toEqual([700, 0]);
  expect([take("a", 1_000), take("a", 1_001)]).toEqual([0, 99]);
  throttle.clear("a");
  expect(take("a", 1_002)).toBe(0);
});

it("forgets the oldest key, so that names made up by the million cost no memory", () => {
  const throttle = new Throttle({ tries: 1, within: 1_000 }, () => 0);
  throttle.take("first");
  for (let i = 0; i < 10_000; i++) throttle.take(`key ${i}`);
  expect(throttle.take("first")).toBe(0);
  expect(throttle.take("key 9999")).toBe(1_000);
});

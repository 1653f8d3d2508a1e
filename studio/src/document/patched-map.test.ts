import fc from "fast-check";
import { expect, it } from "vitest";
import { patched } from "./patched-map.js";

it("is what a copy with the other values would be, however often it is done", () => {
  const keys = Array.from({ length: 100 }, (_, i) => `k${i}`);
  const others = fc.array(fc.tuple(fc.constantFrom(...keys), fc.option(fc.nat(), { nil: undefined })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.array(others, { maxLength: 8 }), (rounds) => {
      const copy = new Map<string, number | undefined>(keys.map((key, i) => [key, i]));
      let map: ReadonlyMap<string, number | undefined> = new Map(copy);
      for (const round of rounds) {
        const before = [...map];
        const next = patched(map, new Map(round));
        expect([...map]).toEqual(before);
        for (const [key, value] of round) copy.set(key, value);
        map = next;
        expect([...map]).toEqual([...copy]);
        expect([...map.values()]).toEqual([...copy.values()]);
        expect([map.size, map.has("k1"), map.has("x"), map.get("k1"), map.get("x")]).toEqual([
          100,
          true,
          false,
          copy.get("k1"),
          undefined,
        ]);
      }
    }),
  );
});

it("does not copy a large map for one value", () => {
  const large = new Map(Array.from({ length: 1000 }, (_, i) => [i, i]));
  let copied = 0;
  const watched = new Proxy(large, {
    get(target, name) {
      if (name === Symbol.iterator || name === "entries") copied++;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  let map: ReadonlyMap<number, number> = watched;
  for (let i = 0; i < 60; i++) map = patched(map, new Map([[i, -1]]));
  expect(copied).toBe(0);
  expect([map.get(59), map.get(60)]).toEqual([-1, 60]);
});

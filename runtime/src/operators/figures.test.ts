import { describe, expect, it } from "vitest";
import type { HandOffReader } from "../projection/hand-off-rows.js";
import type { HandOff } from "../projection/hand-offs.js";
import { figures } from "./figures.js";

const at = (day: number, second: number) => new Date(Date.UTC(2026, 0, day, 12, 0, second)).toISOString();
const handOff = (day: number, taken: number | undefined, ended: number | undefined, more: Partial<HandOff> = {}) =>
  ({
    ...{ chat: "help", queue: undefined, opened: at(day, 0) },
    ...{ taken: taken && at(day, taken), ended: ended && at(day, ended), ...more },
  }) as HandOff;

describe("figures of hand-offs", () => {
  it("are by day and queue: answered, missed, how long it was waited and worked", async () => {
    const all = [
      ...Array.from({ length: 10 }, (_, i) => handOff(1, i + 1, 2 * (i + 1))),
      handOff(1, undefined, 30),
      handOff(1, undefined, undefined),
      handOff(1, 5, undefined, { queue: "Sales" }),
      handOff(2, 1, 9, { queue: "sales" }),
      handOff(2, 0, 40, { chat: undefined, taken: at(2, 0) }),
    ];
    const reader = {
      opened: (from: string, to: string) => all.filter(({ opened }) => opened >= from && opened < to),
    } as HandOffReader;
    const day = (n: number) => Date.UTC(2026, 0, n);
    expect(await figures(reader, day(1), day(4), undefined)).toEqual([
      {
        day: "2026-01-02",
        queue: "General",
        asked: 0,
        answered: 0,
        missed: 0,
        byHand: 1,
        handleMedian: 40,
        handle90: 40,
      },
      {
        ...{ day: "2026-01-02", queue: "sales", asked: 1, answered: 1, missed: 0, byHand: 0 },
        ...{ waitMedian: 1, wait90: 1, handleMedian: 8, handle90: 8 },
      },
      {
        ...{ day: "2026-01-01", queue: "General", asked: 12, answered: 10, missed: 1, byHand: 0 },
        ...{ waitMedian: 5, wait90: 9, handleMedian: 5, handle90: 9 },
      },
      { day: "2026-01-01", queue: "Sales", asked: 1, answered: 1, missed: 0, byHand: 0, waitMedian: 5, wait90: 5 },
    ]);
  });
});

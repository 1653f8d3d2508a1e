import { describe, expect, it } from "vitest";
import { judgeProcess, quantile, type Sample, steady, trend } from "./figures.js";

const MIB = 1024 * 1024;
/** Looks every 5 s for 10 minutes; the memory goes up and down as collections come. */
const samples = (of: (minute: number) => { rss?: number; heap?: number; beside?: number }): Sample[] =>
  Array.from({ length: 120 }, (_, i) => {
    const { rss = 150, heap = 60, beside = 20 } = of(i / 12);
    const wave = (i % 7) * 2;
    return { at: i * 5_000, rss: (rss + wave) * MIB, heap: (heap + wave) * MIB, beside: beside + (i % 3) };
  });
const broken = (of: Parameters<typeof samples>[0]) => judgeProcess("all", samples(of)).broken;

describe("a soak's judgement", () => {
  it("takes what is level, and what has grown before the second half", () => {
    expect(broken(() => ({}))).toEqual([]);
    expect(broken((minute) => ({ rss: 150 + 10 * Math.min(5, minute), heap: 60 + 4 * Math.min(5, minute) }))).toEqual(
      [],
    );
    expect(
      judgeProcess(
        "all",
        samples(() => ({})),
      ).figures,
    ).toMatchObject({ rss: 150.2, heap: 60.2 });
  });

  it.each([
    ["memory", (minute: number) => ({ rss: 150 + 2 * minute }), "memory grows by"],
    ["the heap", (minute: number) => ({ heap: 60 + minute }), "the heap grows by"],
    ["descriptors", (minute: number) => ({ beside: 20 + 2 * minute }), "descriptors more a minute"],
  ])("finds %s that grows", (_, of, sentence) => {
    expect(broken(of)).toEqual([expect.stringContaining(sentence)]);
  });

  it("finds a p99 that has doubled, and leaves one alone that nobody feels", () => {
    expect(steady([30, 31, 33, 40, 45, 50])).toBe(true);
    expect(steady([30, 31, 33, 60, 70, 80])).toBe(false);
    expect(steady([3, 3, 3, 20, 20, 20])).toBe(true);
  });

  it("has the figures of schoolbooks", () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([], 0.99)).toBe(0);
    expect(trend([0, 1, 2, 3].map((x) => [x, 2 * x + 1]))).toEqual({ slope: 2, error: 0, mean: 4 });
    expect(trend([[1, 5]])).toEqual({ slope: 0, error: Number.POSITIVE_INFINITY, mean: 5 });
  });
});

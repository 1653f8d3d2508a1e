import { describe, expect, it } from "vitest";
import { SharedRows } from "./shared-rows.js";
import type { SessionRow } from "./store.js";

/** Places 1 to `count`, of two partitions in turn; `reads` says what the store was asked for. */
function stored(count: number) {
  const rows = new Map<number, SessionRow>();
  for (let pos = 1; pos <= count; pos++) rows.set(pos, { pos, sid: `${pos % 2}`, data: `${pos}` });
  const reads: string[] = [];
  const shared = new SharedRows(2, Number, (after, upTo, limit) => {
    reads.push(`${after}-${upTo}`);
    return [...rows.values()].filter(({ pos }) => pos > after && pos <= upTo).slice(0, limit);
  });
  const take = (partition: number, after: number, upTo = count, limit = 4) => {
    const part = shared.take(partition, after, upTo, limit);
    return [part.rows.map(({ pos }) => pos), part.scanned];
  };
  return { rows, reads, shared, take };
}

describe("SharedRows", () => {
  it("reads once what the readers of all partitions come to in turn", () => {
    const { reads, take } = stored(10);
    expect([take(0, 0), take(1, 0)]).toEqual([
      [[2, 4], 4],
      [[1, 3], 4],
    ]);
    expect([take(1, 4), take(0, 4)]).toEqual([
      [[5, 7], 8],
      [[6, 8], 8],
    ]);
    // The end is known further on meanwhile: what was looked at stays right.
    expect([take(0, 8, 9), take(1, 8, 10)]).toEqual([
      [[], 9],
      [[9], 9],
    ]);
    expect(reads).toEqual(["0-10", "4-10", "8-9"]);
  });

  it("reads again for who comes once more, or may not see as far", () => {
    const { reads, take } = stored(10);
    take(0, 0);
    take(1, 0);
    take(0, 0);
    expect(take(0, 0, 3)).toEqual([[2], 3]);
    expect(reads).toEqual(["0-10", "0-10", "0-3"]);
  });

  it("gives nothing that was deleted since", () => {
    const { rows, shared, take } = stored(4);
    take(0, 0);
    rows.delete(3);
    shared.clear();
    expect(take(1, 0)).toEqual([[1], 4]);
  });
});

import { describe, expect, it } from "vitest";
import { isOpenAt, isZone, queueKey } from "./queue.js";

const at = (iso: string) => Date.parse(iso);

describe("the hours of a queue", () => {
  const office = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));

  it("are those of its time zone, summer time included", () => {
    const open = (iso: string) => isOpenAt(office, "Europe/Berlin", at(iso));
    // A Thursday in winter, and one in summer.
    expect([open("2026-01-15T07:59:59Z"), open("2026-01-15T08:00:00Z")]).toEqual([false, true]);
    expect([open("2026-01-15T15:59:59Z"), open("2026-01-15T16:00:00Z")]).toEqual([true, false]);
    expect([open("2026-07-16T06:59:59Z"), open("2026-07-16T07:00:00Z")]).toEqual([false, true]);
    expect(open("2026-01-17T10:00:00Z")).toBe(false);
  });

  it("go through midnight as two spans, and none is always", () => {
    const night = [
      { day: 7, from: "22:00", to: "24:00" },
      { day: 1, from: "00:00", to: "06:00" },
    ];
    const open = (iso: string) => isOpenAt(night, "UTC", at(iso));
    expect([open("2026-01-18T21:59:00Z"), open("2026-01-18T23:59:59Z")]).toEqual([false, true]);
    expect([open("2026-01-19T00:00:00Z"), open("2026-01-19T06:00:00Z")]).toEqual([true, false]);
    expect([isOpenAt(undefined, "UTC", 0), isOpenAt([], "UTC", 0)]).toEqual([true, false]);
  });

  it("knows a time zone, and queues by what their names look like", () => {
    expect([isZone("Asia/Tokyo"), isZone("Mars/Olympus")]).toEqual([true, false]);
    expect([queueKey(" Sales "), queueKey("ＳＡＬＥＳ"), queueKey(undefined), queueKey("General")]).toEqual([
      ...["sales", "sales", "general", "general"],
    ]);
  });
});

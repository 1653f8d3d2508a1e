import { describe, expect, it } from "vitest";
import { EVERYTHING, type Filter, filterQuery, filterSearch, isNarrowed, readFilter } from "./filter.js";

const FULL: Filter = {
  flow: "faq",
  version: "2",
  status: "waiting",
  waits: "ask name",
  span: "days",
  from: "2026-01-31",
  to: "2026-02-01",
  text: "a&b=ü",
};

describe("a filter", () => {
  it("is the same after it stood in an address", () => {
    expect(readFilter(filterSearch(FULL))).toEqual(FULL);
    expect(filterSearch(EVERYTHING)).toBe("");
    expect(readFilter("")).toEqual(EVERYTHING);
  });

  it("leaves out what an address has wrong", () => {
    expect(readFilter("?version=0&status=open&time=never&from=2026-01-01&to=x&text=")).toEqual(EVERYTHING);
    expect(readFilter("?time=days&from=yesterday&to=2026-01-01")).toEqual({ span: "days", to: "2026-01-01" });
  });

  it("asks for whole days of where one is", () => {
    const now = new Date(2026, 1, 1, 13, 5);
    expect(filterQuery(FULL, now)).toEqual({
      flow: "faq",
      version: "2",
      status: "waiting",
      waits: "ask name",
      from: new Date(2026, 0, 31).toISOString(),
      to: new Date(2026, 1, 2).toISOString(),
      text: "a&b=ü",
    });
    expect(filterQuery({ span: "1" }, now)).toEqual({ from: new Date(2026, 1, 1).toISOString() });
    expect(filterQuery({ span: "7" }, now)).toEqual({ from: new Date(2026, 0, 26).toISOString() });
    expect(filterQuery(EVERYTHING, now)).toEqual({});
  });

  it("knows whether it leaves anything out", () => {
    expect([isNarrowed(EVERYTHING), isNarrowed({ span: "7" }), isNarrowed({ span: "any", text: "x" })]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSE, FINAL_CLOSES, retryAfter } from "./close-codes.js";

const spec = readFileSync(new URL("../../SPEC.md", import.meta.url), "utf8");

describe("close codes", () => {
  it("[W4] are those of the table in SPEC.md, and final where it says so", () => {
    const section = spec.slice(spec.indexOf("**W4**"), spec.indexOf("## HTTP"));
    const rows = [...section.matchAll(/^\| (\d{4}) \| .*? \| (.*?) *\|$/gm)];
    expect(rows.map(([, code]) => Number(code)).sort()).toEqual(Object.values(CLOSE).sort());
    const final = rows.filter(([, , client]) => /\bfinal\b/.test(client!)).map(([, code]) => Number(code));
    expect(final.sort()).toEqual([...FINAL_CLOSES].sort());
  });

  it("[W4] a reason says how long to wait, and anything else says nothing", () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999_999 }), (ms) => {
        expect(retryAfter(`retry-after=${ms}`)).toBe(ms);
      }),
      { seed: 20264 },
    );
    fc.assert(
      fc.property(fc.string(), (reason) => {
        if (!/^retry-after=\d{1,7}$/.test(reason)) expect(retryAfter(reason)).toBeUndefined();
      }),
      { seed: 20264 },
    );
    for (const reason of [
      "",
      "retry-after=",
      "retry-after=-1",
      "retry-after=1e9",
      "retry-after=12345678",
      " retry-after=1",
    ]) {
      expect(retryAfter(reason), reason).toBeUndefined();
    }
  });
});

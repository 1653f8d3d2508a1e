import { describe, expect, it } from "vitest";
import { utf8Length } from "../text.js";
import { FreeNames } from "./free-names.js";

describe("FreeNames", () => {
  it("joins two names, with a number where that is taken or was given before", () => {
    const names = new FreeNames(new Set(["ask-yes", "ask-no-2"]));
    expect([
      names.take("ask", "yes"),
      names.take("ask", "yes"),
      names.take("ask", "no"),
      names.take("ask", "no"),
    ]).toEqual(["ask-yes-2", "ask-yes-3", "ask-no", "ask-no-3"]);
  });

  it("is never like a number, never reserved, and at most 200 bytes", () => {
    const names = new FreeNames(new Set());
    for (const part of ["", "12", "__proto__", "€".repeat(500), "🦜".repeat(500)]) {
      const name = names.take(part, part);
      expect(name).toContain("-");
      expect(utf8Length(name)).toBeLessThanOrEqual(200);
      expect(name).not.toMatch(/\p{Cs}/u);
    }
  });

  it("looks a number up once: a thousand equal names are a thousand looks", () => {
    let looks = 0;
    const names = new FreeNames({
      has() {
        looks += 1;
        return false;
      },
    });
    const given = Array.from({ length: 1_000 }, () => names.take("a", "b"));
    expect(new Set(given).size).toBe(1_000);
    expect(looks).toBeLessThan(2_100);
  });
});

import { describe, expect, it } from "vitest";
import { distance, NearestName } from "./nearest-name.js";

const nearest = (wanted: string, ...names: string[]) => new NearestName(names).find(wanted, "");

describe("NearestName", () => {
  it.each([
    ["a missing character", "greting"],
    ["one too many", "greetinng"],
    ["a wrong one", "greetung"],
    ["two swapped", "greteing"],
    ["another case", "Greeting"],
  ])("finds the name by %s", (_what, wanted) => {
    expect(nearest(wanted, "farewell", "greeting", "g")).toBe("greeting");
  });

  it("takes the nearest, and of two as near the first", () => {
    expect(nearest("question4", "question11", "questions4", "question3")).toBe("questions4");
    expect(nearest("question44", "question11", "question4")).toBe("question4");
  });

  it("may differ by a third of its characters, three at most", () => {
    expect(nearest("ab", "ac")).toBeUndefined();
    expect(nearest("abc", "abd")).toBe("abd");
    expect(nearest("abcde", "abxye")).toBeUndefined();
    expect(nearest("abcdefghijkl", "xyzdefghijkl")).toBe("xyzdefghijkl");
    expect(nearest("abcdefghijkl", "wxyzefghijkl")).toBeUndefined();
    expect(nearest("", "a")).toBeUndefined();
  });

  it("never finds the name that cannot be meant", () => {
    expect(new NearestName(["ask1", "ask3"]).find("ask2", "ask1")).toBe("ask3");
  });

  it("reads its names 20 times and no more, and none for a name that is too long to be one", () => {
    let reads = 0;
    const names = new Proxy(["greeting"], {
      get(target, key) {
        if (key === "0") reads += 1;
        return Reflect.get(target, key);
      },
    });
    const search = new NearestName(names);
    expect(search.find("g".repeat(201), "")).toBeUndefined();
    expect(reads).toBe(0);
    for (let i = 0; i < 19; i++) expect(search.find("greting", "")).toBe("greeting");
    const after = reads;
    expect(after).toBeLessThanOrEqual(20);
    for (let i = 0; i < 10; i++) expect(search.find("greting", "")).toBeUndefined();
    expect(reads).toBe(after);
  });

  it("compares up to a budget: with very many long names that are alike it gives up", () => {
    const alike = (i: number) => `${"a".repeat(150)}${String(i).padStart(6, "0")}`;
    const names = Array.from({ length: 50_000 }, (_, i) => alike(i));
    expect(nearest(`${alike(0)}x`, ...names)).toBe(alike(0));
    expect(nearest(`bbb${alike(49_999).slice(3)}`, ...names)).toBeUndefined();
  });
});

describe("distance", () => {
  /** The whole table, without a band. */
  function slow(a: string, b: string): number {
    const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
        rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replaced);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
        }
      }
    }
    return rows[a.length]![b.length]!;
  }

  /** All that one edit makes of a word. */
  const edited = (word: string): string[] =>
    Array.from({ length: word.length }, (_, i) => [word.slice(0, i), word.slice(i)] as const).flatMap(([a, b]) => [
      `${a}${b.slice(1)}`,
      `${a}x${b}`,
      `${a}x${b.slice(1)}`,
      `${a}${b.slice(1, 2)}${b.slice(0, 1)}${b.slice(2)}`,
    ]);

  it("is that of the whole table, up to the limit", () => {
    const word = "abcabbcab";
    const words = new Set(edited(word).flatMap(edited));
    expect(words.size).toBeGreaterThan(500);
    for (const other of ["", "a", word.repeat(2), ...words]) {
      const exact = slow(word, other);
      for (const limit of [1, 2, 3]) {
        const found = [distance(word, other, limit), distance(other, word, limit)];
        if (exact <= limit) expect(found, other).toEqual([exact, exact]);
        else expect(Math.min(...found), other).toBeGreaterThan(limit);
      }
    }
  });
});

import { describe, expect, it } from "vitest";
import { byDay, originWords, partsWords, timeOf, type VersionRow } from "./history-words.js";

const NOW = Date.parse("2026-11-25T10:00:00Z");

describe("saved states in words", () => {
  it("stand under their day, in their order", () => {
    const rows = ["2026-11-25T09:59:00Z", "2026-11-25T00:00:00Z", "2026-11-24T23:59:00Z", "2026-11-03T12:00:00Z"];
    const days = byDay(
      rows.map((at) => ({ at })),
      NOW,
      "UTC",
    );
    expect(days.map(({ day, rows }) => [day, rows.length])).toEqual([
      ["Today", 2],
      ["Yesterday", 1],
      ["3 November 2026", 1],
    ]);
    expect(byDay([], NOW)).toEqual([]);
  });

  it("have the time of the place where one is", () => {
    expect(timeOf("2026-11-25T09:05:00Z", "UTC")).toBe("09:05");
    expect(timeOf("2026-11-25T23:30:00Z", "Europe/Berlin")).toBe("00:30");
    const [day] = byDay([{ at: "2026-11-24T23:30:00Z" }], NOW, "Europe/Berlin");
    expect(day!.day).toBe("Today");
  });

  it("say what differs without words of the format", () => {
    expect(partsWords(["flow"])).toBe("Steps");
    expect(partsWords(["flow", "layout", "text"])).toBe("Steps, drawing, and text of the file");
    expect(partsWords([])).toBe("As before");
  });
});

describe("where a version came from", () => {
  const row = (part: Partial<VersionRow>): VersionRow => ({
    id: "1",
    live: false,
    digest: "",
    by: "",
    from: "file",
    note: "",
    at: "",
    ...part,
  });
  it.each([
    [{ version: 1, from: "file" }, "From the file"],
    [{ version: 2, from: "studio" }, "From the studio"],
    [{ version: 3, from: "cli" }, "From the command line"],
    [{ version: 4, from: "studio", back: 2 }, "Version 2 once more"],
    [{ id: "u1", against: 2 }, "From the file, not published: the studio had published version 2"],
    [{ id: "u2" }, "From the file, not published"],
  ] as const)("%j", (part, words) => {
    expect(originWords(row(part))).toBe(words);
  });
});

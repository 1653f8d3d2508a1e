import fc from "fast-check";
import type { LogRecord } from "../record.js";
import { from } from "./words.js";

/** Something put between the records of a session that changes nothing for any reader. */
export type Void = {
  readonly how: "repeat" | "other fence" | "too early" | "of nothing" | "again otherwise";
  readonly at: number;
  readonly of: number;
};

export const voids: fc.Arbitrary<Void[]> = fc.array(
  fc.record({
    how: fc.constantFrom("repeat", "other fence", "too early", "of nothing", "again otherwise"),
    at: fc.nat({ max: 9_999 }),
    of: fc.nat({ max: 9_999 }),
  }),
  { maxLength: 12, size: "max" },
);

/** The records with others between them that are void, or repeats. */
export function withVoids(records: readonly LogRecord[], voids: readonly Void[]): LogRecord[] {
  const all = [...records];
  for (const { how, at, of } of voids) {
    const record = from(records, of);
    const place = all.indexOf(record);
    const after = place + 1 + (at % (all.length - place));
    const run = "of" in record ? record : undefined;
    if (how === "repeat") all.splice(after, 0, record);
    // Who reads takes the first of an id, whatever the second says.
    else if (how === "again otherwise")
      all.splice(after, 0, { ...record, timestamp: "2027-01-01T00:00:00.000Z", by: "nobody" } as LogRecord);
    else if (run && how === "other fence") all.splice(at % all.length, 0, { ...run, fence: run.fence + 1 });
    else if (run && how === "of nothing")
      all.splice(at % all.length, 0, { ...run, id: `b.c.nothing.0.1`, of: "c.nothing" });
    else if (run && how === "too early" && !run.id.endsWith(".1"))
      all.splice(placeBefore(all, run.of, place), 0, { ...run });
  }
  return all;
}

/** Where a run has not begun yet: before its input. */
function placeBefore(all: readonly LogRecord[], input: string, otherwise: number): number {
  const place = all.findIndex((record) => record.id === input);
  return place < 0 ? otherwise : place;
}

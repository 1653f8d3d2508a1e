import { utf8Length } from "../text.js";

/** Deeper than this no flow is. */
export const MAX_NESTING = 64;
export const MAX_FLOW_BYTES = 5_000_000;
export const MAX_STATES = 20_000;

export type Measure = {
  /** Objects and arrays inside one another, more than `MAX_NESTING`; the rest is then not measured. */
  readonly tooDeep: boolean;
  /** The keys of all objects. */
  readonly keys: number;
  /** Its JSON in bytes, or 0 for a value that is certainly small enough for a flow. */
  readonly bytes: number;
};

/** Walks a JSON value once. A value with a cycle is too deep. */
export function measure(root: unknown): Measure {
  const count: Count = { keys: 0, units: 0, exact: false };
  if (!walk(root, 0, count)) return { tooDeep: true, keys: count.keys, bytes: 0 };
  // A UTF-16 unit is at most three bytes, so most flows need no exact count.
  if (count.units * 3 <= MAX_FLOW_BYTES) return { tooDeep: false, keys: count.keys, bytes: 0 };
  const bytes: Count = { keys: 0, units: 0, exact: true };
  walk(root, 0, bytes);
  return { tooDeep: false, keys: count.keys, bytes: bytes.units };
}

type Count = { keys: number; units: number; readonly exact: boolean };

/** False when it is too deep. Recursion is as deep as the nesting that is allowed. */
function walk(value: unknown, depth: number, count: Count): boolean {
  if (typeof value === "string") count.units += 2 + (count.exact ? utf8Length(value) : value.length);
  else if (typeof value !== "object" || value === null) count.units += 1;
  else if (depth === MAX_NESTING) return false;
  else if (Array.isArray(value)) {
    count.units += 1 + value.length;
    for (const item of value) {
      if (!walk(item, depth + 1, count)) return false;
    }
  } else {
    count.units += 2;
    for (const key in value) {
      count.keys += 1;
      count.units += 4 + (count.exact ? utf8Length(key) : key.length);
      if (!walk((value as Readonly<Record<string, unknown>>)[key], depth + 1, count)) return false;
    }
  }
  return true;
}

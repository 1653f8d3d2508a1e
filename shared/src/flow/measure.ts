import { jsonBytes } from "../text.js";

/** Deeper than this no flow is. */
export const MAX_NESTING = 64;
export const MAX_FLOW_BYTES = 5_000_000;
export const MAX_STATES = 20_000;

export type Measure = {
  /** Objects and arrays inside one another, more than `MAX_NESTING`; the rest is then not measured. */
  readonly tooDeep: boolean;
  /** The keys of all objects. */
  readonly keys: number;
  /** Its JSON in bytes, or 0 for a value that is small enough for a flow by far. */
  readonly bytes: number;
};

/** Walks a JSON value once. A value with a cycle is too deep. */
export function measure(root: unknown): Measure {
  const count: Count = { keys: 0, units: 0 };
  const tooDeep = !walk(root, 0, count);
  // A UTF-16 unit is at most three bytes (six, where JSON escapes it: no flow consists of these), so most flows need
  // no exact count.
  const bytes = tooDeep || count.units * 3 <= MAX_FLOW_BYTES ? 0 : sizeOf(root);
  return { tooDeep, keys: count.keys, bytes };
}

type Count = { keys: number; units: number };

/** False when it is too deep. Recursion is as deep as the nesting that is allowed. */
function walk(value: unknown, depth: number, count: Count): boolean {
  if (typeof value === "string") count.units += 2 + value.length;
  // The longest of the others, a number, has 24 bytes.
  else if (typeof value !== "object" || value === null) count.units += 8;
  else if (depth === MAX_NESTING) return false;
  else if (Array.isArray(value)) {
    count.units += 2 + value.length;
    for (const item of value) {
      if (!walk(item, depth + 1, count)) return false;
    }
  } else {
    count.units += 2;
    for (const key in value) {
      count.keys += 1;
      count.units += 4 + key.length;
      if (!walk((value as Readonly<Record<string, unknown>>)[key], depth + 1, count)) return false;
    }
  }
  return true;
}

/** As `jsonBytes`, of a value that is not too deep, without its text: several times as fast. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return NOT_ONE_BYTE.test(value) ? jsonBytes(value) : value.length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  // One bracket; the other is a comma less than there are members.
  let bytes = 1;
  if (Array.isArray(value)) {
    for (const item of value) bytes += 1 + sizeOf(item);
  } else {
    for (const key in value) bytes += 2 + sizeOf(key) + sizeOf((value as Readonly<Record<string, unknown>>)[key]);
  }
  return bytes === 1 ? 2 : bytes;
}

/** What is more than one byte in a string of JSON. */
const NOT_ONE_BYTE = /[^ !#-[\]-~]/;

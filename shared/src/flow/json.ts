export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };
/** State name → state as it stands in the file, in the order of the file. It may be broken: a state is any JSON. */
export type FlowJson = { readonly [name: string]: Json };

/** The name of the first key of a file that is no state. */
export const SCHEMA_KEY = "$schema";

/** The states of a flow in the order of the file; the first is the start. */
export function stateNames(flow: FlowJson): string[] {
  const names = Object.keys(flow);
  return Object.hasOwn(flow, SCHEMA_KEY) ? names.filter((name) => name !== SCHEMA_KEY) : names;
}

/** The own value of a key, whatever the key is called. */
export const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two values are the same as JSON text: the order of keys counts. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, i) => sameJson(element, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, i) => key === others[i] && sameJson(a[key], b[key]));
}

/** A flow as the text of its file: two spaces, keys in their order, one newline at the end. */
export const flowText = (flow: FlowJson): string => `${JSON.stringify(flow, null, 2)}\n`;

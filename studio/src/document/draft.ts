import type { Layout } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };
/** State name → state as it stands in the file, in the order of the file. A draft may be broken: a state is any JSON. */
export type FlowJson = { readonly [name: string]: Json };

/** What the studio edits: a flow and what stands beside it. Immutable; parts that do not change are shared. */
export type Draft = {
  readonly flow: FlowJson;
  readonly layout: Layout;
  readonly settings: Settings;
};

/**
 * The way to a place inside the flow: the state's name, then keys. A choice is named by its `itemId`, never by its index,
 * so that a change still finds it after somebody else added one: `["ask", "sendRequest", "choices", { item: "go" }, "content"]`.
 */
export type Place = readonly PlaceStep[];
export type PlaceStep = string | { readonly item: string };

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

/** A flow as the text of its file: two spaces, keys in their order, one newline at the end. */
export const flowText = (flow: FlowJson): string => `${JSON.stringify(flow, null, 2)}\n`;

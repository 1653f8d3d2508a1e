import type { FlowJson, Json, JsonObject } from "@parley/shared/flow/json";
import type { Layout } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";

export { flowText, isObject, own, SCHEMA_KEY, stateNames } from "@parley/shared/flow/json";
export type { FlowJson, Json, JsonObject };

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

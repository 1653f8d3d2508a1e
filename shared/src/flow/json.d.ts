export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = {
  readonly [key: string]: Json;
};
/** State name → state as it stands in the file, in the order of the file. It may be broken: a state is any JSON. */
export type FlowJson = {
  readonly [name: string]: Json;
};
/** The name of the first key of a file that is no state. */
export declare const SCHEMA_KEY = "$schema";
/** The states of a flow in the order of the file; the first is the start. */
export declare function stateNames(flow: FlowJson): string[];
/** The own value of a key, whatever the key is called. */
export declare const own: (object: JsonObject, key: string) => Json | undefined;
export declare const isObject: (value: unknown) => value is JsonObject;
/** Whether two values are the same as JSON text: the order of keys counts. */
export declare function sameJson(a: unknown, b: unknown): boolean;
/** A flow as the text of its file: two spaces, keys in their order, one newline at the end. */
export declare const flowText: (flow: FlowJson) => string;

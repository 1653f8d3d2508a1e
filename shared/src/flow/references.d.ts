import { type Json } from "./json.js";
/** What the names and ids in a state become. A function gives the name it was given when that stays. */
export type Renaming = {
  readonly state?: (name: string) => string;
  readonly group?: (id: string) => string;
  readonly chat?: (id: string) => string;
  readonly item?: (group: string, id: string) => string;
  /** Ids in `{{id}}`. */
  readonly answer?: (id: string) => string;
};
/** An id as the format reads it; undefined for what is none. */
export declare function idOf(value: Json | undefined): string | undefined;
/** The id of a choice as the format reads it. */
export declare const itemId: (element: Json | undefined) => string | undefined;
/** A state with its names and ids renamed. What does not change is shared; what is malformed stays as it is. */
export declare function renameReferences(state: Json, to: Renaming): Json;

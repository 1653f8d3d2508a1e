import type { Group, Layout, Note, Point } from "@parley/shared/flow/layout";
import type { Draft, Json, Place } from "./draft.js";

/**
 * One edit, as data. Small enough that two people's edits of different fields never meet, and each with an inverse.
 * A change whose place is gone changes nothing. `before` names the neighbour that comes next; absent: at the end.
 */
export type Change =
  /** Adds a state before `before`, or at the end. A name that is taken changes nothing. */
  | { readonly kind: "addState"; readonly name: string; readonly state: Json; readonly before?: string }
  | { readonly kind: "removeState"; readonly name: string }
  /**
   * Renames a state in the flow, every `next` that leads to it, and in the layout. A name that is taken changes nothing.
   * `follows`: the name was made from the content and not by hand, so another editor's name is as good.
   */
  | { readonly kind: "renameState"; readonly from: string; readonly to: string; readonly follows?: boolean }
  /** Moves a state before `before`, or to the end: its place in the file. */
  | { readonly kind: "moveState"; readonly name: string; readonly before?: string }
  /** Renames an id wherever the flow has it: requests, matches and `{{id}}` in texts. An id that is taken changes nothing. */
  | { readonly kind: "renameGroup"; readonly from: string; readonly to: string; readonly follows?: boolean }
  | { readonly kind: "renameChat"; readonly from: string; readonly to: string; readonly follows?: boolean }
  | {
      readonly kind: "renameItem";
      readonly group: string;
      readonly from: string;
      readonly to: string;
      readonly follows?: boolean;
    }
  /** Sets a field; absent `value` takes it away. A new key goes before `before`, or to the end of its object. */
  | { readonly kind: "set"; readonly at: Place; readonly value?: Json; readonly before?: string }
  /** Adds, moves or removes an item of a list of choices, by `itemId`; `at` is the list. */
  | { readonly kind: "addItem"; readonly at: Place; readonly item: Json; readonly before?: string }
  | { readonly kind: "removeItem"; readonly at: Place; readonly item: string }
  | { readonly kind: "moveItem"; readonly at: Place; readonly item: string; readonly before?: string }
  /** Where a state is drawn; absent `to`: laid out by itself. */
  | { readonly kind: "place"; readonly name: string; readonly to?: Point; readonly before?: string }
  /** Sets a note or group of the layout; absent: takes it away. */
  | { readonly kind: "note"; readonly id: string; readonly note?: Note; readonly before?: string }
  | { readonly kind: "group"; readonly id: string; readonly group?: Group; readonly before?: string }
  /** A part of the layout as a whole; absent `value` takes it away, with `ifEmpty` only when nothing is in it. */
  | {
      readonly kind: "layout";
      readonly key: keyof Layout;
      readonly value?: Json;
      readonly before?: string;
      readonly ifEmpty?: boolean;
    }
  /** A key of the settings; absent `value` takes it away. `follows`: as of a rename. */
  | {
      readonly kind: "setting";
      readonly key: string;
      readonly value?: Json;
      readonly before?: string;
      readonly follows?: boolean;
    }
  /** Everything at once: import, the JSON view, restoring an earlier state. */
  | { readonly kind: "replace"; readonly draft: Draft };

export type ChangeKind = Change["kind"];
export type ChangeOf<Kind extends ChangeKind> = Extract<Change, { readonly kind: Kind }>;
/** The changes of a place inside a state. */
export type PlaceChange = ChangeOf<"set" | "addItem" | "removeItem" | "moveItem">;

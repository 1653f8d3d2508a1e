import { sameJson } from "@parley/shared/flow/json";
import { isObject, type Json, type JsonObject, own } from "./draft.js";

/**
 * Merges two edits of one object, field by field; of objects in it, too.
 * @param mine what `base` was made into on one side, `theirs` on the other
 * @param yields fields of which one side is as good as the other: mine is taken
 * @returns the merged value, and whether a field was changed on both sides (then it is theirs)
 */
export function mergeFields(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
  yields: ReadonlySet<string> = NONE,
): { readonly value: Json | undefined; readonly conflict: boolean } {
  if (sameJson(mine, base) || sameJson(mine, theirs)) return { value: theirs, conflict: false };
  if (sameJson(theirs, base)) return { value: mine, conflict: false };
  if (!isObject(mine) || !isObject(theirs)) return { value: theirs, conflict: true };
  const merged: { [key: string]: Json } = {};
  let conflict = false;
  const before: JsonObject = isObject(base) ? base : {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const field = yields.has(key)
      ? { value: sameJson(own(mine, key), own(before, key)) ? own(theirs, key) : own(mine, key), conflict: false }
      : mergeFields(own(before, key), own(mine, key), own(theirs, key), yields);
    conflict ||= field.conflict;
    if (field.value !== undefined) merged[key] = field.value;
  }
  return { value: merged, conflict };
}

const NONE: ReadonlySet<string> = new Set();

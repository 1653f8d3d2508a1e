import { sameJson } from "@parley/shared/flow/json";
import { itemId } from "@parley/shared/flow/references";
import type { PlaceChange } from "./change.js";
import { isObject, type Json, type JsonObject, type Place } from "./draft.js";
import { movesBetween } from "./order.js";

/** Changes that make what stands at `place` into `to`, each as small as may be. */
export function changesOf(place: Place, from: Json, to: Json): PlaceChange[] {
  if (sameJson(from, to)) return [];
  const small =
    isObject(from) && isObject(to)
      ? fieldChanges(place, from, to)
      : Array.isArray(from) && Array.isArray(to)
        ? itemChanges(place, from, to)
        : undefined;
  return small ?? [{ kind: "set", at: place, value: to }];
}

/** Undefined: the keys that stay are in another order. */
function fieldChanges(place: Place, from: JsonObject, to: JsonObject): PlaceChange[] | undefined {
  const stay = Object.keys(from).filter((key) => Object.hasOwn(to, key));
  const keys = Object.keys(to);
  const kept = keys.filter((key) => Object.hasOwn(from, key));
  if (stay.some((key, i) => key !== kept[i])) return undefined;
  const changes: PlaceChange[] = [];
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) changes.push({ kind: "set", at: [...place, key] });
  }
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    const before = keys[i + 1];
    if (Object.hasOwn(from, key)) changes.push(...changesOf([...place, key], from[key]!, to[key]!));
    else changes.push({ kind: "set", at: [...place, key], value: to[key]!, ...(before !== undefined && { before }) });
  }
  return changes;
}

/** Undefined: ids do not tell the elements apart. */
function itemChanges(at: Place, from: readonly Json[], to: readonly Json[]): PlaceChange[] | undefined {
  const old = byId(from);
  const now = byId(to);
  if (!old || !now) return undefined;
  const changes: PlaceChange[] = [];
  for (const item of old.keys()) if (!now.has(item)) changes.push({ kind: "removeItem", at, item });
  const ids = [...now.keys()];
  const stay = [...old.keys()].filter((item) => now.has(item));
  const wanted = ids.filter((item) => old.has(item));
  for (const { name, ...before } of movesBetween(stay, wanted))
    changes.push({ kind: "moveItem", at, item: name, ...before });
  for (let i = ids.length - 1; i >= 0; i--) {
    const item = ids[i]!;
    const before = ids[i + 1];
    const was = old.get(item);
    if (was !== undefined) changes.push(...changesOf([...at, { item }], was, now.get(item)!));
    else changes.push({ kind: "addItem", at, item: now.get(item)!, ...(before !== undefined && { before }) });
  }
  return changes;
}

function byId(list: readonly Json[]): Map<string, Json> | undefined {
  const found = new Map<string, Json>();
  for (const element of list) {
    const id = itemId(element);
    if (id === undefined || found.has(id)) return undefined;
    found.set(id, element);
  }
  return found;
}

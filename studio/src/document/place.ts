import { itemId } from "@parley/shared/flow/references";
import { isObject, type Json, type JsonObject, own, type Place, type PlaceStep } from "./draft.js";
import { Fields } from "./fields.js";

/** What undoes an edit inside a value: a field to set, or to take away when there is no `value`. */
type Undo = { readonly path: Place; readonly value?: Json; readonly before?: string };
export type Edited = { readonly value: Json; readonly undo: Undo };

/** What stands at a path; undefined when nothing does. */
export function valueAt(value: Json | undefined, path: Place): Json | undefined {
  let found = value;
  for (const step of path) {
    if (found === undefined) return undefined;
    found = child(found, step);
  }
  return found;
}

function child(value: Json, step: PlaceStep): Json | undefined {
  if (typeof step === "string") return isObject(value) ? own(value, step) : undefined;
  return Array.isArray(value) ? value[itemIndex(value, step.item)] : undefined;
}

/** Where an item stands in a list of choices: the first that has the id; -1 when none has. */
export const itemIndex = (list: readonly Json[], item: string): number =>
  list.findIndex((element) => itemId(element) === item);

/**
 * Sets what stands at a path, or takes it away. Only the last step may be new; what does not change is shared.
 * @returns undefined when nothing changes: the place is gone, or has that value.
 */
export function setAt(value: Json, path: Place, to: Json | undefined, before?: string): Edited | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return to === undefined || to === value ? undefined : { value: to, undo: { path, value } };
  if (typeof step !== "string") return setInItem(value, step.item, rest, to, before);
  if (!isObject(value)) return undefined;
  if (rest.length === 0) return setField(value, step, to, before);
  const inner = own(value, step);
  const edited = inner === undefined ? undefined : setAt(inner, rest, to, before);
  return edited && { value: withKey(value, step, edited.value), undo: under(step, edited.undo) };
}

function setField(object: JsonObject, key: string, to: Json | undefined, before?: string): Edited | undefined {
  const old = own(object, key);
  if (old === to) return undefined;
  if (old !== undefined && to !== undefined) {
    return { value: withKey(object, key, to), undo: { path: [key], value: old } };
  }
  const fields = new Fields(object);
  if (to !== undefined) {
    fields.set(key, to, before);
    return { value: fields.toObject(), undo: { path: [key] } };
  }
  const next = fields.after(key);
  fields.remove(key);
  return { value: fields.toObject(), undo: { path: [key], value: old!, ...(next !== undefined && { before: next }) } };
}

function setInItem(list: Json, item: string, rest: Place, to: Json | undefined, before?: string): Edited | undefined {
  if (!Array.isArray(list)) return undefined;
  const index = itemIndex(list, item);
  const edited = index < 0 ? undefined : setAt(list[index]!, rest, to, before);
  if (!edited) return undefined;
  const value: readonly Json[] = list.with(index, edited.value);
  const id = itemId(edited.value);
  // An item that its id no longer tells apart is given back with its whole list.
  const found = id !== undefined && itemIndex(value, id) === index;
  return { value, undo: found ? under({ item: id }, edited.undo) : { path: [], value: list } };
}

const under = (step: PlaceStep, undo: Undo): Undo => ({ ...undo, path: [step, ...undo.path] });
const withKey = (object: JsonObject, key: string, value: Json): JsonObject => ({ ...object, [key]: value });

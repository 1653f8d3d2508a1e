import { sameJson } from "@parley/shared/flow/json";
import type { Layout } from "@parley/shared/flow/layout";
import { applyAll } from "./apply.js";
import type { Change } from "./change.js";
import { type Draft, type Json, type JsonObject, stateNames } from "./draft.js";
import { findRenames } from "./find-renames.js";
import { movesBetween } from "./order.js";
import { changesOf } from "./state-diff.js";

/** Small changes that make `to` out of `from`: applied, they give `to` byte for byte. */
export function diff(from: Draft, to: Draft): Change[] {
  if (sameJson(from, to)) return [];
  const renames = findRenames(from, to);
  const renamed = applyAll(from, renames).draft;
  const changes = [
    ...renames,
    ...flowChanges(renamed, to),
    ...layoutChanges(renamed.layout, to.layout),
    ...settingChanges(renamed, to),
  ];
  // Keys in another order than small changes can make, or names that JavaScript moves: all at once.
  return sameJson(applyAll(from, changes).draft, to) ? changes : [{ kind: "replace", draft: to }];
}

function flowChanges(from: Draft, to: Draft): Change[] {
  const changes: Change[] = [];
  const names = stateNames(to.flow);
  const old = stateNames(from.flow);
  for (const name of old) if (!Object.hasOwn(to.flow, name)) changes.push({ kind: "removeState", name });
  const stay = old.filter((name) => Object.hasOwn(to.flow, name));
  const wanted = names.filter((name) => Object.hasOwn(from.flow, name));
  for (const move of movesBetween(stay, wanted)) changes.push({ kind: "moveState", ...move });
  for (let i = names.length - 1; i >= 0; i--) {
    const name = names[i]!;
    const before = names[i + 1];
    const state = to.flow[name]!;
    if (Object.hasOwn(from.flow, name)) changes.push(...changesOf([name], from.flow[name]!, state));
    else changes.push({ kind: "addState", name, state, ...(before !== undefined && { before }) });
  }
  return changes;
}

function layoutChanges(from: Layout, to: Layout): Change[] {
  const changes: Change[] = [];
  const old = from.positions ?? {};
  const places = to.positions ?? {};
  for (const name of Object.keys(old)) if (!Object.hasOwn(places, name)) changes.push({ kind: "place", name });
  for (const [name, before] of behind(Object.keys(places))) {
    const point = places[name]!;
    if (!Object.hasOwn(old, name) || !sameJson(old[name], point))
      changes.push({ kind: "place", name, to: point, ...before });
  }
  for (const part of ["notes", "groups"] as const) {
    if (!sameJson(from[part], to[part])) changes.push(...elementChanges(part, from[part] ?? [], to[part] ?? []));
  }
  return changes;
}

function elementChanges<Part extends "notes" | "groups">(
  part: Part,
  from: NonNullable<Layout[Part]>,
  to: NonNullable<Layout[Part]>,
): Change[] {
  const change = (id: string, element?: NonNullable<Layout[Part]>[number], before?: string): Change =>
    ({
      kind: part === "notes" ? "note" : "group",
      id,
      ...(element && { [part === "notes" ? "note" : "group"]: element }),
      ...(before !== undefined && { before }),
    }) as Change;
  const old = new Map(from.map((element) => [element.id, element]));
  const now = new Map(to.map((element) => [element.id, element]));
  const changes: Change[] = [];
  for (const id of old.keys()) if (!now.has(id)) changes.push(change(id));
  for (const [id, { before }] of behind([...now.keys()])) {
    if (!sameJson(old.get(id), now.get(id))) changes.push(change(id, now.get(id), before));
  }
  return changes;
}

function settingChanges(from: Draft, to: Draft): Change[] {
  const old = from.settings as JsonObject;
  const now = to.settings as JsonObject;
  const changes: Change[] = [];
  for (const key of Object.keys(old)) if (!Object.hasOwn(now, key)) changes.push({ kind: "setting", key });
  for (const [key, before] of behind(Object.keys(now))) {
    const value: Json = now[key]!;
    if (!Object.hasOwn(old, key) || !sameJson(old[key], value))
      changes.push({ kind: "setting", key, value, ...before });
  }
  return changes;
}

/** Each key with the one behind it, from the last: added in this order, each finds its place. */
function behind(keys: readonly string[]): [string, { before?: string }][] {
  return keys
    .map((key, i): [string, { before?: string }] => {
      const before = keys[i + 1];
      return [key, before === undefined ? {} : { before }];
    })
    .reverse();
}

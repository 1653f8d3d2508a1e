import { fromPointer } from "./pointer.js";
import type { FlowState } from "./schema.js";

/**
 * A change of a flow, as data. Pointers are JSON pointers into the flow; the keys that stay keep their order.
 * A change whose place is gone changes nothing, so several fixes of one check may be applied one after the other.
 */
export type FlowChange =
  /** Sets a value; a new key goes to the end of its object. */
  | { readonly kind: "set"; readonly pointer: string; readonly value: string | number | boolean | null }
  /** Takes away a state, a field or an array element. */
  | { readonly kind: "remove"; readonly pointer: string }
  /** Adds a state behind `after`, or at the end. A name that is taken changes nothing. */
  | { readonly kind: "addState"; readonly name: string; readonly state: FlowState; readonly after?: string }
  /** Renames a state and every `next` that leads to it. A name that is taken changes nothing. */
  | { readonly kind: "renameState"; readonly from: string; readonly to: string };

/**
 * Applies changes in order. Pure: the flow given stays as it is, and parts that do not change are shared; where
 * nothing changes at all, the flow given is returned itself.
 */
export function applyChanges(flow: unknown, changes: readonly FlowChange[]): unknown {
  return changes.reduce(applyChange, flow);
}

/** Applies the fix of a finding to the flow it was found in. Pure. */
export function applyFix(flow: unknown, fix: { readonly changes: readonly FlowChange[] }): unknown {
  return applyChanges(flow, fix.changes);
}

function applyChange(flow: unknown, change: FlowChange): unknown {
  switch (change.kind) {
    case "set":
      return edit(flow, fromPointer(change.pointer), 0, () => change.value);
    case "remove":
      return edit(flow, fromPointer(change.pointer), 0, () => undefined);
    case "addState":
      return addState(flow, change.name, change.state, change.after);
    case "renameState":
      return renameState(flow, change.from, change.to);
  }
}

/** The value with `make` applied at the end of `path`; `undefined` removes. Only the last step may be new. */
function edit(value: unknown, path: readonly string[], at: number, make: () => unknown): unknown {
  if (at === path.length) return make();
  const step = path[at]!;
  const last = at === path.length - 1;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (!/^\d+$/.test(step) || index >= value.length) return value;
    const item: unknown = edit(value[index], path, at + 1, make);
    if (item === value[index]) return value;
    return item === undefined ? value.toSpliced(index, 1) : value.with(index, item);
  }
  if (!isObject(value)) return value;
  const has = Object.hasOwn(value, step);
  if (!has && !last) return value;
  const changed = edit(has ? value[step] : undefined, path, at + 1, make);
  if (changed === (has ? value[step] : undefined)) return value;
  const entries = Object.entries(value);
  if (changed === undefined) return Object.fromEntries(entries.filter(([key]) => key !== step));
  if (!has) return Object.fromEntries([...entries, [step, changed]]);
  return Object.fromEntries(entries.map(([key, old]) => [key, key === step ? changed : old]));
}

function addState(flow: unknown, name: string, state: FlowState, after: string | undefined): unknown {
  if (!isObject(flow) || Object.hasOwn(flow, name)) return flow;
  const entries: [string, unknown][] = Object.entries(flow);
  const place = after === undefined ? -1 : entries.findIndex(([key]) => key === after);
  entries.splice(place < 0 ? entries.length : place + 1, 0, [name, state]);
  return Object.fromEntries(entries);
}

function renameState(flow: unknown, from: string, to: string): unknown {
  if (!isObject(flow) || !Object.hasOwn(flow, from) || Object.hasOwn(flow, to)) return flow;
  const entries = Object.entries(flow).map(([name, state]): [string, unknown] => {
    const leads = isObject(state) && Object.hasOwn(state, "next") && state.next === from;
    return [name === from ? to : name, leads ? edit(state, ["next"], 0, () => to) : state];
  });
  return Object.fromEntries(entries);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

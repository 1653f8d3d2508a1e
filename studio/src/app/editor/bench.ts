import type { Point } from "@parley/shared/flow/layout";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { PortRef } from "../../document/commands/command.js";

/** A list to choose the next step from. */
export type Picker = {
  /** `add`: a new step, and existing ones to lead to. `connect`: existing ones only. `insert`: a new step on an edge. */
  readonly purpose: "add" | "connect" | "insert";
  /** Where it comes from: the port that will lead to it. Absent: it stands alone. */
  readonly from?: PortRef;
  /** Where on the canvas the new step goes; absent: where there is room. */
  readonly at?: Point;
  /** Where on the screen the list opens, in pixels; absent: in the middle. */
  readonly anchor?: Point;
};

/** A menu of what can be done with something, at a place of the screen. */
export type ContextMenu = {
  readonly anchor: Point;
  /** Where on the canvas, for what is pasted or added. */
  readonly at?: Point;
  readonly about: "steps" | "canvas" | { readonly edge: PortRef };
};

/** What is open around one flow: panels, lists, menus. Nothing of it is saved with the flow. */
export type Bench = {
  /** Which panels are open, by place. */
  readonly panels: Readonly<Record<"left" | "right" | "bottom" | "preview", string | undefined>>;
  /** On a narrow screen: the one thing that is shown, the canvas or a panel. */
  readonly tab: string;
  /** The way out that is in hand within the selected step; `connect` and `add` begin at it. */
  readonly port: PortRef | undefined;
  /** The connection that was clicked, named by where it begins. Then no step is selected. */
  readonly edge: PortRef | undefined;
  /** Steps that were made just now and not left yet: nothing is held against them. */
  readonly fresh: ReadonlySet<string>;
  readonly picker: Picker | undefined;
  readonly menu: ContextMenu | undefined;
  /** What lies over the editor: the list of commands, the keys. */
  readonly over: string | undefined;
  /** Whether the search is open. */
  readonly finding: boolean;
  /** What it has found, steps and notes by their key in a selection: the others step back. Absent: nothing is sought. */
  readonly found: ReadonlySet<string> | undefined;
};
export type BenchStore = StoreApi<Bench>;

export function createBench(panels: Bench["panels"]): BenchStore {
  return createStore<Bench>(() => ({
    panels,
    tab: "canvas",
    port: undefined,
    edge: undefined,
    fresh: new Set(),
    picker: undefined,
    menu: undefined,
    over: undefined,
    finding: false,
    found: undefined,
  }));
}

/** Opens a panel, and on a narrow screen turns to it. */
export function showPanel(bench: BenchStore, place: keyof Bench["panels"], id: string): void {
  bench.setState(({ panels }) => ({ panels: { ...panels, [place]: id }, tab: id }));
}

export function togglePanel(bench: BenchStore, place: keyof Bench["panels"], id: string): void {
  bench.setState(({ panels, tab }) => {
    const open = panels[place] === id;
    return { panels: { ...panels, [place]: open ? undefined : id }, tab: open ? tab : id };
  });
}

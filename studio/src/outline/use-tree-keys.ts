import type { KeyboardEvent } from "react";
import { actionFor, canRun } from "../app/editor/action.js";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { isMac } from "../app/editor/keys.js";
import { rowId } from "./OutlineRow.js";
import type { Row } from "./rows.js";
import { takeRow } from "./take-row.js";
import type { Outline } from "./use-outline.js";

/**
 * The keys of the tree: arrows walk and open, the others are those of the drawing. Lists and menus open beside the row.
 * @param move moves the step in hand in the file
 */
export function useTreeKeys(desk: Desk, outline: Outline, move: (id: "earlier" | "later") => void) {
  const { rows, places, current, chunks, toggle } = outline;
  const at = current === undefined ? -1 : (places.get(current.key) ?? -1);
  const isOpen = (row: Row): boolean | undefined =>
    chunks.flatMap((items) => items.filter((item) => item.row === row))[0]?.open;
  const go = (to: Row | undefined, grow = false) => to !== undefined && takeRow(desk, to, grow ? "grow" : "only");
  const start = (): Row | undefined => rows[places.get(desk.editor.getState().steps.start ?? "") ?? 0];
  const into = (row: Row) => {
    const open = isOpen(row);
    if (open === false) toggle(row.key);
    else if (open) go(rows[at + 1]);
  };
  const out = (row: Row) => {
    if (isOpen(row)) toggle(row.key);
    else if (row.parent !== undefined) go(rows[places.get(row.parent) ?? -1]);
  };
  /** Whether the key is one that walks. */
  const walk = (key: string, grow: boolean): boolean => {
    if (key === "Home") go(rows[0], grow);
    else if (key === "End") go(rows.at(-1), grow);
    else if (!key.startsWith("Arrow")) return false;
    else if (current === undefined) go(start());
    else if (key === "ArrowDown") go(rows[at + 1], grow);
    else if (key === "ArrowUp") go(rows[at - 1], grow);
    else if (key === "ArrowRight") into(current);
    else out(current);
    return true;
  };
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    const anchor = anchorOf(current, event.currentTarget);
    if (key === "ContextMenu" || (key === "F10" && shiftKey)) {
      event.preventDefault();
      desk.bench.setState({ menu: { anchor, about: current === undefined ? "canvas" : "steps" } });
      return;
    }
    if (altKey && !ctrlKey && !metaKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      return move(key === "ArrowUp" ? "earlier" : "later");
    }
    if (!altKey && !ctrlKey && !metaKey && walk(key, shiftKey)) return event.preventDefault();
    const action = actionFor(desk.actions, event.nativeEvent, isMac());
    if (action === undefined) return;
    event.preventDefault();
    if (!canRun(action, desk, isReadOnly(desk))) return;
    action.run(desk);
    besideRow(desk, anchor);
  };
}

/** A list that an action has opened opens here. */
export function besideRow({ bench }: Desk, anchor: { x: number; y: number }): void {
  bench.setState(({ picker }) => (picker === undefined ? {} : { picker: { ...picker, anchor } }));
}

/** Beside the row in hand, in pixels of the screen. */
function anchorOf(row: Row | undefined, tree: HTMLElement): { x: number; y: number } {
  const box = ((row && document.getElementById(rowId(row.key))) ?? tree).getBoundingClientRect();
  return { x: box.left + Math.min(box.width - 12, 240), y: box.top + Math.min(box.height, 44) / 2 };
}

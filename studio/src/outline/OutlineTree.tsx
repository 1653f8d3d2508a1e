import {
  type CSSProperties,
  type DragEvent,
  type MouseEvent,
  memo,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { STEPS_ATTRIBUTE } from "../app/editor/action.js";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { useClipboard } from "../canvas/use-clipboard.js";
import { CHUNK, type Item } from "./items.js";
import { OutlineRow, rowId } from "./OutlineRow.js";
import classes from "./OutlineTree.module.css";
import type { Order } from "./rows.js";
import { takeRow } from "./take-row.js";
import type { Outline } from "./use-outline.js";
import { useReorder } from "./use-reorder.js";
import { useRowDrop } from "./use-row-drop.js";
import { useTreeKeys } from "./use-tree-keys.js";

type TreeProps = {
  outline: Outline;
  order: Order;
  tree: RefObject<HTMLDivElement | null>;
  move: (id: "earlier" | "later") => void;
};

/** The steps as a tree: one tab stop, its focus kept by step. */
export function OutlineTree({ outline, order, tree, move }: TreeProps) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const selection = useEditor((state) => state.selection);
  const { rows, chunks, places, current, toggle } = outline;
  const onKeyDown = useTreeKeys(desk, outline, move);
  const reorder = useReorder(desk, outline, order === "file" && !readOnly);
  const drop = useRowDrop(desk, outline);
  const [lone] = useState(() => ({
    // Where there is a drawing, it has the clipboard.
    get current() {
      return desk.canvas.current === undefined ? tree.current : null;
    },
  }));
  useClipboard(desk, lone);
  useShown(outline, tree);
  useNextInHand(outline, tree);

  const rowUnder = (event: MouseEvent) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null;
    return rows[places.get(element?.dataset.row ?? "") ?? -1];
  };
  const onClick = (event: MouseEvent) => {
    const row = rowUnder(event);
    if (row === undefined) return;
    if (event.target instanceof Element && event.target.closest("[data-toggle]")) return toggle(row.key);
    takeRow(desk, row, event.ctrlKey || event.metaKey ? "also" : event.shiftKey ? "grow" : "only");
  };
  const onDoubleClick = (event: MouseEvent) => {
    const row = rowUnder(event);
    if (row === undefined || (event.target instanceof Element && event.target.closest("[data-toggle]"))) return;
    desk.actions.find(({ id }) => id === "edit-text")?.run(desk);
  };
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    const row = rowUnder(event);
    if (row !== undefined && (row.port !== undefined || !selection.includes(row.step))) takeRow(desk, row);
    tree.current?.focus({ preventScroll: true });
    const anchor = { x: event.clientX, y: event.clientY };
    desk.bench.setState({ menu: { anchor, about: row === undefined ? "canvas" : "steps" } });
  };
  const inChunk = selectedByChunk(selection, current?.key, places);
  return (
    <div
      {...{ [STEPS_ATTRIBUTE]: "" }}
      ref={tree}
      role="tree"
      aria-label="The steps of the conversation"
      aria-multiselectable
      aria-activedescendant={current && rowId(current.key)}
      tabIndex={0}
      className={classes.tree}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onContextMenu={onContextMenu}
      {...reorder.handlers}
      onDragOver={both(reorder.handlers.onDragOver, drop.handlers.onDragOver)}
      onDragLeave={drop.handlers.onDragLeave}
      onDrop={both(reorder.handlers.onDrop, drop.handlers.onDrop)}
    >
      {chunks.map((items, index) => (
        <Chunk
          // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is a stretch of the list and nothing else
          key={index}
          items={items}
          first={index < 2}
          selected={inChunk.get(index)}
          current={current !== undefined && places.get(current.key)! < (index + 1) * CHUNK ? current.key : undefined}
          draggable={order === "file" && !readOnly}
        />
      ))}
      {reorder.gap !== undefined && <div className={classes.gap} style={{ top: reorder.gap.top }} />}
      {drop.into !== undefined && <div className={classes.into} style={drop.into} />}
    </div>
  );
}

/** A row and what is new are dragged over the same places; each knows its own. */
const both = (first: (event: DragEvent) => void, second: (event: DragEvent) => void) => (event: DragEvent) => {
  first(event);
  second(event);
};

type ChunkProps = {
  items: readonly Item[];
  /** It is seen before anything is measured. */
  first: boolean;
  selected: ReadonlySet<string> | undefined;
  current: string | undefined;
  draggable: boolean;
};

/** A stretch of rows: what is on them is drawn when they come near. */
const Chunk = memo(function Chunk({ items, first, selected, current, draggable }: ChunkProps) {
  const chunk = useRef<HTMLDivElement>(null);
  const near = useNear(chunk, first);
  const ways = items.filter(({ port }) => port !== undefined).length;
  return (
    <div
      ref={chunk}
      role="none"
      className={classes.chunk}
      style={{ "--steps": items.length - ways, "--ways": ways } as CSSProperties}
    >
      {items.map((item) => (
        <OutlineRow
          key={item.row.key}
          item={item}
          selected={selected?.has(item.row.key) ?? false}
          current={item.row.key === current}
          near={near}
          draggable={draggable}
        />
      ))}
    </div>
  );
});

/** Whether an element is seen or soon will be. */
function useNear(element: RefObject<HTMLElement | null>, first: boolean): boolean {
  const [near, setNear] = useState(first);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const seen = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? true), {
      root: current.parentElement,
      rootMargin: "800px 0px",
    });
    seen.observe(current);
    return () => seen.disconnect();
  }, [element]);
  return near;
}

/** The keys of the selected rows, by chunk. */
function selectedByChunk(
  selection: readonly string[],
  current: string | undefined,
  places: ReadonlyMap<string, number>,
): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  for (const key of current === undefined ? selection : [...selection, current]) {
    const at = places.get(key);
    if (at === undefined) continue;
    const chunk = Math.floor(at / CHUNK);
    found.set(chunk, (found.get(chunk) ?? new Set()).add(key));
  }
  return found;
}

/** What is taken in hand, here or elsewhere, is brought into view. */
function useShown({ current, rows }: Outline, tree: RefObject<HTMLDivElement | null>): void {
  const key = current?.key;
  const seen = useRef<string>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row is in hand, or it stands elsewhere
  useEffect(() => {
    if (key === undefined || tree.current === null) return;
    document.getElementById(rowId(key))?.scrollIntoView({ block: seen.current === undefined ? "center" : "nearest" });
    seen.current = key;
  }, [key, rows, tree]);
}

/** Where what is in hand is deleted, the next row is taken, so that the keys go on from there. */
function useNextInHand({ current, rows, places }: Outline, tree: RefObject<HTMLDivElement | null>): void {
  const desk = useDesk();
  const before = useRef<{ key: string; at: number }>(undefined);
  useEffect(() => {
    const was = before.current;
    before.current = current && { key: current.key, at: places.get(current.key) ?? 0 };
    if (current !== undefined || was === undefined || places.has(was.key)) return;
    if (desk.editor.getState().selection.length > 0 || !tree.current?.contains(document.activeElement)) return;
    const next = rows[Math.min(was.at, rows.length - 1)];
    if (next !== undefined) takeRow(desk, next);
  }, [current, rows, places, desk, tree]);
}

import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useBench, useEditor } from "../app/editor/desk.js";
import { useMarks } from "../app/editor/use-marks.js";
import { chunksOf, type Item } from "./items.js";
import { type Order, openRows, outlineRows, type Row, rowKey, sameRows } from "./rows.js";

const NONE: ReadonlySet<string> = new Set();

export type Outline = {
  /** The rows that are shown. */
  readonly rows: readonly Row[];
  readonly chunks: readonly (readonly Item[])[];
  /** Where each row stands in `rows`, by key. */
  readonly places: ReadonlyMap<string, number>;
  /** The row in hand. */
  readonly current: Row | undefined;
  /** Opens or closes what follows a row. */
  readonly toggle: (key: string) => void;
  /** Whether nothing that could be closed is open. */
  readonly allClosed: boolean;
  readonly toggleAll: () => void;
};

/** In which order this person reads flows. */
export function useOrder(): [Order, (order: Order) => void] {
  const [order, setOrder] = useLocalStorage<Order>({
    key: "parley-studio-outline-order",
    defaultValue: "conversation",
    getInitialValueInEffect: false,
    deserialize: (text) => (text === '"file"' ? "file" : "conversation"),
  });
  return [order, setOrder];
}

/** The rows of the present draft; what did not change is the same object as before. */
export function useOutline(order: Order): Outline {
  const graph = useEditor((state) => state.steps);
  const marks = useMarks(graph);
  const found = useBench((bench) => bench.found);
  const [closed, setClosed] = useState(NONE);
  const rowsBefore = useRef<readonly Row[]>([]);
  const chunksBefore = useRef<(readonly Item[])[]>([]);

  // While only words change the edges are the same list, and so are the rows.
  const { edges, view, start } = graph;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that the rows are others
  const all = useMemo(() => {
    rowsBefore.current = sameRows(outlineRows(graph, order), rowsBefore.current);
    return rowsBefore.current;
  }, [edges, view, start, order]);
  const rows = useMemo(() => openRows(all, closed), [all, closed]);
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const chunks = useMemo(() => {
    chunksBefore.current = chunksOf(rows, { graph, marks, found, closed }, chunksBefore.current);
    return chunksBefore.current;
  }, [rows, graph, marks, found, closed]);

  const key = useCurrentKey(all);
  useOpenAbove(key, all, setClosed);
  const toggle = useCallback(
    (key: string) =>
      setClosed((closed) => {
        const next = new Set(closed);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  const opening = useMemo(() => all.filter(({ opens }) => opens).map(({ key }) => key), [all]);
  const allClosed = opening.length > 0 && opening.every((key) => closed.has(key));
  const toggleAll = () => setClosed(allClosed ? NONE : new Set(opening));
  const current = key === undefined ? undefined : rows[places.get(key) ?? -1];
  return { rows, chunks, places, current, toggle, allClosed, toggleAll };
}

/** The key of the row in hand: of the way out, if that is and has a row. */
function useCurrentKey(all: readonly Row[]): string | undefined {
  const step = useEditor(({ selection }) => selection.at(-1));
  const port = useBench((bench) => bench.port);
  const keys = useMemo(() => new Set(all.map(({ key }) => key)), [all]);
  if (step === undefined) return undefined;
  const way = port?.step === step ? rowKey(step, port.port) : undefined;
  if (way !== undefined && keys.has(way)) return way;
  return keys.has(step) ? step : undefined;
}

/** What is taken in hand elsewhere is never hidden below a closed row. */
function useOpenAbove(
  key: string | undefined,
  all: readonly Row[],
  setClosed: (change: (closed: ReadonlySet<string>) => ReadonlySet<string>) => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something is taken in hand, and not when it is closed
  useEffect(() => {
    if (key === undefined) return;
    const parents = new Map(all.map(({ key, parent }) => [key, parent]));
    const above = new Set<string>();
    for (let at = parents.get(key); at !== undefined; at = parents.get(at)) above.add(at);
    setClosed((closed) =>
      [...above].some((key) => closed.has(key)) ? new Set([...closed].filter((key) => !above.has(key))) : closed,
    );
  }, [key]);
}

import type { Layout, Point } from "@parley/shared/flow/layout";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { keysOf } from "../document/fields.js";
import type { StepGraph, View } from "../document/steps.js";
import { layoutTask } from "./layout-graph.js";
import { type Found, knownPlaces, placeRest, renames } from "./places.js";

export type Places = {
  readonly places: ReadonlyMap<string, Point>;
  /** Of those, what is not in the layout. */
  readonly found: () => Found;
  /** Nothing is drawn until the first layout is there. */
  readonly ready: boolean;
};

/** What places follow from: the steps, and that a layout has come or will not come. */
type From = {
  readonly graph: StepGraph;
  readonly layout: Layout;
  readonly turn: number;
  readonly failure: string | undefined;
};
type Placing = { readonly from: From; readonly places: ReadonlyMap<string, Point>; readonly ready: boolean };

/** Where every step is drawn. A view of which nothing has a place is laid out by itself, in a worker. */
export function usePlaces(graph: StepGraph): Places {
  const { editor } = useDesk();
  const layout = useEditor((state) => state.draft.layout);
  const kept = useRef<Record<View, Map<string, Point>>>({ steps: new Map(), states: new Map() });
  const [turn, setTurn] = useState(0);
  const [failure, setFailure] = useState<string>();

  useEffect(
    () =>
      editor.subscribe((now, before) => {
        if (now.draft.flow === before.draft.flow) return;
        for (const [old, name] of renames(keysOf(before.draft.flow), keysOf(now.draft.flow))) {
          for (const found of Object.values(kept.current)) {
            const place = found.get(old);
            if (place !== undefined) found.set(name, place);
          }
        }
      }),
    [editor],
  );

  const last = useRef<Placing>(undefined);
  const { places, ready } = useMemo(() => {
    const from = { graph, layout, turn, failure };
    // While somebody types or connects, everything stays where it is.
    if (last.current === undefined || !samePlaces(last.current.from, from))
      last.current = { from, ...placeAll(from, kept.current[graph.view]) };
    return last.current;
  }, [graph, layout, turn, failure]);

  useEffect(() => {
    if (ready) return;
    let over = false;
    const task = layoutTask(graph);
    import("./lay-out.js")
      .then(({ layOut }) => layOut(task))
      .then(
        (laidOut) => {
          if (over) return;
          kept.current[graph.view] = laidOut;
          setTurn((turn) => turn + 1);
        },
        (error: unknown) => {
          // Offline, say, before the layout was ever loaded: the steps stand in a column.
          if (!over) setFailure(String(error));
        },
      );
    return () => {
      over = true;
    };
  }, [ready, graph]);

  const found = useRef(() => kept.current[editor.getState().view] as Found);
  return { places, found: found.current, ready };
}

/** @param found is filled up with the places of steps that have none */
function placeAll({ graph, layout, failure }: From, found: Map<string, Point>): Omit<Placing, "from"> {
  const places = knownPlaces(graph, layout, found);
  const ready = places.size > 0 || graph.steps.length <= 1 || failure !== undefined;
  if (ready) for (const [id, place] of placeRest(graph, places)) found.set(id, place);
  return { places, ready };
}

function samePlaces(a: From, b: From): boolean {
  if (a.layout !== b.layout || a.turn !== b.turn || a.failure !== b.failure || a.graph.view !== b.graph.view)
    return false;
  const [before, now] = [a.graph.steps, b.graph.steps];
  return (
    before.length === now.length &&
    before.every(({ id, kind }, index) => id === now[index]!.id && kind === now[index]!.kind)
  );
}

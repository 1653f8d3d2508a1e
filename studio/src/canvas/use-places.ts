import type { Point } from "@parley/shared/flow/layout";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDesk, useEditor } from "../app/editor/desk.js";
import type { View } from "../document/steps.js";
import { layoutTask } from "./layout-graph.js";
import { type Found, knownPlaces, placeRest, renames } from "./places.js";

export type Places = {
  readonly places: ReadonlyMap<string, Point>;
  /** Of those, what is not in the layout. */
  readonly found: () => Found;
  /** Nothing is drawn until the first layout is there. */
  readonly ready: boolean;
};

/** Where every step is drawn. A view of which nothing has a place is laid out by itself, in a worker. */
export function usePlaces(): Places {
  const { editor } = useDesk();
  const graph = useEditor((state) => state.steps);
  const layout = useEditor((state) => state.draft.layout);
  const kept = useRef<Record<View, Map<string, Point>>>({ steps: new Map(), states: new Map() });
  const [turn, setTurn] = useState(0);
  const [failure, setFailure] = useState<string>();

  useEffect(
    () =>
      editor.subscribe((now, before) => {
        if (now.draft.flow === before.draft.flow) return;
        for (const [old, name] of renames(Object.keys(before.draft.flow), Object.keys(now.draft.flow))) {
          for (const found of Object.values(kept.current)) {
            const place = found.get(old);
            if (place !== undefined) found.set(name, place);
          }
        }
      }),
    [editor],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that a layout has come
  const { places, ready } = useMemo(() => {
    const found = kept.current[graph.view];
    const places = knownPlaces(graph, layout, found);
    if (places.size === 0 && graph.steps.length > 1 && failure === undefined) return { places, ready: false };
    for (const [id, place] of placeRest(graph, places)) found.set(id, place);
    return { places, ready: true };
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

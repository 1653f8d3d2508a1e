import { useEffect, useRef, useState } from "react";
import { createBench } from "../app/editor/bench.js";
import { type CanvasHandle, type Desk, useDesk } from "../app/editor/desk.js";
import { layoutTask } from "../canvas/layout-graph.js";
import type { Draft, FlowJson } from "../document/draft.js";
import { readSteps } from "../document/steps.js";
import { createEditor } from "../editor/store.js";

const NO_PANELS = { left: undefined, right: undefined, bottom: undefined, preview: undefined };
const NOTHING: Draft = { flow: {}, layout: {}, settings: {} };

/** A flow with its steps laid out. */
export async function laidOut(flow: FlowJson): Promise<Draft> {
  const { layOut } = await import("../canvas/lay-out.js");
  const positions = Object.fromEntries(await layOut(layoutTask(readSteps({ ...NOTHING, flow }))));
  return { ...NOTHING, flow, layout: { positions } };
}

/**
 * A desk of the flow that a script is: it has a drawing, tidied up whenever the script is another, and takes no change.
 * @param written the state that is being written, which is seen; undefined: the beginning is. It stays the same function
 */
export function useScriptDesk(flow: FlowJson, written: () => string | undefined): Desk | undefined {
  const present = useDesk();
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const { flowId, now, newId } = present.editor.getState();
    const editor = createEditor({
      flowId,
      draft: NOTHING,
      etag: "",
      save: async () => ({ kind: "saved", etag: "" }),
      now,
      ids: newId,
      published: new Set(),
      timer: () => () => {},
    });
    const canvas: { current: CanvasHandle | undefined } = { current: undefined };
    setDesk({ ...present, editor, canvas, bench: createBench(NO_PANELS), mayWrite: false, look: true });
    return () => editor.getState().dispose();
  }, [present]);
  const shown = useRef<FlowJson>(NOTHING.flow);
  useEffect(() => {
    if (desk === undefined || shown.current === flow) return;
    let over = false;
    // Without the layout (offline, say) the steps stand where the canvas puts them.
    void laidOut(flow)
      .catch(() => ({ ...NOTHING, flow }))
      .then((draft) => {
        if (over) return;
        shown.current = flow;
        desk.editor.getState().replace(draft, "Write");
        const { steps, stepOf } = desk.editor.getState().steps;
        const step = stepOf.get(written() ?? "");
        requestAnimationFrame(() =>
          desk.canvas.current?.show(
            steps.map(({ id }) => id),
            step,
          ),
        );
      });
    return () => {
      over = true;
    };
  }, [desk, flow, written]);
  return desk;
}

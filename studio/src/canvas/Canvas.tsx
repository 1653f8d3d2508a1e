import "@xyflow/react/dist/base.css";
import { Loader } from "@mantine/core";
import { ReactFlowProvider } from "@xyflow/react";
import { useEditor } from "../app/editor/desk.js";
import classes from "./Canvas.module.css";
import { CanvasView } from "./CanvasView.js";
import { EmptyCanvas } from "./EmptyCanvas.js";
import { usePlaces } from "./use-places.js";

/** The drawing of a flow. It stays there while a view is laid out, so that the focus does too. */
export function Canvas() {
  const graph = useEditor(({ steps }) => steps);
  const places = usePlaces(graph);
  const empty = graph.steps.length === 0;
  return (
    <ReactFlowProvider>
      <CanvasView graph={graph} places={places} />
      {empty && <EmptyCanvas />}
      {!places.ready && (
        <div className={classes.wait}>
          <Loader role="status" aria-label="Laying out" />
        </div>
      )}
    </ReactFlowProvider>
  );
}

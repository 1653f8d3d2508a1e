import "@xyflow/react/dist/base.css";
import { Loader } from "@mantine/core";
import { ReactFlowProvider } from "@xyflow/react";
import classes from "./Canvas.module.css";
import { CanvasView } from "./CanvasView.js";
import { usePlaces } from "./use-places.js";

/** The drawing of a flow. It stays there while a view is laid out, so that the focus does too. */
export function Canvas() {
  const places = usePlaces();
  return (
    <ReactFlowProvider>
      <CanvasView places={places} />
      {!places.ready && (
        <div className={classes.wait}>
          <Loader aria-label="Laying out" />
        </div>
      )}
    </ReactFlowProvider>
  );
}

import type { EdgeProps } from "@xyflow/react";
import { memo, useState } from "react";
import { useCanvas } from "../canvas-context.js";
import { edgePath } from "../curve.js";
import type { CanvasEdge } from "../project.js";
import { useFar } from "../use-far.js";
import { useOnPath } from "../use-paint.js";
import classes from "./WayEdge.module.css";

/** How wide the band is that the pointer meets, in pixels. */
const BAND = 22;
const MAX_LABEL = 28;
/** All edges come in from the left. A head of its own costs a fraction of a marker, which is drawn as a picture. */
const HEAD = "M-8.8,-4.4L0,0L-8.8,4.4z";

/** A way from one step to the next. Under the pointer it says what it is called, and takes a step in its middle. */
export const WayEdge = memo(function WayEdge(props: EdgeProps<CanvasEdge>) {
  const { data, selected, sourceX, sourceY, targetX, targetY } = props;
  const [near, setNear] = useState(false);
  const far = useFar();
  const onPath = useOnPath(data?.edge?.id);
  const { path, middle } = edgePath({
    from: { x: sourceX, y: sourceY },
    to: { x: targetX, y: targetY },
    fromDepth: data?.fromDepth ?? 0,
    toDepth: data?.toDepth ?? 0,
  });
  const kind = data?.edge === undefined ? "start" : data.edge.kind;
  return (
    <g
      className={classes.way}
      data-kind={kind}
      data-selected={selected || undefined}
      data-near={near || undefined}
      data-path={onPath || undefined}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
    >
      <path d={path} className={classes.band} strokeWidth={BAND} />
      <path d={path} className={classes.line} />
      {!far && <path d={HEAD} className={classes.head} transform={`translate(${targetX},${targetY})`} />}
      {(near || selected) && kind === "next" && !far && (
        <Middle edge={data!} x={middle.x} y={middle.y} cut={selected} />
      )}
    </g>
  );
});

type MiddleProps = { edge: NonNullable<CanvasEdge["data"]>; x: number; y: number; cut: boolean | undefined };

function Middle({ edge: { edge, label }, x, y, cut: shown }: MiddleProps) {
  const { insert, cut, readOnly } = useCanvas();
  if (edge === undefined) return null;
  const words = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label;
  return (
    <g transform={`translate(${x},${y})`}>
      {words !== "" && (
        <text className={classes.label} y={-20} textAnchor="middle">
          {words}
        </text>
      )}
      {!readOnly() && (
        <>
          <Button
            x={shown ? -16 : 0}
            title="Insert a step here"
            onClick={(event) => insert(edge.from, edge.port, event)}
          >
            <path d="M-5,0H5M0,-5V5" />
          </Button>
          {shown && (
            <Button x={16} title="Remove this connection" onClick={() => cut(edge.from, edge.port)}>
              <path d="M-4,-4L4,4M4,-4L-4,4" />
            </Button>
          )}
        </>
      )}
    </g>
  );
}

type ButtonProps = {
  x: number;
  title: string;
  onClick: (event: React.MouseEvent) => void;
  children: React.ReactNode;
};

function Button({ x, title, onClick, children }: ButtonProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: an action of the edge, by keys `I` and Delete
    <g
      className={classes.button}
      transform={`translate(${x},0)`}
      onClick={(event) => {
        event.stopPropagation();
        onClick(event);
      }}
    >
      <title>{title}</title>
      <circle r={13} />
      {children}
    </g>
  );
}

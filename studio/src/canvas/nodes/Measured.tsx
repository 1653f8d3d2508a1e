import { useNodeId } from "@xyflow/react";

/** Far away nothing is connected by hand: a handle is then only a place that React Flow measures. */
export function Measured({ type, id, y, className }: MeasuredProps) {
  const node = useNodeId();
  return (
    <div
      className={`react-flow__handle react-flow__handle-${type === "source" ? "right" : "left"} ${type} ${className ?? ""}`}
      data-handleid={id}
      data-nodeid={node}
      data-handlepos={type === "source" ? "right" : "left"}
      style={{ top: y }}
    />
  );
}
type MeasuredProps = { type: "source" | "target"; id: string; y: number; className?: string | undefined };

import { Handle, Position } from "@xyflow/react";
import { useDesk } from "../../app/editor/desk.js";
import { handleId } from "../node-ids.js";
import { Measured } from "./Measured.js";

type ExitProps = { port: string; y: number; far: boolean; implied?: boolean };

/**
 * The dot where a way out begins: an edge is drawn from it, where something can be changed. `implied`: only what the file
 * implies begins here.
 */
export function Exit({ port, y, far, implied = false }: ExitProps) {
  const { mayWrite } = useDesk();
  if (far || !mayWrite) return <Measured type="source" id={handleId(port)} y={y} />;
  // Without `isConnectable` of its own it follows the canvas.
  const fixed = implied ? { isConnectable: false } : {};
  return <Handle type="source" position={Position.Right} id={handleId(port)} {...fixed} style={{ top: y }} />;
}
